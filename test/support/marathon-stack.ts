import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureEngine } from "../../engine/environment";
import { projectRoot } from "../../engine/requirements";
import { MarathonServer } from "../../sandbox/marathon/server";
import { QUICK } from "./marathon";
import { PulumiProject } from "./pulumi";

interface MarathonStackOptions {
  /** The program, from the folder of the stack's project, which has the compiled one in `bin`. */
  readonly main: string;
  /** Further files of that folder, by name. */
  readonly files: Readonly<Record<string, string>>;
  /** What Marathon asks for; nothing unless given. */
  readonly credentials?: { readonly user: string; readonly password: string };
}

/** A stack under the real engine, and a Marathon of its own, which is its location `mesos`. */
export class MarathonStack {
  private constructor(
    private readonly marathon: MarathonServer,
    readonly url: string,
    private readonly folder: string,
    readonly project: PulumiProject,
  ) {}

  static async start({ main, files, credentials }: MarathonStackOptions): Promise<MarathonStack> {
    const engine = await ensureEngine({ log: (line) => console.log(`engine: ${line}`) });
    const folder = mkdtempSync(join(tmpdir(), "clocker-marathon-"));
    for (const name of ["node_modules", "bin", "providers"]) symlinkSync(join(projectRoot(), name), join(folder, name));
    const runtime = "runtime:\n  name: nodejs\n  options: { typescript: false }\n";
    const needed = {
      "Pulumi.yaml": `name: clocker\n${runtime}`,
      "package.json": JSON.stringify({ name: "clocker", main }),
    };
    for (const [name, content] of Object.entries({ ...needed, ...files })) writeFileSync(join(folder, name), content);
    const marathon = new MarathonServer({ ...QUICK, ...(credentials && { credentials }) });
    const { url } = await marathon.start();
    const project = new PulumiProject({ engine, folder, stack: "test" });
    const stack = new MarathonStack(marathon, url, folder, project);
    try {
      await project.initStack();
      await project.setConfig("clocker:locations.mesos.type", "marathon", { path: true });
      await project.setConfig("clocker:locations.mesos.url", url, { path: true });
    } catch (error) {
      await stack.stop();
      throw error;
    }
    return stack;
  }

  async stop(): Promise<void> {
    await this.project.dispose();
    await this.marathon.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
