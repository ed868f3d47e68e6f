import type { Run } from "./command";
import type { Endpoint, EndpointPort } from "./endpoints";

/** What a rule does: the host's port goes to the endpoint. */
interface Rule {
  readonly endpointId: string;
  readonly protocol: string;
  /** Undefined for every address of the host. */
  readonly hostIP: string | undefined;
  readonly hostPort: string;
  /** `address:port` */
  readonly to: string;
}

const CHAIN = "CLOCKER-CALICO";
const LOCAL = ["-m", "addrtype", "--dst-type", "LOCAL"];
/** From others, and from this host to its own addresses; from loopback an answer would not find back. */
const HOOKS = [
  ["PREROUTING", ...LOCAL, "-j", CHAIN],
  ["OUTPUT", "!", "-d", "127.0.0.0/8", ...LOCAL, "-j", CHAIN],
];

/**
 * Published ports: a DNAT each, in a chain of its own. The client's address stays what it is, so the policy of the container
 * decides who gets through.
 */
export class PublishedPorts {
  readonly #run: Run;
  readonly #program: string;
  #last: Promise<unknown> = Promise.resolve();

  constructor(run: Run, program: string) {
    this.#run = run;
    this.#program = program;
  }

  /** @throws Error if another endpoint has the same port of the host. */
  publish(endpoint: Endpoint): Promise<void> {
    return this.#inTurn(async () => {
      const present = (await this.#rules()) ?? [];
      const wanted = rulesOf(endpoint).filter((rule) => !present.some((other) => sameRule(rule, other)));
      for (const rule of wanted) {
        const taken = present.find((other) => other.endpointId !== rule.endpointId && collide(rule, other));
        if (taken) {
          throw new Error(
            `port ${rule.hostPort}/${rule.protocol} of this host is published by endpoint ${taken.endpointId.slice(0, 12)} (${taken.to}) already: choose another host port, or stop that container`,
          );
        }
      }
      await this.#add(wanted);
    });
  }

  unpublish(endpointId: string): Promise<void> {
    return this.#inTurn(async () => {
      const present = (await this.#rules()) ?? [];
      await this.#remove(present.filter((rule) => rule.endpointId === endpointId));
    });
  }

  /** Makes the rules be those of these endpoints; tells how many were added and removed. */
  reconcile(endpoints: readonly Endpoint[]): Promise<{ added: number; removed: number }> {
    return this.#inTurn(async () => {
      const present = (await this.#rules()) ?? [];
      const wanted = endpoints.flatMap(rulesOf);
      const missing = wanted.filter((rule) => !present.some((other) => sameRule(rule, other)));
      const extra = present.filter(
        (rule, index) =>
          !wanted.some((other) => sameRule(rule, other)) || present.findIndex((other) => sameRule(rule, other)) < index,
      );
      if (wanted.length > 0) await this.#hook();
      await this.#add(missing);
      await this.#remove(extra);
      return { added: missing.length, removed: extra.length };
    });
  }

  async #add(rules: readonly Rule[]): Promise<void> {
    if (rules.length === 0) return;
    await this.#hook();
    for (const rule of rules) await this.#nat("-A", ...specification(rule));
  }

  async #hook(): Promise<void> {
    if ((await this.#rules()) === undefined) await this.#nat("-N", CHAIN);
    for (const [chain = "", ...match] of HOOKS) {
      await this.#nat("-C", chain, ...match).catch(() => this.#nat("-A", chain, ...match));
    }
  }

  /** With the last rule go chain and hooks. */
  async #remove(rules: readonly Rule[]): Promise<void> {
    for (const rule of rules) await this.#nat("-D", ...specification(rule));
    if ((await this.#rules())?.length !== 0) return;
    for (const [chain = "", ...match] of HOOKS) await this.#nat("-D", chain, ...match).catch(() => undefined);
    await this.#nat("-X", CHAIN);
  }

  /** Undefined if there is no chain. */
  async #rules(): Promise<Rule[] | undefined> {
    const all = await this.#nat("-S");
    if (!all.split("\n").includes(`-N ${CHAIN}`)) return undefined;
    return all.split("\n").flatMap((line) => parseRule(line) ?? []);
  }

  #nat(...args: string[]): Promise<string> {
    return this.#run(this.#program, ["-w", "10", "-t", "nat", ...args]);
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work, work);
    this.#last = result.catch(() => undefined);
    return result;
  }
}

function rulesOf({ id, address, ports }: Endpoint): Rule[] {
  return ports
    .filter(({ hostPort }) => hostPort > 0)
    .map((port: EndpointPort) => ({
      endpointId: id,
      protocol: port.protocol.toLowerCase(),
      hostIP: port.hostIP === "" ? undefined : port.hostIP,
      hostPort: String(port.hostPort),
      to: `${address}:${port.port}`,
    }));
}

function specification({ endpointId, protocol, hostIP, hostPort, to }: Rule): string[] {
  return [
    ...[CHAIN, ...(hostIP === undefined ? [] : ["-d", `${hostIP}/32`]), "-p", protocol, "-m", protocol],
    ...["--dport", hostPort, "-m", "comment", "--comment", endpointId, "-j", "DNAT", "--to-destination", to],
  ];
}

function parseRule(line: string): Rule | undefined {
  if (!line.startsWith(`-A ${CHAIN} `)) return undefined;
  const after = (option: string) => new RegExp(` ${option} "?([^\\s"]+)`).exec(line)?.[1];
  const [endpointId, protocol, hostPort, to] = ["--comment", "-p", "--dport", "--to-destination"].map(after);
  if (!endpointId || !protocol || !hostPort || !to) return undefined;
  return { endpointId, protocol, hostIP: after("-d")?.replace(/\/32$/, ""), hostPort, to };
}

function sameRule(one: Rule, other: Rule): boolean {
  return (
    one.endpointId === other.endpointId && one.to === other.to && one.hostIP === other.hostIP && samePort(one, other)
  );
}

function samePort(one: Rule, other: Rule): boolean {
  return one.protocol === other.protocol && one.hostPort === other.hostPort;
}

function collide(one: Rule, other: Rule): boolean {
  return (
    samePort(one, other) && (one.hostIP === undefined || other.hostIP === undefined || one.hostIP === other.hostIP)
  );
}
