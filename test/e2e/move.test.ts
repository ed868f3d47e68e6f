import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openPage } from "./support/page";
import { Stack } from "./support/stack";

const BLUEPRINT = "examples/1-docker.yaml";

describe("moving a service by the stack file alone", () => {
  let stack: Stack;

  beforeAll(async () => {
    stack = await Stack.open("move", BLUEPRINT);
    await stack.up();
  });

  afterAll(() => stack?.remove());

  test("a container that is made anew keeps its address", async () => {
    const before = (await stack.outputs()).services["redis"]?.calicoAddress;
    expect(before).toMatch(/^198\.18\./);
    await stack.configure(BLUEPRINT, { overrides: { redis: { env: { MODE: "quiet" } } } });
    await stack.up();
    expect((await stack.outputs()).services["redis"]?.calicoAddress).toBe(before);
    await openPage((await stack.outputs()).url, "somebody who stayed");
    expect(await stack.changes()).toEqual([]);
  });

  test("the preview shows the move, up does it and the page still answers", async () => {
    await stack.configure(BLUEPRINT, { placement: { dnmonster: "my-mesos-cluster" } });
    const planned = await stack.changes();
    const named = (op: string) => planned.filter((step) => step.op === op).map(({ urn }) => urn.split("::").at(-1));
    expect(named("create")).toEqual(expect.arrayContaining(["dnmonster", "dnmonster-app"]));
    expect(named("delete")).toEqual(expect.arrayContaining(["dnmonster", "dnmonster-container"]));
    expect(named("delete")).not.toContain("redis-container");

    await stack.up();
    const { url, services } = await stack.outputs();
    expect(services["dnmonster"]?.platform).toBe("marathon");
    expect((await openPage(url, "somebody who moved")).cache).toBe("miss");
    expect(await stack.changes()).toEqual([]);
  });

  test("to another host of the same location", async () => {
    await stack.configure(BLUEPRINT, { placement: { redis: "my-docker-cloud/host-b", dnmonster: "my-mesos-cluster" } });
    await stack.up();
    const { url, services } = await stack.outputs();
    expect(services["redis"]?.location).toBe("my-docker-cloud/host-b");
    await openPage(url, "somebody who moved on");
    expect((await openPage(url, "somebody who moved on")).cache).toBe("hit");
    expect(await stack.changes()).toEqual([]);
  });

  test("back again, and nothing stays behind where it was", async () => {
    await stack.configure(BLUEPRINT);
    await stack.up();
    await openPage((await stack.outputs()).url, "somebody at home");
    expect(await stack.clouds.marathonLeftovers(stack.physicalName("my-application"))).toEqual([]);
    expect((await stack.clouds.dockerLeftovers(stack.name)).filter((line) => line.startsWith("host-b"))).toEqual([]);
  });
});
