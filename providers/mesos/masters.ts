import { Agent as HttpsAgent } from "node:https";
import axios, { type AxiosInstance, isAxiosError } from "axios";
import type { z } from "zod";
import type { Deadline } from "../runtime/deadline";
import { redact } from "../runtime/redact";
import { type Roles, rolesSchema, type State, type Summary, stateSchema, summarySchema } from "./api";
import { MesosError } from "./error";
import type { MesosSettings } from "./location";
import { type Elsewhere, foreign, leaderless, redirectOf, refusal, silence } from "./master-answer";

const REQUEST_TIMEOUT = 10_000;

/** Who is asked: a master of the settings, or the leader that one of them named. */
interface Target {
  readonly base: string;
  readonly setting: string;
  readonly trusted: boolean;
}

type Answer<T> = { readonly body: T } | Elsewhere | MesosError;

/**
 * The Mesos masters of a location, of which the leading one is asked. Credentials go to masters of the settings alone: a leader that
 * one of them names is asked without. Every failure is a `MesosError`.
 */
export class MesosMasters {
  /** What masters failed at that were asked before the one that answered last. */
  failures: readonly MesosError[] = [];
  readonly #targets: readonly Target[];
  readonly #http: AxiosInstance;
  readonly #credentials: { headers?: Record<string, string>; auth?: { username: string; password: string } };
  readonly #secrets: readonly string[];

  constructor({ masters, masterAuth, ca }: MesosSettings) {
    this.#targets = masters.map((url, index) => ({
      base: url.replace(/\/+$/, ""),
      setting: `masters[${index}]`,
      trusted: true,
    }));
    this.#credentials =
      masterAuth === undefined
        ? {}
        : masterAuth.type === "basic"
          ? { auth: { username: masterAuth.username, password: masterAuth.password } }
          : { headers: { Authorization: `token=${masterAuth.token}` } };
    this.#secrets =
      masterAuth === undefined ? [] : [masterAuth.type === "basic" ? masterAuth.password : masterAuth.token];
    this.#http = axios.create({
      timeout: REQUEST_TIMEOUT,
      maxRedirects: 0,
      validateStatus: () => true,
      headers: { Accept: "application/json" },
      ...(ca !== undefined && { httpsAgent: new HttpsAgent({ ca }) }),
    });
  }

  /** Frameworks and agents. A standby before Mesos 1.0 may give an empty list of its own. */
  summary(deadline: Deadline): Promise<Summary> {
    return this.#ofLeader("/master/state-summary", summarySchema, deadline);
  }

  /** The whole state, as the leading master has it. */
  state(deadline: Deadline): Promise<State> {
    return this.#ofLeader("/master/state", stateSchema, deadline, leaderElsewhere);
  }

  async roles(deadline: Deadline): Promise<Roles> {
    return (await this.#ofLeader("/master/roles", rolesSchema, deadline)).roles;
  }

  async #ofLeader<T>(
    path: string,
    schema: z.ZodType<T>,
    deadline: Deadline,
    elsewhere: (body: T) => Elsewhere | undefined = () => undefined,
  ): Promise<T> {
    const failures: MesosError[] = [];
    const leaders = new Set<string>();
    for (const target of this.#targets) {
      const answer = await this.#ask(target, path, schema, deadline);
      const other = "body" in answer ? elsewhere(answer.body) : answer instanceof MesosError ? undefined : answer;
      if (answer instanceof MesosError) failures.push(answer);
      else if (other?.leader !== undefined) leaders.add(other.leader);
      else if (other !== undefined) failures.push(leaderless(target));
      else if ("body" in answer) return this.#settle(answer.body, failures);
    }
    for (const leader of leaders) {
      const unlisted = this.#unlisted(leader);
      if (unlisted === undefined) continue;
      const answer = unlisted instanceof MesosError ? unlisted : await this.#ask(unlisted, path, schema, deadline);
      if (answer instanceof MesosError) failures.push(answer);
      else if ("body" in answer && elsewhere(answer.body) === undefined) return this.#settle(answer.body, failures);
    }
    throw failures.length === 0 ? moving(this.#targets) : summed(failures);
  }

  #settle<T>(body: T, failures: readonly MesosError[]): T {
    this.failures = failures;
    return body;
  }

  /** A leader by another address than the settings have: they may name the same master differently, which was asked then. */
  #unlisted(leader: string): Target | MesosError | undefined {
    const [first] = this.#targets;
    if (first === undefined || this.#targets.some(({ base }) => new URL(base).host === leader)) return undefined;
    if (this.#secrets.length > 0) {
      return new MesosError({
        kind: "unlisted-mesos-leader",
        problem: `the Mesos masters name ${leader} as their leader, which is none of masters and gets no credentials`,
        remedy: "list the URL of every master under masters",
        setting: "masters",
        transient: true,
      });
    }
    return { base: `${new URL(first.base).protocol}//${leader}`, setting: "masters", trusted: false };
  }

  async #ask<T>(target: Target, path: string, schema: z.ZodType<T>, deadline: Deadline): Promise<Answer<T>> {
    const asked = { ...target, authenticated: this.#secrets.length > 0 && target.trusted };
    try {
      const response = await this.#http.get<unknown>(`${target.base}${path}`, {
        ...(target.trusted && this.#credentials),
        signal: deadline.signal,
      });
      const leader = redirectOf(response, target.base);
      if (leader !== undefined) return { leader };
      if (response.status !== 200) return refusal(response, asked, (text) => redact(text, this.#secrets));
      const read = schema.safeParse(response.data);
      return read.success ? { body: read.data } : foreign(asked);
    } catch (error) {
      if (!isAxiosError(error)) throw error;
      return silence(error, asked);
    }
  }
}

/** Before Mesos 1.0 a standby answers with its own state. */
function leaderElsewhere({ pid, leader }: State): Elsewhere | undefined {
  return leader === pid ? undefined : { leader: leader?.replace(/^.*@/, "") };
}

function moving(targets: readonly Target[]): MesosError {
  return new MesosError({
    kind: "no-mesos-leader",
    problem: `none of the Mesos masters leads: ${targets.map(({ base }) => base).join(", ")}`,
    remedy: "list the URL of every master under masters, and see that they run",
    setting: "masters",
    transient: true,
  });
}

/** What concerns all masters weighs more than that one of them is down. */
const WEIGHT = ["refused-by-mesos", "untrusted-mesos", "unlisted-mesos-leader", "not-mesos-master", "no-mesos-leader"];

function summed(failures: readonly MesosError[]): MesosError {
  const rank = ({ kind }: MesosError) => (WEIGHT.includes(kind) ? WEIGHT.indexOf(kind) : WEIGHT.length);
  const [first, ...others] = [...failures].sort((a, b) => rank(a) - rank(b));
  if (first === undefined || others.length === 0) return first ?? moving([]);
  const { kind, remedy, setting } = first;
  return new MesosError({
    kind,
    remedy,
    setting,
    problem: [first, ...others].map(({ problem }) => problem).join("; "),
    transient: kind !== "refused-by-mesos" && failures.some((failure) => failure.transient),
  });
}
