import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureEngine } from "../../engine/environment";
import { projectRoot } from "../../engine/requirements";
import { PulumiProject } from "../support/pulumi";

const program = `
const pulumi = require("@pulumi/pulumi");
const provider = {
  async create(inputs) { return { id: "echo-1", outs: { ...inputs, length: inputs.text.length } }; },
  async update(id, olds, news) { return { outs: { ...news, length: news.text.length } }; },
  async diff(id, olds, news) { return { changes: olds.text !== news.text }; },
};
if (process.env.TINY_FAILS) throw Object.assign(new pulumi.RunError("told to fail"), { stack: undefined });
class Echo extends pulumi.dynamic.Resource {
  constructor(name, text) { super(provider, name, { text, length: undefined }, {}, "test", "Echo"); }
}
exports.length = new Echo("echo", new pulumi.Config().require("text")).length;
`;

describe("the engine", () => {
  let folder: string;
  let project: PulumiProject;

  beforeAll(async () => {
    const engine = await ensureEngine({ log: (line) => console.log(`engine: ${line}`) });
    folder = mkdtempSync(join(tmpdir(), "clocker-program-"));
    symlinkSync(join(projectRoot(), "node_modules"), join(folder, "node_modules"));
    writeFileSync(
      join(folder, "Pulumi.yaml"),
      "name: tiny\nruntime:\n  name: nodejs\n  options: { typescript: false }\n",
    );
    writeFileSync(join(folder, "package.json"), `{"name":"tiny","main":"index.js"}\n`);
    writeFileSync(join(folder, "index.js"), program);
    project = new PulumiProject({ engine, folder, stack: "test" });
    await project.initStack();
    await project.setConfig("text", "four");
  });

  afterAll(async () => {
    await project?.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  it("runs a program with a dynamic resource: creates, plans nothing more, updates, destroys", async () => {
    await project.up();
    expect(await project.outputs()).toEqual({ length: 4 });
    await project.expectNoChanges();

    await project.setConfig("text", "fifth");
    const plan = await project.preview();
    expect(
      plan.steps.filter((step) => step.op !== "same").map((step) => [step.op, step.urn.split("::").at(-1)]),
    ).toEqual([["update", "echo"]]);
    await project.up();
    expect(await project.outputs()).toEqual({ length: 5 });

    await project.destroy();
    expect(await project.resources()).toEqual([]);
  });

  it("tells by exit code and message that a program failed", async () => {
    const result = await project.run(["preview"], { allowFailure: true, env: { TINY_FAILS: "1" } });
    // 1 since the CLI tells kinds of failures apart, 255 before.
    expect([1, 255]).toContain(result.code);
    expect(result.stdout + result.stderr).toContain("told to fail");
  });
});
