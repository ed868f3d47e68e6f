import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { serviceName } from "../../placement/names";
import { connectDocker } from "../../providers/docker/connection";
import { openPage } from "./support/page";
import { Stack } from "./support/stack";

const BLUEPRINT = "test/e2e/fixtures/shipped.yaml";

let stack: Stack;

beforeAll(async () => {
  stack = await Stack.open("shipped", BLUEPRINT);
  await stack.up();
});

afterAll(() => stack?.remove());

describe("the shapes of the blueprints that Clocker shipped, in one application", () => {
  const host = () => stack.clouds.host("host-a");
  const inspect = async (service: string) => {
    const docker = connectDocker(host());
    const container = await docker.getContainer(serviceName(stack.physicalName("errands"), service, 63)).inspect();
    return { ...container, tags: (await docker.getImage(container.Image).inspect()).RepoTags };
  };

  test("run scripts of the user's own in a container, which find the store by what its sensors tell", async () => {
    const { services } = await stack.outputs();
    const [address] = services["errands"]?.endpoints ?? [];
    expect(address).toMatch(/:8097$/);
    const answers = [await errand(address), await errand(address)];
    expect(answers).toEqual(["errand 1", "errand 2"]);
  });

  test("start the scripts after the store whose service.isUp they wait for, and with it in their environment", async () => {
    const [redis, errands] = await Promise.all([inspect("redis"), inspect("errands")]);
    expect(redis.tags).toContain("redis:3");
    expect(Date.parse(errands.Created)).toBeGreaterThan(Date.parse(redis.State.StartedAt));
    expect(errands.tags).toContain("debian:12-slim");
    expect(errands.Config.Env).toEqual(
      expect.arrayContaining(["PORT=8097", expect.stringMatching(/^REDIS_URL=redis:\/\/[\w.-]+:6379\/$/)]),
    );
  });

  test("have pages at the address that the enricher tells, with pictures from Marathon's task", async () => {
    const { services, url } = await stack.outputs();
    expect(url).toBe(`http://${services["identidock"]?.endpoints[0]}/`);
    const caches = [await openPage(url, "visitor"), await openPage(url, "visitor")].map(({ cache }) => cache);
    expect(caches).toEqual(["miss", "hit"]);
    expect(services["dnmonster"]?.location).toBe("my-mesos-cluster");
  });

  test("have an empty second preview, also after a refresh", async () => {
    expect(await stack.changes()).toEqual([]);
    await stack.must(["refresh", "--yes", "--skip-preview", "--expect-no-changes", "--suppress-progress"]);
    expect(await stack.changes()).toEqual([]);
  });

  test("leave nothing when they are destroyed", async () => {
    await stack.must(["destroy", "--yes", "--skip-preview", "--suppress-progress"]);
    expect(await stack.clouds.dockerLeftovers(stack.name)).toEqual([]);
    expect(await stack.clouds.marathonLeftovers(stack.physicalName("errands"))).toEqual([]);
  });
});

async function errand(address: string | undefined): Promise<string> {
  const answer = await fetch(`http://${address}/`, { signal: AbortSignal.timeout(10_000) });
  expect(answer.status).toBe(200);
  return answer.text();
}
