import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { serviceName } from "../../placement/names";
import { connectDocker } from "../../providers/docker/connection";
import { containerNamed, execIn } from "./support/container";
import { eventually } from "./support/eventually";
import { Machine } from "./support/machine";
import { Stack } from "./support/stack";

const HOST = "host-b";
const PLACEMENT = { reader: `my-docker-cloud/${HOST}` };
let stack: Stack;

/** A command that asks who answers at a place, again and again; `nobody` where no connection is taken. */
function ask(place: string): string {
  return `for i in $(seq 20); do redis-cli -h ${place} -p 6379 info server | grep run_id || echo nobody; done`;
}

/** Who answered, each once. */
function answers(output: string): string[] {
  return [...new Set(output.trim().split(/\s+/))];
}

const reader = () => serviceName(stack.physicalName("three-instances"), "reader", 63);

async function readerRuns(command: string): Promise<string> {
  return (await execIn(stack.clouds.host(HOST), reader(), ["sh", "-c", command])).output;
}

async function readerId(): Promise<string> {
  return (await connectDocker(stack.clouds.host(HOST)).getContainer(reader()).inspect()).Id;
}

async function nothingChanges(): Promise<void> {
  expect(await stack.changes()).toEqual([]);
  await stack.must(["refresh", "--yes", "--skip-preview", "--expect-no-changes", "--suppress-progress"]);
  expect(await stack.changes()).toEqual([]);
}

describe("links to three instances behind ports of their agents", () => {
  const BLUEPRINT = "test/e2e/fixtures/three-instances-machine.yaml";
  const configure = (overrides: Record<string, unknown> = {}) =>
    stack.configure(BLUEPRINT, {
      placement: PLACEMENT,
      overrides,
      network: { sources: stack.settings.network.sources },
    });

  beforeAll(async () => {
    stack = await Stack.open("instances", BLUEPRINT);
    await configure();
    await stack.up();
  });

  afterAll(() => stack?.remove());

  test("a container gets answers from all three", async () => {
    const found = answers(await readerRuns(ask("store")));
    expect(found).not.toContain("nobody");
    expect(found).toHaveLength(3);
  });

  test("a machine gets answers from all three", async () => {
    const machine = await Machine.of(stack, "machine");
    const path = `/opt/clocker/redis-${stack.settings.redis.version}/bin`;
    const { output } = await machine.run(`PATH=$PATH:${path}; ${ask("store")}`);
    expect(answers(output)).not.toContain("nobody");
    expect(answers(output)).toHaveLength(3);
  });

  test("the second preview is empty, also after a refresh", nothingChanges);

  test("one that is killed is passed over, and an update that refreshes finds its successor", async () => {
    const before = await readerId();
    const host = stack.clouds.host("host-a");
    const victim = await containerNamed(host, "_store");
    if (victim === undefined) throw new Error("no instance runs on host-a");
    await connectDocker(host).getContainer(victim).kill();
    expect(answers(await readerRuns(ask("store")))).not.toContain("nobody");

    const path = `/v2/apps/clocker/${stack.physicalName("three-instances")}/store`;
    const successor = async () => {
      const { app } = await stack.clouds.marathonGet<{ app: { tasksHealthy: number } }>(path);
      return app.tasksHealthy === 3 && (await containerNamed(host, victim)) === undefined;
    };
    await eventually(successor, "three instances are healthy again", 120);
    await stack.must(["up", "--refresh", "--yes", "--skip-preview", "--suppress-progress"]);
    expect(answers(await readerRuns(ask("store")))).toHaveLength(3);
    expect(await readerId()).toBe(before);
  });

  test("with two by an override the forwarder follows, and who links through it stays", async () => {
    const before = await readerId();
    await configure({ store: { instances: 2 } });
    await stack.up();
    const found = answers(await readerRuns(ask("store")));
    expect(found).not.toContain("nobody");
    expect(found).toHaveLength(2);
    expect(await readerId()).toBe(before);
    await nothingChanges();
  });
});

describe("links to three instances with addresses of their own in Calico", () => {
  const BLUEPRINT = "test/e2e/fixtures/three-instances.yaml";

  beforeAll(async () => {
    stack = await Stack.open("calico-instances", BLUEPRINT);
    await stack.configure(BLUEPRINT, { placement: PLACEMENT });
    await stack.up();
  });

  afterAll(() => stack?.remove());

  test("the name has the addresses of all three, and each is another one", async () => {
    const addresses = answers(await readerRuns("sed -n 's/[[:space:]]store$//p' /etc/hosts"));
    expect(addresses).toHaveLength(3);
    const found = await Promise.all(addresses.map(async (address) => answers(await readerRuns(ask(address)))));
    expect(found.flat()).not.toContain("nobody");
    expect(new Set(found.flat()).size).toBe(3);
    for (const one of found) expect(one).toHaveLength(1);
  });

  test("the second preview is empty, also after a refresh", nothingChanges);
});
