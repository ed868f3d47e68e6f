import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureEngine } from "../../engine/environment";
import { projectRoot } from "../../engine/requirements";
import { BASIC, deadUrl, MesosCluster, OPS } from "../contract/support/mesos-cluster";
import { QUICK } from "../support/marathon";
import { PulumiProject } from "../support/pulumi";

const BLUEPRINT = `
id: shop
services:
- { type: "docker:example/web:1", id: web, location: tasks }
`;

describe("the program with a location of type mesos, under the real engine", () => {
  const cluster = new MesosCluster({ ...QUICK, credentials: OPS });
  let folder: string;
  let project: PulumiProject;
  let marathonUrl: string;
  /** Where Marathon says that it answers. */
  let said: string;

  beforeAll(async () => {
    const engine = await ensureEngine({ log: (line) => console.log(`engine: ${line}`) });
    folder = mkdtempSync(join(tmpdir(), "clocker-mesos-"));
    for (const name of ["node_modules", "bin", "providers"]) symlinkSync(join(projectRoot(), name), join(folder, name));
    writeFileSync(
      join(folder, "Pulumi.yaml"),
      "name: clocker\nruntime:\n  name: nodejs\n  options: { typescript: false }\n",
    );
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "clocker", main: "bin/index.js" }));
    writeFileSync(join(folder, "shop.yaml"), BLUEPRINT);
    marathonUrl = await cluster.start();
    said = marathonUrl;
    const leader = await cluster.master({ credentials: OPS }, () => ({ marathonUrl: said }));
    const standby = await cluster.master({ credentials: OPS, leader: new URL(leader.url).host });
    project = new PulumiProject({ engine, folder, stack: "test" });
    await project.initStack();
    await project.setConfig("clocker:blueprint", "shop.yaml");
    const settings = {
      type: "mesos",
      "masters[0]": standby.url,
      "masters[1]": leader.url,
      ...Object.fromEntries(
        ["auth", "masterAuth"].flatMap((who) => Object.entries(BASIC).map(([key, value]) => [`${who}.${key}`, value])),
      ),
    };
    for (const [key, value] of Object.entries(settings)) {
      const secret = key.endsWith("password");
      await project.setConfig(`clocker:locations.tasks.${key}`, value, { path: true, secret });
    }
  });

  afterAll(async () => {
    await project?.dispose();
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it("finds Marathon, shows the cluster, and plans nothing more although tasks use its resources", async () => {
    await project.up();
    const { mesos } = await project.outputs();
    expect(mesos).toMatchObject({ tasks: { version: "1.9.0", frameworks: ["marathon"] } });
    expect(cluster.marathon.clusterView().placed).toHaveLength(1);
    await project.expectNoChanges();
    await project.up();
    expect((await project.outputs())["mesos"]).toEqual(mesos);
    expect(await project.exportText()).not.toContain(OPS.password);
  });

  it("follows Marathon to another address without a change of the stack", async () => {
    said = await cluster.proxy(marathonUrl);
    await project.expectNoChanges();
    await project.run(["refresh", "--yes", "--skip-preview", "--expect-no-changes"]);
    said = marathonUrl;
  });

  it("names in preview what is wrong, and changes nothing", async () => {
    await project.setConfig("clocker:locations.tasks.framework", "aurora", { path: true });
    said = await deadUrl();
    const { code, stdout, stderr } = await project.run(["preview"], { allowFailure: true });
    expect(code).not.toBe(0);
    expect(stdout + stderr).toContain("Mesos has no active framework 'aurora'");
    await project.run(["config", "rm", "--path", "clocker:locations.tasks.framework"]);
    said = marathonUrl;
    await project.destroy();
    expect(cluster.marathon.clusterView().placed).toEqual([]);
  });
});
