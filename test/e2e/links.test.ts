import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { serviceName } from "../../placement/names";
import type { Ran } from "../support/run-inside";
import { containerNamed, execIn } from "./support/container";
import { Machine } from "./support/machine";
import { Stack } from "./support/stack";

const BLUEPRINT = "test/e2e/fixtures/nine-pairs.yaml";
const TARGETS = ["target-docker", "target-marathon", "target-machine"];

const FORMS = [
  { form: "with Calico", name: "links", calico: true },
  { form: "without Calico", name: "plain-links", calico: false },
];

describe.each(FORMS)("links in every direction between the three platforms, $form", ({ name, calico }) => {
  let stack: Stack;
  const consumers: Record<string, (command: string) => Promise<Ran>> = {};

  beforeAll(async () => {
    stack = await Stack.open(name, BLUEPRINT);
    await stack.configure(BLUEPRINT, {
      placement: { "target-docker": "my-docker-cloud/host-a", "from-docker": "my-docker-cloud/host-b" },
      ...(!calico && { network: { sources: stack.settings.network.sources } }),
    });
    await stack.up();
    consumers["from-docker"] = (command) =>
      execIn(stack.clouds.host("host-b"), serviceName(stack.physicalName("nine-pairs"), "from-docker", 63), [
        "sh",
        "-c",
        command,
      ]);
    consumers["from-marathon"] = async (command) => {
      for (const host of ["host-a", "host-b"]) {
        const container = await containerNamed(stack.clouds.host(host), "_from-marathon");
        if (container !== undefined) {
          return execIn(stack.clouds.host(host), container, ["sh", "-c", command]);
        }
      }
      throw new Error("no agent runs the task of 'from-marathon'");
    };
    const machine = await Machine.of(stack, "from-machine");
    consumers["from-machine"] = (command) =>
      machine.run(`PATH=$PATH:/opt/clocker/redis-${stack.settings.redis.version}/bin; ${command}`);
  });

  afterAll(() => stack?.remove());

  test.each(["from-docker", "from-marathon", "from-machine"])(
    "%s reaches each target under its name and own port",
    async (consumer) => {
      const run = consumers[consumer];
      const seen = new Set<string>();
      for (const target of TARGETS) {
        const answer = await run?.(`redis-cli -h ${target} -p 6379 info server | grep run_id`);
        expect(answer?.output, `${consumer} -> ${target}`).toMatch(/run_id:[0-9a-f]{40}/);
        seen.add(answer?.output.trim() ?? "");
      }
      expect(seen.size, "three names, three servers").toBe(TARGETS.length);
    },
  );

  test.each(["from-docker", "from-marathon"])(
    "%s has the classic link variables, and they reach the target",
    async (consumer) => {
      const run = consumers[consumer];
      for (const target of TARGETS) {
        const prefix = `${target.toUpperCase().replace("-", "_")}_PORT_6379_TCP`;
        const answer = await run?.(`redis-cli -h "$${prefix}_ADDR" -p "$${prefix}_PORT" ping`);
        expect(answer?.output.trim(), `${consumer} -> ${target}`).toBe("PONG");
      }
    },
  );

  test("a RedisStore has the asked version on every platform", async () => {
    const { version } = stack.settings.redis;
    for (const target of TARGETS) {
      const answer = await consumers["from-docker"]?.(`redis-cli -h ${target} info server | grep redis_version`);
      expect(answer?.output.trim(), target).toBe(`redis_version:${version}`);
    }
  });

  test("the second preview is empty, also after a refresh", async () => {
    expect(await stack.changes()).toEqual([]);
    await stack.must(["refresh", "--yes", "--skip-preview", "--expect-no-changes", "--suppress-progress"]);
    expect(await stack.changes()).toEqual([]);
  });
});
