import type { AxiosError, AxiosResponse } from "axios";
import { isUntrusted } from "../marathon/explain";
import { MesosError } from "./error";

/** A master that answered, but does not lead: who does, as `host:port` where it says so. */
export interface Elsewhere {
  readonly leader: string | undefined;
}

interface Asked {
  /** Base URL of the master, without credentials. */
  readonly base: string;
  /** Path of the setting that holds it. */
  readonly setting: string;
  /** Whether credentials were sent. */
  readonly authenticated: boolean;
}

const NOT_A_MASTER = "write the base URL of a Mesos master, with the path of the proxy if there is one";

/** The host that a redirect of a master leads to; undefined for what does not come from a master that knows its leader. */
export function redirectOf({ status, headers }: AxiosResponse, base: string): string | undefined {
  const location = String(headers["location"] ?? "");
  if (status !== 307 || !URL.canParse(location, base)) return undefined;
  return new URL(location, base).host;
}

/** What an answer other than 200 means. */
export function refusal({ status, headers }: AxiosResponse, asked: Asked, clean: (text: string) => string): MesosError {
  const { base, setting, authenticated } = asked;
  if (status === 401) {
    return new MesosError({
      kind: "refused-by-mesos",
      problem: `the Mesos master at ${base} ${authenticated ? "does not accept the credentials" : "asks for credentials"}`,
      remedy: authenticated ? "correct masterAuth" : "set masterAuth",
      setting: "masterAuth",
    });
  }
  if (status === 403) {
    return new MesosError({
      kind: "refused-by-mesos",
      problem: `the Mesos master at ${base} does not let these credentials see its state`,
      remedy: "let the account of masterAuth view frameworks and agents",
      setting: "masterAuth",
    });
  }
  if (status === 503) {
    return leaderless(asked);
  }
  if (status >= 500) {
    return new MesosError({
      kind: "unreachable-mesos",
      problem: `${base} answered ${status} where a Mesos master has its state`,
      remedy: "see that it is a Mesos master, and look into its log and that of a proxy before it",
      setting,
      transient: true,
    });
  }
  const to = clean(String(headers["location"] ?? "another address"));
  return new MesosError({
    kind: "not-mesos-master",
    problem:
      status >= 300 && status < 400
        ? `${base} redirects to ${to}`
        : `${base} is no Mesos master: it answered ${status}`,
    remedy: NOT_A_MASTER,
    setting,
  });
}

/** An answer that holds no state of a master. */
export function foreign({ base, setting }: Asked): MesosError {
  return new MesosError({
    kind: "not-mesos-master",
    problem: `${base} answers, but not as a Mesos master does`,
    remedy: NOT_A_MASTER,
    setting,
  });
}

/** No answer at all. */
export function silence(error: AxiosError, { base, setting }: Asked): MesosError {
  const code = error.code ?? "";
  return isUntrusted(code)
    ? new MesosError({
        kind: "untrusted-mesos",
        problem: `the certificate of the Mesos master at ${base} is not trusted (${code})`,
        remedy: "write the PEM of its authority as ca of this location",
        setting: "ca",
      })
    : new MesosError({
        kind: "unreachable-mesos",
        problem: `the Mesos master at ${base} cannot be reached (${code || error.message})`,
        remedy: "check its URL and that it runs",
        setting,
        transient: true,
      });
}

/** A master that waits for an election. */
export function leaderless({ base, setting }: Pick<Asked, "base" | "setting">): MesosError {
  return new MesosError({
    kind: "no-mesos-leader",
    problem: `the Mesos master at ${base} knows no leader at present`,
    remedy: "see whether a quorum of the masters and ZooKeeper run",
    setting,
    transient: true,
  });
}
