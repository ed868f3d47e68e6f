import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { ensureCalico } from "../../../engine/calico-programs";
import type { SandboxDescription } from "../../../sandbox/description";

/** The real calicoctl on a sandbox's datastore. */
export class Calicoctl {
  private constructor(
    private readonly program: string,
    private readonly folder: string,
    private readonly environment: Readonly<Record<string, string>>,
  ) {}

  /** Keeps the client's certificate in a folder of its own until `close`. */
  static async open({ etcd }: Pick<SandboxDescription, "etcd">): Promise<Calicoctl> {
    if (etcd === undefined) throw new Error("the sandbox has no etcd: start it with --parts etcd");
    const { calicoctl } = await ensureCalico(["calicoctl"], { log: (line) => console.log(line) });
    const folder = await mkdtemp(path.join(tmpdir(), "clocker-calicoctl-"));
    const environment: Record<string, string> = {
      DATASTORE_TYPE: "etcdv3",
      ETCD_ENDPOINTS: etcd.endpoints.join(","),
    };
    for (const [variable, name] of [
      ["ETCD_CA_CERT_FILE", "ca"],
      ["ETCD_CERT_FILE", "cert"],
      ["ETCD_KEY_FILE", "key"],
    ] as const) {
      environment[variable] = path.join(folder, `${name}.pem`);
      await writeFile(path.join(folder, `${name}.pem`), etcd[name], { mode: 0o600 });
    }
    return new Calicoctl(calicoctl, folder, environment);
  }

  /** What `calicoctl <args>` prints. @throws Error with its own words if it fails. */
  async run(...args: readonly string[]): Promise<string> {
    const { stdout } = await promisify(execFile)(this.program, args, { env: this.environment, timeout: 60_000 });
    return stdout;
  }

  /** `calicoctl <command> -f` with resources as they are written in Calico's documentation. */
  async withResources(command: "create" | "apply" | "delete", resources: readonly object[]): Promise<string> {
    const file = path.join(this.folder, "resources.json");
    await writeFile(file, JSON.stringify(resources));
    return this.run(command, "-f", file);
  }

  async close(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}
