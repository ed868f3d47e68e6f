import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { limit } from "../../ops/matrix/limit";
import { OutsideOrigin } from "../../ops/matrix/outside-origin";
import { serviceName } from "../../placement/names";
import { FELIX } from "../../providers/calico/host/agents";
import type { DockerHost } from "../../settings/schema";
import { CalicoHost, invalidIn } from "./support/calico-host";
import { Calicoctl } from "./support/calicoctl";
import { containerNamed, logsOf } from "./support/container";
import { eventually } from "./support/eventually";
import { matrixOf, runMatrix } from "./support/matrix";
import { addressIn, connectFrom, listenBeside, targetOf } from "./support/namespace";
import { ROOT, Stack } from "./support/stack";

const THREE_CLOUDS = "examples/5-docker-mesos-openstack.yaml";
const THREE_ALLOWED = ["identidock -> dnmonster:8080", "identidock -> redis:6379", "outside -> identidock:9090"];
/** Six pairs of services, one port each, and the three services from outside. */
const THREE_TRIED = 9;

const EIGHT = "test/e2e/fixtures/eight-services.yaml";
const EIGHT_PLACEMENT = {
  ...Object.fromEntries(["gate", "store", "audit"].map((id) => [id, "my-docker-cloud/host-a"])),
  ...Object.fromEntries(["api", "worker"].map((id) => [id, "my-docker-cloud/host-b"])),
};
const EIGHT_INSIDE = [
  "api -> cache:8080",
  "api -> store:6379",
  "api -> store:6380",
  // By a sensor, not by a link.
  "audit -> cache:8080",
  "audit -> store:6379",
  "audit -> store:6380",
  "gate -> api:6379",
  "report -> queue:6379",
  "report -> store:6379",
  "report -> store:6380",
  "worker -> queue:6379",
  "worker -> store:6379",
  "worker -> store:6380",
];
const PUBLISHED = ["outside -> gate:8000", "outside -> report:6379"];
/** Nine ports from seven others each; from outside those that have a host port: what is published, and what Marathon runs. */
const EIGHT_TRIED = 9 * 7 + 4;
const LINK = '      - $brooklyn:component("queue")\n';
/** Nobody declares it. */
const SECRET_PORT = 7777;
/** Chains, rules and devices that Felix and the driver make on a host. */
const IN_THE_KERNEL = "{ iptables-nft-save; ip -o link show; } 2>/dev/null | grep -e cali -e CLOCKER";
const NOT_OURS = "198.18.255.77/32";

