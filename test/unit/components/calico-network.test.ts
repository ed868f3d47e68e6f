import { expect, it } from "vitest";
import type { CalicoKind } from "../../../providers/calico/model/kinds";
import { isRecord, type Metadata } from "../../../providers/calico/model/resource";
import { validateResource } from "../../../providers/calico/validation/validate";
import { type Settings, settingsSchema } from "../../../settings/schema";
import { openstackLocation } from "../settings/example";
import { deployed } from "./deployed";
import { inputsOf, type Recorded } from "./recorder";

const DYNAMIC = "pulumi-nodejs:dynamic/calico:";
const HOST_A = { url: "ssh://deploy@192.0.2.11", address: "192.0.2.11" };
const HOST_B = { url: "ssh://deploy@192.0.2.12", address: "192.0.2.12" };
const IMAGES = { driverImage: "registry.example.com/driver:1", felixImage: "registry.example.com/felix:1" };
/** What the clouds would answer. */
const OUTPUTS = {
  "network-range": { cidr: "198.18.160.64/26" },
  "store-address": { address: "192.0.2.200" },
  "store-port": { allFixedIps: ["198.18.128.5"] },
  "store-key": { publicKey: "ssh-ed25519 AAAA store", privateKey: "PRIVATE" },
};

const WEB_AND_CACHE = `
- {type: "docker:redis:3", id: cache, location: docks, openPorts: 6379}
- {type: "docker:web:1", id: web, location: docks, openPorts: 80, links: {cache: '$brooklyn:component("cache")'}}
`;

/** Settings with Calico, where `change` replaces keys of it. */
function settingsOf(change: Record<string, unknown> = {}, locations: Record<string, unknown> = {}): Settings {
  return settingsSchema.parse({
    blueprint: "unit.yaml",
    locations: { docks: { type: "docker", hosts: { "host-a": HOST_A, "host-b": HOST_B } }, ...locations },
    network: {
      calico: { etcd: { endpoints: ["https://192.0.2.5:2379"] }, pool: "198.18.160.0/20", ...IMAGES, ...change },
    },
  });
}

function deploy(settings: Settings, services = WEB_AND_CACHE): Promise<Recorded[]> {
  return deployed(settings, services, OUTPUTS);
}

function ofKind(made: readonly Recorded[], kind: string): Recorded[] {
  return made.filter(({ type }) => type === DYNAMIC + kind);
}

/** Names of all that is there before that resource. */
function before(made: readonly Recorded[], name: string): readonly string[] {
  const direct = made.find((resource) => resource.name === name)?.dependencies ?? [];
  return [...new Set(direct.flatMap((dependency) => [dependency, ...before(made, dependency)]))];
}

it.each<[string, object, number]>([
  ["vxlan", { vxlanMode: "Always" }, 1450],
  ["vxlan-cross-subnet", { vxlanMode: "CrossSubnet" }, 1450],
  ["ipip", { ipipMode: "Always" }, 1480],
  ["ipip-cross-subnet", { ipipMode: "CrossSubnet" }, 1480],
  ["none", {}, 1500],
])(
  "encapsulation %s is that of the application's range and of its hosts, and leaves room for its headers",
  async (encapsulation, modes, mtu) => {
    const made = await deploy(settingsOf({ encapsulation }));
    expect(inputsOf(made, "network-range")["spec"]).toEqual({
      blockSize: 28,
      natOutgoing: true,
      allowedUses: ["Workload"],
      ...modes,
    });
    expect(inputsOf(made, "network-host-host-a")).toMatchObject({ encapsulation, mtu });
  },
);

it("the range has the size, the blocks and the way out that the settings say", async () => {
  const made = await deploy(settingsOf({ rangePrefix: 24, blockSize: 27, natOutgoing: false }));
  expect(inputsOf(made, "network-range")).toMatchObject({
    metadata: { name: "app-unit" },
    pool: "198.18.160.0/20",
    prefixLength: 24,
    spec: { blockSize: 27, natOutgoing: false },
  });
});

it("a managed host gets its agents from the settings, with the node's name and whose they are", async () => {
  const docks = { type: "docker", hosts: { "host-a": { ...HOST_A, node: "rack-1.example.com" } } };
  const made = await deploy(settingsOf({ iptables: "legacy" }, { docks }));
  expect(ofKind(made, "Host").map(({ name }) => name)).toEqual(["network-host-rack-1.example.com"]);
  expect(inputsOf(made, "network-host-rack-1.example.com")).toMatchObject({
    location: "docks",
    host: "host-a",
    node: "rack-1.example.com",
    address: "192.0.2.11",
    owner: "app-unit",
    ...IMAGES,
    pool: "198.18.160.0/20",
    iptables: "legacy",
  });
  expect(inputsOf(made, "web-address")).toMatchObject({ node: "rack-1.example.com", service: "app-unit-web" });
});

