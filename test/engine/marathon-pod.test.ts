import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { docExample } from "../support/doc-example";
import { MarathonStack } from "../support/marathon-stack";
import type { PulumiProject } from "../support/pulumi";

const ID = "/clocker/shop-production/web";

/** The example of the documentation, one of whose commands comes from the environment. */
const program = `
const { MarathonPod } = require("./bin/providers/marathon/pod/resource.js");
${docExample("providers/marathon/pod/resource.ts").replace('"./ship-logs"', 'process.env.LOGS ?? "./ship-logs"')}
exports.instances = pod.instances;
exports.healthy = pod.healthy;
`;

describe("a Marathon pod under the real engine", () => {
  let stack: MarathonStack;
  let project: PulumiProject;

  beforeAll(async () => {
    stack = await MarathonStack.start({ main: "index.js", files: { "index.js": program } });
    ({ project } = stack);
  });

  afterAll(async () => {
    await stack?.stop();
  });

  async function instances(): Promise<string[]> {
    const outputs = (await project.outputs()) as { instances: { id: string }[] };
    return outputs.instances.map(({ id }) => id);
  }

  test("is made as documented; preview and refresh then find nothing", async () => {
    await project.up();
    expect(await project.outputs()).toMatchObject({ healthy: true, port: expect.any(Number) });
    expect(await instances()).toHaveLength(1);
    await project.expectNothingToDo();
  });

  test("gets a change of one container, which the preview plans as an update", async () => {
    const before = await instances();
    const env = { LOGS: "./ship-logs --all" };
    const { steps } = await project.preview({ env });
    expect(steps.filter(({ op }) => op !== "same").map(({ op }) => op)).toEqual(["update"]);
    await project.up({ env });
    expect(await instances()).not.toEqual(before);
    await project.expectNoChanges({ env });
  });

  test("is put right when somebody deletes it, and is destroyed without a trace", async () => {
    await fetch(`${stack.url}/v2/pods${ID}?force=true`, { method: "DELETE" });
    await project.refresh();
    await project.up();
    expect(await instances()).toHaveLength(1);
    await project.expectNothingToDo();
    await project.destroy();
    expect(await (await fetch(`${stack.url}/v2/pods`)).json()).toEqual([]);
    expect(await (await fetch(`${stack.url}/v2/groups`)).json()).toMatchObject({ apps: [], groups: [], pods: [] });
  });
});
