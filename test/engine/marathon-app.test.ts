import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MarathonStack } from "../support/marathon-stack";
import type { PulumiProject, RunResult } from "../support/pulumi";

const PASSWORD = "open-sesame";
const TOKEN = "s3cr3t-token";

const program = `
const pulumi = require("@pulumi/pulumi");
const { MarathonApp } = require("./bin/providers/marathon/resource.js");
const config = new pulumi.Config("test");
const app = new MarathonApp("web", {
  location: "mesos",
  appId: "/clocker/shop-test/web",
  timeoutSeconds: Number(config.get("timeout") ?? 60),
  app: {
    cmd: "sleep 1000",
    cpus: Number(config.get("cpus") ?? 0.1),
    mem: 32,
    networks: [{ mode: "container/bridge" }],
    container: { docker: { image: "example/web:1" }, portMappings: [{ containerPort: 80 }] },
    env: { TOKEN: config.requireSecret("token"), GREETING: config.get("greeting") ?? "hello" },
    labels: { "clocker.application": "shop", "clocker.stack": "test", "clocker.service": "web" },
    healthChecks: [{ protocol: "MESOS_TCP" }],
  },
});
exports.endpoints = app.endpoints;
exports.healthy = app.healthy;
`;

describe("a Marathon app under the real engine", () => {
  let stack: MarathonStack;
  let url: string;
  let project: PulumiProject;

  beforeAll(async () => {
    stack = await MarathonStack.start({
      main: "index.js",
      files: { "index.js": program },
      credentials: { user: "ops", password: PASSWORD },
    });
    ({ url, project } = stack);
    await project.setConfig("clocker:locations.mesos.auth.type", "basic", { path: true });
    await project.setConfig("clocker:locations.mesos.auth.username", "ops", { path: true });
    await project.setConfig("clocker:locations.mesos.auth.password", PASSWORD, { path: true, secret: true });
    await project.setConfig("test:token", TOKEN, { secret: true });
  });

  afterAll(async () => {
    await stack?.stop();
  });

  async function live(path: string): Promise<Response> {
    const authorization = `Basic ${Buffer.from(`ops:${PASSWORD}`).toString("base64")}`;
    return fetch(url + path, { headers: { authorization, accept: "application/json" } });
  }

  test("is created; preview and refresh then find nothing, and no secret lies in the state", async () => {
    await project.up();
    expect(await project.outputs()).toMatchObject({ healthy: true, endpoints: [{ servicePort: 80, protocol: "tcp" }] });
    await project.expectNoChanges();
    await project.run(["refresh", "--yes", "--skip-preview", "--expect-no-changes"]);
    await project.expectNoChanges();
    const state = await project.exportText();
    for (const secret of [PASSWORD, TOKEN]) expect(state).not.toContain(secret);
  });

  test("what an update does to tasks is said once in preview and once in up, and not where nothing changes", async () => {
    // The line of the stack shows the last message while the run goes on, too.
    const said = ({ stdout }: RunResult) =>
      [...stdout.matchAll(/^ *(app \/clocker\/shop-test\/web: .*)$/gm)].map(([, text]) => text);
    expect(said(await project.run(["preview"]))).toEqual([]);
    await project.setConfig("test:greeting", "bye");
    const word = "app /clocker/shop-test/web: all tasks restart, because env changes";
    expect(said(await project.run(["preview"]))).toEqual([word]);
    expect(said(await project.up())).toEqual([word]);
    await project.expectNoChanges();
  });

  test("a change that fails is kept and repaired by the next up", async () => {
    await project.setConfig("test:cpus", "1000");
    await project.setConfig("test:timeout", "8");
    const failed = await project.up({ allowFailure: true });
    expect(failed.code).not.toBe(0);
    expect(failed.stdout + failed.stderr).toMatch(/not up within 8 s: .*InsufficientCpus/);
    expect(failed.stdout + failed.stderr).not.toContain(TOKEN);
    await project.setConfig("test:cpus", "0.2");
    await project.setConfig("test:timeout", "60");
    await project.up();
    expect(await (await live("/v2/apps/clocker/shop-test/web")).json()).toMatchObject({ app: { cpus: 0.2 } });
    await project.expectNoChanges();
  });

  test("what somebody else changed or deleted is found by refresh and put right", async () => {
    const authorization = `Basic ${Buffer.from(`ops:${PASSWORD}`).toString("base64")}`;
    const headers = { authorization, "content-type": "application/json" };
    await fetch(`${url}/v2/apps/clocker/shop-test/web`, { method: "PUT", headers, body: '{"instances":2}' });
    await project.refresh();
    const { steps } = await project.preview();
    expect(steps.filter(({ op }) => op !== "same").map(({ op }) => op)).toEqual(["update"]);
    await project.up();
    expect(await (await live("/v2/apps/clocker/shop-test/web")).json()).toMatchObject({ app: { instances: 1 } });

    await fetch(`${url}/v2/apps/clocker/shop-test/web`, { method: "DELETE", headers });
    await project.refresh();
    expect((await project.resources()).filter(({ type }) => type.endsWith("marathon:App"))).toEqual([]);
    await project.up();
    await project.expectNoChanges();
  });

  test("is destroyed without a trace", async () => {
    await project.destroy();
    expect((await live("/v2/apps/clocker/shop-test/web")).status).toBe(404);
    expect((await live("/v2/groups/clocker")).status).toBe(404);
    expect(await (await live("/v2/deployments")).json()).toEqual([]);
  });
});
