import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readSandbox } from "../../sandbox/description";
import { CalicoHost, invalidIn, redisAnswers } from "./support/calico-host";
import { Calicoctl } from "./support/calicoctl";
import { logsOf } from "./support/container";
import { eventually } from "./support/eventually";
import { ROOT, SANDBOX } from "./support/stack";

const POOL = "calico-host-test";
/** The end of the sandbox's range for Calico. */
const RANGE = "198.18.191.0/24";
const TIER = "calico-host-test";
const CLIENT_TO_WEB = "client -> web: PONG";

/** Only client to web is admitted, only on the port of Redis. */
const POLICIES = [
  { apiVersion: "projectcalico.org/v3", kind: "Tier", metadata: { name: TIER }, spec: { order: 500 } },
  policy("web", {
    selector: "test == 'calico-host' && role == 'web'",
    types: ["Ingress", "Egress"],
    ingress: [
      {
        action: "Allow",
        protocol: "TCP",
        source: { selector: "test == 'calico-host' && role == 'client'" },
        destination: { ports: [6379] },
      },
    ],
  }),
  policy("client", {
    selector: "test == 'calico-host' && role == 'client'",
    types: ["Ingress", "Egress"],
    egress: [{ action: "Allow", protocol: "TCP", destination: { selector: "role == 'web'" } }],
  }),
];

function policy(name: string, spec: object): object {
  const metadata = { name: `${TIER}.${name}` };
  return { apiVersion: "projectcalico.org/v3", kind: "GlobalNetworkPolicy", metadata, spec: { tier: TIER, ...spec } };
}