it("a host where Calico runs already gets nothing, and its containers are in Calico all the same", async () => {
  const docks = { type: "docker", hosts: { "host-a": { ...HOST_A, calico: "present" } } };
  const made = await deploy(settingsOf({ driverImage: undefined, felixImage: undefined }, { docks }));
  expect(ofKind(made, "Host")).toEqual([]);
  expect(inputsOf(made, "web-container")["networksAdvanced"]).toMatchObject([{ ipv4Address: "198.18.64.9" }]);
});

it("a host that two locations share has its agents once", async () => {
  const more = { type: "docker", hosts: { again: { ...HOST_A, node: "host-a" } } };
  const tasks = { type: "marathon", url: "http://192.0.2.30:8080", agents: { "host-a": HOST_A, "host-b": HOST_B } };
  const made = await deploy(
    settingsOf({}, { more, tasks }),
    `${WEB_AND_CACHE}
- {type: "docker:web:1", id: other, location: more, openPorts: 80}
- {type: "docker:web:1", id: task, location: tasks, openPorts: 80}`,
  );
  expect(ofKind(made, "Host").map(({ inputs }) => inputs["node"])).toEqual(["host-a", "host-b"]);
  expect(inputsOf(made, "other-address")).toMatchObject({ node: "host-a" });
});

it("a host that two locations share is the same whichever of their services comes first", async () => {
  const tasks = { type: "marathon", url: "http://192.0.2.30:8080", agents: { "host-a": HOST_A, "host-b": HOST_B } };
  const task = `- {type: "docker:web:1", id: task, location: tasks, openPorts: 80}`;
  const settings = settingsOf({}, { tasks });
  const hosts = async (services: string) => {
    const made = ofKind(await deploy(settings, services), "Host").map(({ inputs }) => inputs);
    return made.sort((a, b) => (String(a["node"]) < String(b["node"]) ? -1 : 1));
  };
  const first = await hosts(`${WEB_AND_CACHE}${task}`);
  expect(first).toHaveLength(2);
  expect(await hosts(`${task}${WEB_AND_CACHE}`)).toEqual(first);
});

it("containers and tasks come after every policy and after the agents of their host, which come after the range", async () => {
  const tasks = { type: "marathon", url: "http://192.0.2.30:8080", agents: { "agent-1": HOST_B } };
  const made = await deploy(
    settingsOf({}, { tasks }),
    `${WEB_AND_CACHE}
- {type: "docker:web:1", id: task, location: tasks, openPorts: 80}`,
  );
  const policies = ofKind(made, "GlobalNetworkPolicy").map(({ name }) => name);
  expect(policies).toEqual(["network-cache-from-web", "network-every-service", "network-health"]);
  for (const policy of policies) expect(before(made, policy)).toEqual(["network-tier", "network-datastore"]);
  const networks: [string, string, string][] = [
    ["docks-host-a-app-unit", "network-host-host-a", "web-container"],
    ["tasks-agent-1-app-unit-task", "network-host-agent-1", "task-app"],
  ];
  for (const [network, agents, workload] of networks) {
    expect(before(made, network)).toEqual(expect.arrayContaining([...policies, agents, "network-range"]));
    expect(before(made, agents)).toContain("network-range");
    expect(before(made, workload)).toContain(network);
  }
  expect(before(made, "web-address")).toEqual(expect.arrayContaining(["network-host-host-a", "network-range"]));
  expect(before(made, "network-range")).toContain("network-datastore");
});

it("a machine is known by a set of its addresses, with the labels that policies select by", async () => {
  const made = await deploy(
    settingsOf({}, { machines: openstackLocation() }),
    `
- {type: org.apache.brooklyn.entity.nosql.redis.RedisStore, id: store, location: machines}
- {type: "docker:web:1", id: web, location: docks, openPorts: 80, links: {store: '$brooklyn:component("store")'}}
`,
  );
  const [set, ...others] = ofKind(made, "GlobalNetworkSet");
  expect(others).toEqual([]);
  expect(set?.inputs).toMatchObject({
    metadata: {
      labels: { "clocker.application": "app", "clocker.stack": "unit", "clocker.service": "store" },
    },
    spec: { nets: ["192.0.2.200/32"] },
  });
  expect(inputsOf(made, "network-store-from-web")["spec"]).toMatchObject({
    types: ["Egress"],
    egress: [
      {
        destination: {
          selector: expect.stringContaining("clocker.service == 'store'"),
          ports: [6379],
        },
      },
    ],
  });
});

