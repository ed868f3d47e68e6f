import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { serviceName } from "../../placement/names";
import { execIn, runContainer } from "./support/container";
import { openPage } from "./support/page";
import { Stack } from "./support/stack";

/** The five blueprints of the talk, and where their Redis runs. */
const BLUEPRINTS = [
  { file: "examples/1-docker.yaml", redis: "container" },
  { file: "examples/2-docker-repeat.yaml", redis: "container" },
  { file: "examples/3-docker-redis-entity.yaml", redis: "container" },
  { file: "examples/4-docker-openstack.yaml", redis: "machine" },
  { file: "examples/5-docker-mesos-openstack.yaml", redis: "machine" },
] as const;

describe.each(BLUEPRINTS)("$file", ({ file, redis }) => {
  let stack: Stack;

  beforeAll(async () => {
    stack = await Stack.open(file.replace(/\D/g, ""), file);
    await stack.up();
  });

  afterAll(() => stack?.remove());

  test("the page answers with the picture, and the second request comes from Redis", async () => {
    const { url, services } = await stack.outputs();
    const first = await openPage(url, `visitor of ${file}`);
    const second = await openPage(url, `visitor of ${file}`);
    expect([first.cache, second.cache]).toEqual(["miss", "hit"]);

    const host = stack.clouds.host("host-a");
    const exists = await (redis === "container"
      ? execIn(host, serviceName(stack.physicalName("my-application"), "redis", 63), ["redis-cli", "exists", first.key])
      : runContainer(host, "redis:3", ["redis-cli", "-h", services["redis"]?.address ?? "", "exists", first.key]));
    expect(exists.output.trim()).toMatch(/^(\(integer\) )?1$/);
  });

  test("the second preview is empty", async () => {
    expect(await stack.changes()).toEqual([]);
  });

  test("a refresh finds nothing, and the preview after it is empty", async () => {
    await stack.must(["refresh", "--yes", "--skip-preview", "--expect-no-changes", "--suppress-progress"]);
    expect(await stack.changes()).toEqual([]);
  });

  test("one changed variable plans that service alone", async () => {
    await stack.configure(file, { overrides: { identidock: { env: { MODE: "quiet" } } } });
    const changed = await stack.changes();
    expect(changed.map(({ urn }) => urn.split("::").at(-1)).sort()).toEqual([
      "identidock-container",
      "identidock-ready",
    ]);
  });

  test("destroy leaves nothing on any platform", async () => {
    await stack.must(["destroy", "--yes", "--skip-preview", "--suppress-progress"]);
    const physicalName = stack.physicalName("my-application");
    expect(await stack.clouds.dockerLeftovers(stack.name)).toEqual([]);
    expect(await stack.clouds.marathonLeftovers(physicalName)).toEqual([]);
    expect(await stack.clouds.openstackLeftovers(physicalName)).toEqual([]);
    expect(await stack.clouds.calicoLeftovers(physicalName)).toEqual([]);
  });
});