describe("the Docker hosts of a sandbox with Calico", () => {
  let hosts: readonly CalicoHost[];
  let calicoctl: Calicoctl;
  let pool: readonly object[];
  /** This machine, as the hosts see it. */
  let gateway: readonly string[];

  beforeAll(async () => {
    const sandbox = await readSandbox(ROOT, SANDBOX);
    hosts = CalicoHost.all(sandbox);
    gateway = [`${sandbox.gateway}/32`];
    calicoctl = await Calicoctl.open(sandbox);
    const spec = { cidr: RANGE, blockSize: 28, vxlanMode: "Always", natOutgoing: true };
    pool = [{ apiVersion: "projectcalico.org/v3", kind: "IPPool", metadata: { name: POOL }, spec }];
    await calicoctl.withResources("apply", pool);
    for (const host of hosts) {
      await host.startDriver(POOL);
      await host.startFelix();
    }
    for (const host of hosts) {
      await host.createNetwork("calico-host-test", RANGE, { test: "calico-host" });
      for (const role of ["web", "client"]) await host.startRedis(role);
    }
  });

  afterAll(async () => {
    for (const host of hosts ?? []) await host.close();
    await calicoctl?.withResources("delete", [...POLICIES].reverse());
    for (const host of hosts ?? []) await calicoctl?.run("delete", "node", host.name);
    await calicoctl?.withResources("delete", pool);
    await calicoctl?.close();
  });

  /** `FROM -> TO: what Redis answered` for all pairs of roles and hosts. */
  const matrix = async (): Promise<string[]> => {
    const pairs = hosts.flatMap((from) =>
      hosts.flatMap((to) => [
        { from, to, client: "client", server: "web" },
        { from, to, client: "web", server: "client" },
      ]),
    );
    return Promise.all(
      pairs.map(async ({ from, to, client, server }) => {
        const answer = await from.ping(client, await to.addressOf(server));
        return `${client} -> ${server}: ${answer}`;
      }),
    );
  };
  const answers = async () => [...new Set(await matrix())].sort();
  const CLOSED = ["client -> web: none", "web -> client: none"];
  const ADMITTED = [CLIENT_TO_WEB, "web -> client: none"];

  test("run Felix with the rights to change the network alone", async () => {
    for (const host of hosts) {
      await eventually(() => host.felixIsReady(), `Felix on ${host.name} is ready`, 60);
      // CAP_NET_ADMIN and CAP_NET_RAW
      expect((await host.exec("felix", "grep CapEff /proc/1/status")).output).toContain("0000000000003000");
      expect((await host.exec("felix", "echo x > /proc/sys/kernel/core_pattern")).exitCode).not.toBe(0);
    }
  });

  test("let no packet pass between containers that no policy admits", async () => {
    expect(await answers()).toEqual(CLOSED);
  });

  test("let pass what a policy admits, on one host and across hosts, in its direction", async () => {
    await calicoctl.withResources("apply", POLICIES);
    await eventually(async () => (await answers()).includes(CLIENT_TO_WEB), "client reaches web", 30);
    expect(await answers()).toEqual(ADMITTED);
  });

  test("keep that while containers, Felix, the driver and the engine end and come back", async () => {
    const [first, second] = hosts as [CalicoHost, CalicoHost];
    // No policy admits these; a door that is open for a moment shows here.
    await first.watch("web", await second.addressOf("web"));
    await second.watch("web", await first.addressOf("web"));
    for (const host of hosts) {
      await host.restart("felix");
      expect(await answers()).toEqual(ADMITTED);
      await host.restart("docker-calico");
      await host.driverServes();
      expect(await answers()).toEqual(ADMITTED);
      await host.restart("client");
      await eventually(async () => (await answers()).includes(CLIENT_TO_WEB), "the new client reaches web", 30);
      expect(await answers()).toEqual(ADMITTED);
      await host.killEngine();
      expect(await answers()).toEqual(ADMITTED);
    }
    for (const host of hosts) {
      const seen = await host.watched("web");
      expect(new Set(seen)).toEqual(new Set(["none"]));
      const goesOn = async () => (await host.watched("web")).length > seen.length;
      await eventually(goesOn, `the watch on ${host.name} has gone on until now`, 10);
    }
  });

  test("close again when the policy goes", async () => {
    await calicoctl.withResources("delete", [...POLICIES].reverse());
    await eventually(async () => !(await answers()).includes(CLIENT_TO_WEB), "client reaches web no more", 30);
    expect(await answers()).toEqual(CLOSED);
    await calicoctl.withResources("apply", POLICIES);
  });

  test("publish a port to the sources alone that a policy admits", async () => {
    const [host] = hosts as [CalicoHost, ...CalicoHost[]];
    await host.startRedis("public", 7379);
    expect(await redisAnswers(host.address, 7379)).toBe(false);
    const admit = (nets: readonly string[]) => [
      policy("public", {
        selector: "test == 'calico-host' && role == 'public'",
        types: ["Ingress"],
        ingress: [{ action: "Allow", protocol: "TCP", source: { nets }, destination: { ports: [6379] } }],
      }),
    ];
    await calicoctl.withResources("apply", admit(gateway));
    await eventually(() => redisAnswers(host.address, 7379), "the published port answers", 30);
    await calicoctl.withResources("apply", admit(["198.18.255.77/32"]));
    await eventually(async () => !(await redisAnswers(host.address, 7379)), "it answers no more", 30);
    await calicoctl.withResources("delete", admit(gateway));
  });

  test("make Felix complain of nothing invalid", async () => {
    for (const host of hosts) expect(invalidIn(await logsOf(host.docker, "felix"))).toEqual([]);
  });

  test("leave neither endpoint nor address when their containers are gone", async () => {
    for (const host of hosts) await host.removeContainers();
    const endpoints = await calicoctl.run("get", "workloadendpoints", "--all-namespaces", "-o", "json");
    expect(JSON.parse(endpoints)).toMatchObject({ items: [] });
    const blocks = await calicoctl.run("ipam", "show", "--show-blocks");
    // The ends of the hosts' tunnels.
    expect(/IP Pool[^|]*\|[^|]*\|[^|]*\|\s*(\d+)/.exec(blocks)?.[1]).toBe(String(hosts.length));
  });
});
