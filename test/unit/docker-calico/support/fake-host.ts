import type { Run } from "../../../../docker-calico/command";

/** The interfaces and NAT rules of a host, changed by the commands that the driver runs. */
export class FakeHost {
  /** Interfaces of type veth on the host. */
  readonly links = new Set<string>();
  readonly chains = new Map<string, string[]>([
    ["PREROUTING", []],
    ["OUTPUT", []],
  ]);
  readonly commands: string[] = [];

  readonly run: Run = async (program, args) => {
    this.commands.push([program, ...args].join(" "));
    if (program === "ip") return this.#ip(args);
    if (program === "iptables") return this.#nat(args.slice(4));
    throw new Error(`${program} is not there`);
  };

  /** Docker moves the inner end into the container. */
  moveInto(endpointId: string): void {
    this.links.delete(`tmp${endpointId.slice(0, 11)}`);
  }

  get rules(): string[] {
    return [...this.chains].flatMap(([chain, rules]) => rules.map((rule) => `${chain} ${rule}`));
  }

  #ip(args: readonly string[]): string {
    const text = args.join(" ");
    if (text === "-o link show type veth") {
      return [...this.links].map((name, index) => `${index + 2}: ${name}@if9: <UP> mtu 1450`).join("\n");
    }
    const [, command, name = "", ...rest] = args;
    if (command === "add") {
      if (this.links.has(name)) throw new Error("RTNETLINK answers: File exists");
      this.links.add(name);
      this.links.add(rest[rest.indexOf("name") + 1] ?? "");
    } else if (command === "delete") {
      if (!this.links.delete(name)) throw new Error(`Cannot find device "${name}"`);
      this.links.delete(name.replace("cali", "tmp"));
    }
    return "";
  }

  #nat([action = "", chain = "", ...match]: readonly string[]): string {
    const rule = match.join(" ");
    const rules = this.chains.get(chain);
    if (action === "-S") {
      const names = [...this.chains.keys()].filter((name) => name !== "PREROUTING" && name !== "OUTPUT");
      return [...names.map((name) => `-N ${name}`), ...this.rules.map((each) => `-A ${each}`), ""].join("\n");
    }
    if (action === "-N") this.chains.set(chain, []);
    else if (!rules) throw new Error(`No chain by that name ${chain}`);
    else if (action === "-A") rules.push(rule);
    else if (action === "-X") this.chains.delete(chain);
    else {
      const index = rules.indexOf(rule);
      if (index < 0) throw new Error("Bad rule (does a matching rule exist in that chain?)");
      if (action === "-D") rules.splice(index, 1);
    }
    return "";
  }
}
