import { execFile } from "node:child_process";
import { Resolver } from "node:dns/promises";
import type { SandboxDescription } from "../../../sandbox/description";

/** What the sandbox's name server answers, and a hand that changes it past Pulumi. */
export class Names {
  private readonly resolver = new Resolver({ timeout: 2000, tries: 3 });

  constructor(private readonly dns: NonNullable<SandboxDescription["dns"]>) {
    this.resolver.setServers([dns.server]);
  }

  /** Addresses of a name, in order; none if there is no such name. */
  async addresses(name: string): Promise<string[]> {
    return (await orNone(this.resolver.resolve4(name))).sort();
  }

  /** Names of an address. */
  reverse(address: string): Promise<string[]> {
    return orNone(this.resolver.reverse(address));
  }

  async texts(name: string): Promise<string[]> {
    return (await orNone(this.resolver.resolveTxt(name))).map((parts) => parts.join(""));
  }

  /** Serial number of the forward zone. */
  async serial(): Promise<number> {
    return (await this.resolver.resolveSoa(this.dns.domain)).serial;
  }

  /** Runs lines of nsupdate. */
  async change(lines: readonly string[]): Promise<void> {
    const { server, tsig } = this.dns;
    const script = [`server ${server}`, ...lines, "send", ""].join("\n");
    await new Promise<void>((resolve, reject) => {
      const child = execFile("nsupdate", ["-y", `${tsig.algorithm}:${tsig.name}:${tsig.secret}`], (error) =>
        error === null ? resolve() : reject(new Error("nsupdate failed")),
      );
      child.stdin?.end(script);
    });
  }
}

const NONE = ["ENOTFOUND", "ENODATA"];

function orNone<T>(answer: Promise<T[]>): Promise<T[]> {
  return answer.catch((error: NodeJS.ErrnoException) => {
    if (NONE.includes(error.code ?? "")) return [];
    throw error;
  });
}