it("without bgp nothing of BGP is touched", async () => {
  const made = await deploy(settingsOf());
  for (const kind of ["BGPConfiguration", "BGPPeer", "Node"]) expect(ofKind(made, kind)).toEqual([]);
});

it("bgp with its defaults is a mesh of all hosts", async () => {
  const made = await deploy(settingsOf({ bgp: {} }));
  expect(inputsOf(made, "network-bgp")).toMatchObject({
    metadata: { name: "default" },
    spec: { asNumber: 64512, nodeToNodeMeshEnabled: true },
  });
  for (const kind of ["BGPPeer", "Node"]) expect(ofKind(made, kind)).toEqual([]);
});

it("route reflectors are nodes with a cluster and a label, whose peers are all nodes", async () => {
  const routeReflectors = [
    { host: "host-a", clusterId: "224.0.0.1" },
    { host: "host-b", clusterId: "224.0.0.1" },
  ];
  const made = await deploy(settingsOf({ bgp: { asNumber: 64600, nodeToNodeMesh: false, routeReflectors } }));
  expect(inputsOf(made, "network-bgp")["spec"]).toEqual({ asNumber: 64600, nodeToNodeMeshEnabled: false });
  for (const host of ["host-a", "host-b"]) {
    expect(inputsOf(made, `network-reflector-${host}`)).toMatchObject({
      metadata: { name: host, labels: { "clocker.route-reflector": "true" } },
      spec: { bgp: { routeReflectorClusterID: "224.0.0.1" } },
    });
  }
  expect(inputsOf(made, "network-peer-reflectors")).toMatchObject({
    metadata: { name: "app-unit.reflectors" },
    spec: { nodeSelector: "all()", peerSelector: "clocker.route-reflector == 'true'" },
  });
});

it("routers outside are peers of every host or of one, under names of the stack's own", async () => {
  const peers = [
    { peerIP: "192.0.2.1", asNumber: 64600 },
    { peerIP: "192.0.2.1", asNumber: 64600, node: "host-a" },
    { peerIP: "2001:db8::1", asNumber: 64601 },
  ];
  const made = await deploy(settingsOf({ bgp: { peers } }));
  expect(ofKind(made, "BGPPeer").map(({ inputs }) => [(inputs["metadata"] as Metadata).name, inputs["spec"]])).toEqual([
    ["app-unit.192-0-2-1", { peerIP: "192.0.2.1", asNumber: 64600 }],
    ["app-unit.192-0-2-1.host-a", { peerIP: "192.0.2.1", asNumber: 64600, node: "host-a" }],
    ["app-unit.2001-db8-1", { peerIP: "2001:db8::1", asNumber: 64601 }],
  ]);
});

it("everything that it makes is what Calico takes, labels of endpoints included", async () => {
  const bgp = {
    nodeToNodeMesh: false,
    routeReflectors: [{ host: "host-a", clusterId: "224.0.0.1" }],
    peers: [{ peerIP: "2001:db8::1", asNumber: 64601, node: "host-b" }],
  };
  const made = await deploy(settingsOf({ bgp }));
  const kinds = ["BGPConfiguration", "BGPPeer", "GlobalNetworkPolicy", "Node", "Tier"] satisfies CalicoKind[];
  for (const kind of kinds) {
    const resources = ofKind(made, kind);
    expect(resources, kind).not.toEqual([]);
    for (const { name, inputs } of resources) {
      expect(validateResource(kind, inputs["metadata"] as Metadata, inputs["spec"]), name).toEqual([]);
    }
  }
  const spec = inputsOf(made, "network-range")["spec"];
  const range = { ...(isRecord(spec) ? spec : {}), cidr: "198.18.160.64/26" };
  expect(validateResource("IPPool", { name: "app-unit" }, range)).toEqual([]);
  const [connection] = inputsOf(made, "web-container")["networksAdvanced"] as { driverOpts: string[] }[];
  const labels = connection?.driverOpts.map((option) => option.replace(/^label\./, "").split("="));
  expect(labels).toEqual([
    ["clocker.application", "app"],
    ["clocker.stack", "unit"],
    ["clocker.service", "web"],
  ]);
  expect(validateResource("GlobalNetworkSet", { name: "x", labels: Object.fromEntries(labels ?? []) }, {})).toEqual([]);
});
