import { type Answer, parseAnswers, questionOf, type ResourceRecord } from "./answers";
import { DnsError, refusal, unreachable } from "./dns-error";
import { canonicalName } from "./names";
import type { NameServerSettings } from "./network-settings";
import { runProgram } from "./programs";

const QUERY_SECONDS = 3;
const QUERY_TRIES = 3;
const UPDATE_SECONDS = 20;

export interface Question {
  readonly name: string;
  readonly type: string;
}

/**
 * A name server, asked by dig and changed by nsupdate: no library on npm does RFC 2136 with TSIG, so BIND's own programs come before
 * an encoder of our own. Queries are signed too, so that a server with views shows the one that is changed.
 */
export class NameServer {
  /** `address#port`, as BIND writes it. */
  readonly label: string;
  readonly key: string;
  readonly #settings: NameServerSettings;

  constructor(settings: NameServerSettings) {
    this.#settings = settings;
    this.label = `${settings.server}#${settings.port}`;
    this.key = settings.tsig.name;
  }

  /**
   * The answers of this server alone, in the order of the questions.
   * @throws DnsError if one has no answer, or the key is refused. Other codes are in the answers.
   */
  async ask(questions: readonly Question[]): Promise<readonly Answer[]> {
    const { server, port, tsig } = this.#settings;
    const wanted = questions.map(({ name, type }) => questionOf(name, type));
    const doing = `ask for ${wanted[0]}`;
    const flags = ["norecurse", "noall", "comments", "question", "answer", "authority", "additional"];
    const args = [`@${server}`, "-p", `${port}`, ...flags.map((flag) => `+${flag}`)];
    const limits = [`+time=${QUERY_SECONDS}`, `+tries=${QUERY_TRIES}`];
    const input = questions.map(({ name, type }) => `${canonicalName(name)}. ${type}\n`).join("");
    const { stdout, stderr } = await runProgram("dig", [...args, ...limits, "-f", "-"], tsig, input);
    const failed = /\sTSIG\s.*\s(BADKEY|BADSIG|BADTIME|BADTRUNC)\s/.exec(stdout)?.[1];
    if (failed !== undefined) throw refusal(failed, doing, this.label, this.key);
    if (/Couldn't verify signature/.test(stdout)) {
      throw new DnsError(
        "OTHER",
        `cannot ${doing}: the answer of name server ${this.label} is not signed by "${this.key}"`,
      );
    }
    const answers = new Map(parseAnswers(stdout).map((answer) => [answer.question, answer]));
    return wanted.map((question) => {
      const answer = answers.get(question);
      if (!answer) throw unreachable(`ask for ${question}`, this.label, reasonIn(`${stdout}\n${stderr}`));
      return answer;
    });
  }

  /**
   * What this server holds under a name: records of that type, or the CNAME in their place; with `ANY` all of them.
   * @throws DnsError if it is not authoritative for the name.
   */
  async recordsOf(question: Question): Promise<readonly ResourceRecord[]> {
    const name = canonicalName(question.name);
    const [answer] = await this.ask([question]);
    const known = answer?.authoritative && ["NOERROR", "NXDOMAIN"].includes(answer.status);
    if (!answer || !known) throw notServed(name, this.label, answer?.status);
    return answer.records.filter((record) => record.name === name);
  }

  /**
   * The zone of each name that this server is authoritative for, found by SOA queries; undefined where it is not.
   * @throws DnsError if the server fails or does not answer.
   */
  async zonesOf(names: readonly string[]): Promise<ReadonlyMap<string, string | undefined>> {
    const zones = new Map<string, string | undefined>();
    /** What is asked for, and the names that wait for it. */
    let open = new Map<string, string[]>();
    for (const name of names) push(open, canonicalName(name), name);
    while (open.size > 0) {
      const answers = await this.ask([...open.keys()].map((name) => ({ name, type: "SOA" })));
      const next = new Map<string, string[]>();
      for (const [index, [asked, waiting]] of [...open].entries()) {
        const answer = answers[index];
        if (answer?.status === "SERVFAIL") throw refusal("SERVFAIL", `ask for ${asked} SOA`, this.label, this.key);
        const zone = zoneIn(asked, answer);
        const parent = asked.slice(asked.indexOf(".") + 1);
        // At an alias the answer tells of its target, so that its parent has to be asked.
        const alias = answer?.records.some(({ name, type }) => name === asked && type === "CNAME");
        for (const name of waiting) {
          if (zone === undefined && alias && asked.includes(".")) push(next, parent, name);
          else zones.set(name, zone);
        }
      }
      open = next;
    }
    return zones;
  }

  /** @throws DnsError if the program that writes is not installed. */
  async checkUpdates(): Promise<void> {
    await runProgram("nsupdate", ["-V"], this.#settings.tsig, "");
  }

  /** @throws DnsError that names what is not served. */
  async zoneOf(name: string): Promise<string> {
    const zone = (await this.zonesOf([name])).get(name);
    if (zone === undefined) throw notServed(canonicalName(name), this.label);
    return zone;
  }

  /**
   * Sends one atomic update: every prerequisite holds and all is done, or nothing is.
   * @param lines Lines of nsupdate: `prereq …` and `update …`.
   * @throws DnsError; after one that is `ambiguous` the server may have done it.
   */
  async update(zone: string, lines: readonly string[], doing: string): Promise<void> {
    const { server, port, tsig } = this.#settings;
    const script = [`server ${server} ${port}`, `zone ${zone}.`, ...lines, "send", ""].join("\n");
    const { code, stderr } = await runProgram("nsupdate", ["-v", "-t", `${UPDATE_SECONDS}`], tsig, script);
    if (code === 0) return;
    const answered = /update failed: (\w+)(?:\((\w+)\))?/.exec(stderr);
    if (answered) throw refusal(answered[2] ?? answered[1] ?? "", doing, this.label, this.key);
    if (code === undefined || /Communication with|could not (reach|talk)|timed out/.test(stderr)) {
      throw unreachable(doing, this.label, reasonIn(stderr), true);
    }
    throw new DnsError("OTHER", `cannot ${doing}: nsupdate ended with code ${code}: ${stderr.trim()}`);
  }
}

function notServed(name: string, server: string, status?: string): DnsError {
  const answered = status === undefined ? "" : ` (it answered ${status})`;
  return new DnsError(
    "NOTAUTH",
    `name server ${server} serves no zone that holds ${name}${answered}; add that zone to it, or choose another dns.server or dns.domain`,
  );
}

function zoneIn(asked: string, answer: Answer | undefined): string | undefined {
  if (!answer?.authoritative) return undefined;
  const found = [...answer.records, ...answer.authority].find(
    ({ name, type }) => type === "SOA" && (asked === name || name === "" || asked.endsWith(`.${name}`)),
  );
  return found?.name;
}

function push(map: Map<string, string[]>, key: string, name: string): void {
  map.set(key, [...(map.get(key) ?? []), name]);
}

function reasonIn(output: string): string {
  const found = /communications error to \S+: (.+)|Communication with \S+ failed: (.+)/.exec(output);
  return (found?.[1] ?? found?.[2] ?? "no answer in time").replace("operation canceled", "connection failed");
}