describe("the network of two applications on the same clouds", () => {
  let three: Stack;
  let eight: Stack;
  let hosts: readonly CalicoHost[];
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "clocker-network-"));
    three = await Stack.open("network", THREE_CLOUDS);
    eight = await Stack.open("eight", EIGHT, { placement: EIGHT_PLACEMENT });
    hosts = CalicoHost.all(three.settings);
    await three.up();
  });

  afterAll(async () => {
    await eight?.remove();
    await three?.remove();
    if (folder !== undefined) await rm(folder, { recursive: true });
  });

  const host = (name: string): DockerHost => three.clouds.host(name);
  const container = (service: string): string => serviceName(eight.physicalName("eight-services"), service, 63);

  /** The fixture with one text replaced, as a blueprint of its own. */
  const variant = async (from: string, to: string): Promise<{ file: string; lines: string[] }> => {
    const text = await readFile(path.join(ROOT, EIGHT), "utf8");
    expect(text).toContain(from);
    const file = path.join(folder, "eight-services.yaml");
    await writeFile(file, text.replace(from, to));
    return { file, lines: text.replace(from, to).split("\n") };
  };

  test("three clouds: every declared relation works, every other pair is refused", async () => {
    const { tried } = await matrixOf(three, THREE_ALLOWED);
    expect(tried).toHaveLength(THREE_TRIED);
  });

  test("a machine's other ports are closed to containers, and open to where it is set up from", async () => {
    await matrixOf(three, [...THREE_ALLOWED, "outside -> redis:22"], [22]);
  });

  test("the command prints a table, and says what is wrong with its arguments or its stack", async () => {
    const { code, output } = await runMatrix(three.name);
    expect(output.split("\n")).toEqual([
      "FROM \\ TO   dnmonster:8080  identidock:9090  redis:6379",
      "dnmonster   -               refused          refused",
      "identidock  allowed         -                allowed",
      "redis       refused         refused          -",
      "outside     refused         allowed          refused",
      "",
      "9 connections tried: all as declared",
      "",
    ]);
    expect(code).toBe(0);
    const wrong = await runMatrix(three.name, "--port", "70000");
    expect(wrong).toMatchObject({ code: 2, output: "" });
    expect(wrong.errors).toContain("--port is '70000', allowed are 1 to 65535");
    const down = await runMatrix(eight.name);
    expect(down).toMatchObject({ code: 2, output: "" });
    expect(down.errors).toContain(`stack '${eight.name}' does not run it: bring it up`);
  });

  test("eight services on two Docker hosts and Marathon: the same, and the other application is as before", async () => {
    await eight.up();
    const { tried } = await matrixOf(eight, [...EIGHT_INSIDE, ...PUBLISHED]);
    expect(tried).toHaveLength(EIGHT_TRIED);
    const others = await matrixOf(three, THREE_ALLOWED);
    expect(others.tried).toHaveLength(THREE_TRIED);
  });

  test("applications do not reach each other, nor by ports that hosts publish", async () => {
    const [{ services: own }, { services: others }] = [await eight.outputs(), await three.outputs()];
    const endpoints = [...Object.values(own), ...Object.values(others)].flatMap((one) => one.endpoints);
    const targets = endpoints.map(targetOf);
    const addresses = Object.values(own).map(({ calicoAddress = "" }) => ({ address: calicoAddress, port: 6379 }));
    const identidock = serviceName(three.physicalName("my-application"), "identidock", 63);
    expect(await connectFrom(host("host-a"), container("store"), targets)).toEqual(targets.map(() => false));
    const { address: redis } = others["redis"] ?? {};
    const foreign = targets.filter(({ address, port }) => address !== redis || port !== 6379);
    expect(foreign).toHaveLength(targets.length - 1);
    // What it links to is reached through its own agent's port as well.
    const links = others["dnmonster"]?.endpoints;
    const refused = [...foreign.filter(({ address, port }) => !links?.includes(`${address}:${port}`)), ...addresses];
    expect(await connectFrom(host("host-a"), identidock, refused)).toEqual(refused.map(() => false));
  });

  test("a port that is not declared is refused to everybody, though something listens there", async () => {
    const places: [string, string][] = [[container("store"), "host-a"]];
    for (const name of ["host-a", "host-b"]) {
      const task = await containerNamed(host(name), `${eight.physicalName("eight-services")}_cache`);
      if (task !== undefined) places.push([task, name]);
    }
    expect(places).toHaveLength(2);
    const listeners = await Promise.all(places.map(([name, place]) => listenBeside(host(place), name, SECRET_PORT)));
    try {
      for (const [index, [name, place]] of places.entries()) {
        const address = await addressIn(host(place), name);
        const local = [
          { address: "127.0.0.1", port: SECRET_PORT },
          { address, port: SECRET_PORT },
        ];
        expect(await connectFrom(host(place), name, local), `listener ${index}`).toEqual([true, true]);
      }
      const { tried } = await matrixOf(eight, [...EIGHT_INSIDE, ...PUBLISHED], [SECRET_PORT]);
      expect(tried).toHaveLength(EIGHT_TRIED + 8 * 7);
    } finally {
      await Promise.all(listeners.map((listener) => listener.remove({ force: true })));
    }
  });

  test("published ports are for the allowed sources alone", async () => {
    await eight.must(["config", "set", "--path", "clocker:network.sources[0]", NOT_OURS]);
    const changed = await eight.changes();
    expect(changed.map(({ op, urn }) => `${op} ${urn.split("::").at(-1)}`).sort()).toEqual([
      "update network-gate-published",
      "update network-report-published",
    ]);
    const gate = targetOf((await eight.outputs()).services["gate"]?.endpoints[0]);
    const outside = new OutsideOrigin(limit(1));
    expect(await outside.connect([gate])).toEqual([true]);
    await eight.up();
    await eventually(
      async () => (await outside.connect([gate]))[0] === false,
      "a source that is not allowed is refused",
      5,
    );
    const { tried } = await matrixOf(eight, EIGHT_INSIDE);
    expect(tried).toHaveLength(EIGHT_TRIED);
  });

  test("a link that is removed takes one policy with it, and packets stop within 5 s", async () => {
    const { calicoAddress: address = "" } = (await eight.outputs()).services["queue"] ?? {};
    const queue = [{ address, port: 6379 }];
    expect(await connectFrom(host("host-b"), container("worker"), queue)).toEqual([true]);
    const { file } = await variant(
      `      - $brooklyn:component("store")\n${LINK}`,
      '      - $brooklyn:component("store")\n',
    );
    await eight.configure(file, { placement: EIGHT_PLACEMENT });
    await eight.must(["config", "set", "--path", "clocker:network.sources[0]", NOT_OURS]);
    const changed = await eight.changes();
    const named = changed.map(({ op, urn }) => ({ op, name: urn.split("::").at(-1) ?? "" }));
    expect(named.filter(({ op }) => op === "delete")).toEqual([{ op: "delete", name: "network-queue-from-worker" }]);
    const others = named.filter(({ op, name }) => op !== "delete" && !/^worker(-|$)/.test(name));
    expect(others).toEqual([]);
    await eight.up();
    const closed = async () => !(await connectFrom(host("host-b"), container("worker"), queue))[0];
    await eventually(closed, "worker reaches queue no more", 5);
    await matrixOf(
      eight,
      EIGHT_INSIDE.filter((one) => one !== "worker -> queue:6379"),
    );
  });

  test("policies that would be wrong are refused in the preview, with the blueprint's line", async () => {
    const { file, lines } = await variant(
      "id: api\n    location: my-docker-cloud\n    openPorts: 6379\n",
      "id: api\n    location: my-docker-cloud\n",
    );
    await eight.configure(file, { placement: EIGHT_PLACEMENT });
    const link = lines.findIndex((line) => line.includes('component("api")')) + 1;
    expect(await refusal(eight)).toMatch(
      new RegExp(
        `eight-services\\.yaml:${link}:\\d+ error link-without-ports: .*'gate' to 'api'.*Calico lets nothing through`,
      ),
    );
    await eight.configure(EIGHT, { placement: EIGHT_PLACEMENT });

    await three.must(["config", "rm", "--path", "clocker:locations.my-mesos-cluster.agents"]);
    const blueprint = (await readFile(path.join(ROOT, THREE_CLOUDS), "utf8")).split("\n");
    const dnmonster = blueprint.findIndex((line) => line.includes("dnmonster:1.0")) + 1;
    expect(await refusal(three)).toMatch(
      new RegExp(`openstack\\.yaml:${dnmonster}:\\d+ error not-enforceable: .*links of service 'dnmonster'`),
    );
    await three.configure(THREE_CLOUDS);
  });

  test("destroy leaves nothing of the application, and the other one as it was", async () => {
    await eight.must(["destroy", "--yes", "--skip-preview", "--suppress-progress"]);
    const name = eight.physicalName("eight-services");
    expect(await eight.clouds.dockerLeftovers(eight.name)).toEqual([]);
    expect(await eight.clouds.marathonLeftovers(name)).toEqual([]);
    expect(await eight.clouds.calicoLeftovers(name)).toEqual([]);
    const { tried } = await matrixOf(three, THREE_ALLOWED);
    expect(tried).toHaveLength(THREE_TRIED);
  });

  test("Felix complained of nothing invalid in all that", async () => {
    for (const one of hosts) {
      expect(invalidIn(await logsOf(one.docker, FELIX))).toEqual([]);
      expect((await one.shell(IN_THE_KERNEL)).output).toContain("cali-");
    }
  });

  test("destroy of the last application leaves nothing in Calico, nor on the hosts", async () => {
    await three.must(["destroy", "--yes", "--skip-preview", "--suppress-progress"]);
    expect(await three.clouds.calicoLeftovers(three.physicalName("my-application"))).toEqual([]);
    expect(await three.clouds.calicoAgents()).toEqual([]);
    const calicoctl = await Calicoctl.open(three.settings);
    try {
      for (const kind of ["workloadendpoints", "globalnetworkpolicies", "globalnetworksets", "ippools", "nodes"]) {
        const json = await calicoctl.run("get", kind, ...(kind === "workloadendpoints" ? ["-A"] : []), "-o", "json");
        expect((JSON.parse(json) as { items: unknown[] }).items, kind).toEqual([]);
      }
      const tiers = JSON.parse(await calicoctl.run("get", "tiers", "-o", "json")) as {
        items: { metadata: { name: string } }[];
      };
      expect(tiers.items.filter(({ metadata }) => metadata.name.startsWith("clocker-"))).toEqual([]);
    } finally {
      await calicoctl.close();
    }
    for (const one of hosts) expect((await one.shell(IN_THE_KERNEL)).output, one.name).toBe("");
  });
});

async function refusal(stack: Stack): Promise<string> {
  const { code, output } = await stack.run(["preview"]);
  expect(code, output).not.toBe(0);
  expect(output).toContain("1 problem, nothing was changed");
  return output;
}
