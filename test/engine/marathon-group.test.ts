import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { docExample } from "../support/doc-example";
import { MarathonStack } from "../support/marathon-stack";
import type { PulumiProject } from "../support/pulumi";

const ID = "/clocker/shop-production";

/** The example of the documentation, whose command comes from the environment. */
const program = `
const { MarathonGroup } = require("./bin/providers/marathon/group/resource.js");
${docExample("providers/marathon/group/resource.ts").replace('"./web"', 'process.env.WEB ?? "./web"')}
exports.apps = shop.apps;
exports.healthy = shop.healthy;
`;

describe("a Marathon group under the real engine", () => {
  let stack: MarathonStack;
  let project: PulumiProject;

  beforeAll(async () => {
    stack = await MarathonStack.start({ main: "index.js", files: { "index.js": program } });
    ({ project } = stack);
  });

  afterAll(async () => {
    await stack?.stop();
  });

  type Apps = Record<string, { tasks: { id: string }[] }>;

  async function tasksOf(app: string): Promise<string[]> {
    const { apps } = (await project.outputs()) as { apps: Apps };
    return (apps[`${ID}/${app}`]?.tasks ?? []).map(({ id }) => id);
  }

  test("is previewed and made as documented; preview and refresh then find nothing", async () => {
    const { steps } = await project.preview();
    expect(steps.filter(({ urn }) => urn.includes("marathon:Group")).map(({ op }) => op)).toEqual(["create"]);
    await project.up();
    expect(await project.outputs()).toMatchObject({
      healthy: true,
      web: [{ protocol: "tcp" }],
      apps: { [`${ID}/data/redis`]: { healthy: true }, [`${ID}/web`]: { healthy: true } },
    });
    await project.expectNothingToDo();
  });

  test("gets the change of one app, and the tasks of the other stay", async () => {
    const [redis, web] = [await tasksOf("data/redis"), await tasksOf("web")];
    const env = { WEB: "./web --verbose" };
    const { steps } = await project.preview({ env });
    expect(steps.filter(({ op }) => op !== "same").map(({ op }) => op)).toEqual(["update"]);
    await project.up({ env });
    expect(await tasksOf("data/redis")).toEqual(redis);
    expect(await tasksOf("web")).not.toEqual(web);
    await project.expectNoChanges({ env });
    await project.up();
    await project.expectNothingToDo();
  });

  test("is put right when somebody deletes an app of it", async () => {
    await fetch(`${stack.url}/v2/apps${ID}/web`, { method: "DELETE" });
    await project.refresh();
    const { steps } = await project.preview();
    expect(steps.filter(({ op }) => op !== "same").map(({ op }) => op)).toEqual(["update"]);
    await project.up();
    expect(await tasksOf("web")).toHaveLength(1);
    await project.expectNothingToDo();
  });

  test("is destroyed without a trace", async () => {
    await project.destroy();
    expect(await (await fetch(`${stack.url}/v2/groups`)).json()).toMatchObject({ apps: [], groups: [] });
    expect(await (await fetch(`${stack.url}/v2/deployments`)).json()).toEqual([]);
  });
});
