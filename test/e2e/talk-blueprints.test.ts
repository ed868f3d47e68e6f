import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runContainer } from "./support/container";
import { openPage } from "./support/page";
import { Stack } from "./support/stack";

/** The five blueprints of the talk, and where their Redis listens for a client on the first Docker host. */
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

    const network = redis === "container" ? stack.physicalName("my-application") : "bridge";
    const address = redis === "container" ? "redis" : (services["redis"]?.address ?? "");
    const exists = await runContainer(
      stack.clouds.host("host-a"),
      "redis:3",
      ["redis-cli", "-h", address, "exists", first.key],
      network,
    );
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
  });
});
