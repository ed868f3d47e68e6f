import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ensureCalico } from "../../engine/calico-programs";
import { CALICO_KINDS, type CalicoKind } from "../../providers/calico/model/kinds";
import { sameSpec } from "../../providers/calico/validation/validate";
import type { Properties } from "../../providers/runtime/handler";
import { args, CalicoProvider, failureOf } from "../contract/support/calico";
import { EtcdServer } from "../contract/support/etcd-server";

type Written = Exclude<CalicoKind, "ClusterInformation">;
type Resource = { kind: string; metadata: { uid: string; labels?: Properties }; spec: Properties };

let etcd: EtcdServer;
let calico: CalicoProvider;
let calicoctl: string;
let folder: string;

beforeAll(async () => {
  ({ calicoctl } = await ensureCalico(["calicoctl"], { log: (line) => console.log(line) }));
  folder = await mkdtemp(join(tmpdir(), "clocker-judge-"));
  etcd = await EtcdServer.start();
  calico = await CalicoProvider.start({ endpoints: [etcd.endpoint] });
});

afterAll(async () => {
  await calico?.stop();
  await etcd?.stop();
  await rm(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  await etcd.ctl("del", "--prefix", "/");
  await (await calico.of("calico.Datastore")).create({});
});

/** What Calico's own client prints. */
async function ctl(...line: string[]): Promise<string> {
  const env = { ...process.env, DATASTORE_TYPE: "etcdv3", ETCD_ENDPOINTS: etcd.endpoint };
  return (await promisify(execFile)(calicoctl, line, { env })).stdout;
}

async function get(kind: string, metadata: Properties): Promise<Resource> {
  const place = metadata["namespace"] === undefined ? [] : ["-n", String(metadata["namespace"])];
  return JSON.parse(await ctl("get", kind, String(metadata["name"]), ...place, "-o", "json"));
}

async function write(command: "create" | "apply" | "replace", resource: object): Promise<void> {
  const file = join(folder, "resource.json");
  await writeFile(file, JSON.stringify({ apiVersion: "projectcalico.org/v3", ...resource }));
  await ctl(command, "-f", file);
}

const WEB = {
  tier: "shop",
  order: 10,
  selector: "role == 'web'",
  ingress: [
    {
      action: "Allow",
      protocol: "TCP",
      source: { selector: "role == 'client'" },
      destination: { ports: [80, "90:95"] },
    },
  ],
  egress: [{ action: "Allow", protocol: 17, destination: { nets: ["198.18.0.1/32"], ports: [53] } }],
};

const RESOURCES: readonly [Written, Properties, Properties][] = [
  ["BGPConfiguration", { name: "default" }, { nodeToNodeMeshEnabled: false, asNumber: 64512 }],
  ["BGPFilter", { name: "f" }, { importV4: [{ action: "Reject", cidr: "198.18.0.0/16", matchOperator: "In" }] }],
  ["BGPPeer", { name: "b" }, { peerIP: "198.18.0.1", asNumber: 64513 }],
  ["FelixConfiguration", { name: "node.h1" }, { vxlanMTU: 1400, ipipEnabled: false }],
  ["GlobalNetworkPolicy", { name: "shop.web", labels: { team: "a" } }, WEB],
  ["GlobalNetworkPolicy", { name: "open" }, { order: 10, selector: "all()" }],
  ["GlobalNetworkSet", { name: "s", labels: { role: "web" } }, { nets: ["198.18.0.1", "198.18.0.0/24"] }],
  [
    "HostEndpoint",
    { name: "h1-eth0", labels: { host: "docker" } },
    {
      node: "h1",
      interfaceName: "eth0",
      expectedIPs: ["198.18.0.1"],
      ports: [{ name: "http", protocol: "TCP", port: 80 }],
    },
  ],
  ["IPPool", { name: "p" }, { cidr: "198.18.0.0/24", vxlanMode: "Always", natOutgoing: true, blockSize: 28 }],
  ["IPReservation", { name: "r" }, { reservedCIDRs: ["198.18.0.1"] }],
  ["NetworkPolicy", { name: "shop.web", namespace: "default" }, { tier: "shop", egress: [{ action: "Deny" }] }],
  ["NetworkSet", { name: "s", namespace: "default" }, { nets: ["198.18.0.1"] }],
  ["Node", { name: "h1" }, { bgp: { ipv4Address: "198.18.250.1/24", asNumber: 64512 } }],
  ["Profile", { name: "p" }, { ingress: [{ action: "Allow" }], labelsToApply: { role: "web" } }],
  ["Tier", { name: "other" }, { order: 100, defaultAction: "Pass" }],
  [
    "WorkloadEndpoint",
    { name: "h1-lab-w-eth0", namespace: "default", labels: { role: "web" } },
    {
      node: "h1",
      orchestrator: "lab",
      workload: "w",
      endpoint: "eth0",
      interfaceName: "cali1",
      ipNetworks: ["198.18.0.9/32"],
      ports: [{ name: "http", protocol: "TCP", port: 80 }],
    },
  ],
];

async function shopTier(): Promise<void> {
  await (await calico.of("calico.Tier")).create(args({ name: "shop" }, { order: 100, defaultAction: "Deny" }));
}

describe("calicoctl", () => {
  test.each(RESOURCES)("reads and applies a %s %j of ours without a change to it", async (kind, metadata, spec) => {
    await shopTier();
    const resource = await calico.of(`calico.${kind}`);
    const made = await resource.create(args(metadata, spec));
    const read = await get(kind, metadata);
    expect(read).toMatchObject({ kind, metadata });
    expect(sameSpec(kind, read.spec, spec)).toBe(true);

    await write("apply", read);
    const { spec: applied, metadata: after } = await get(kind, metadata);
    expect(applied).toEqual(read.spec);
    expect(after.uid).toBe(read.metadata.uid);
    const seen = await resource.refresh(made);
    expect(seen?.outs).toEqual(made.outs);
    expect(await resource.diff(made, args(metadata, spec))).toEqual({ changes: false, replaces: [] });

    await resource.delete(made);
    await expect(get(kind, metadata)).rejects.toThrow("does not exist");
  });

  test.each(RESOURCES)("makes a %s %j that we take over without a change to it", async (kind, metadata, spec) => {
    await shopTier();
    await write("create", { kind, metadata, spec });
    const before = await get(kind, metadata);
    const resource = await calico.of(`calico.${kind}`);
    const wanted = args(metadata, spec, { adopt: true });
    const made = await resource.create(wanted);
    expect((await get(kind, metadata)).spec).toEqual(before.spec);
    expect((await resource.refresh(made))?.outs).toEqual(made.outs);
    expect(await resource.diff(made, wanted)).toEqual({ changes: false, replaces: [] });
  });

  test("is seen when it changes or deletes something of ours", async () => {
    await shopTier();
    const policy = await calico.of("calico.GlobalNetworkPolicy");
    const wanted = args({ name: "shop.web" }, WEB);
    const made = await policy.create(wanted);
    const read = await get("GlobalNetworkPolicy", { name: "shop.web" });
    await write("replace", { ...read, spec: { ...read.spec, order: 20 } });
    const seen = await policy.refresh(made);
    if (!seen) throw new Error("gone");
    expect(seen.inputs["spec"]).toEqual({ ...WEB, order: 20 });
    expect(await policy.diff(seen, wanted)).toEqual({ changes: true, replaces: [] });
    await ctl("delete", "gnp", "shop.web");
    expect(await policy.refresh(made)).toBeUndefined();
  });

  test("lists one entry a policy, under the name that it was given", async () => {
    await shopTier();
    const policy = await calico.of("calico.GlobalNetworkPolicy");
    await policy.create(args({ name: "shop.web" }, WEB));
    await policy.create(args({ name: "open" }, { selector: "all()" }));
    const rows = (await ctl("get", "gnp")).trim().split("\n").slice(1);
    expect(rows.map((row) => row.trim().split(/\s+/))).toEqual([
      ["open", "default"],
      ["shop.web", "shop"],
    ]);
  });

  test("finds the addresses of a pool as we left them, also where the pool is in use and stays", async () => {
    const pool = await calico.of("calico.IPPool");
    const made = await pool.create(args({ name: "p" }, { cidr: "198.18.0.0/24", blockSize: 28 }));
    expect(await ctl("ipam", "show")).toContain("198.18.0.0/24 |       256 | 0 (0%)");
    const addresses = await calico.of("calico.ServiceAddress");
    const address = await addresses.create({ range: "p", node: "h1", service: "web" });
    const used = await ctl("ipam", "show", "--show-blocks");
    expect(used).toMatch(/IP Pool\s*\|\s*198\.18\.0\.0\/24\s*\|\s*256\s*\|\s*1 /);
    expect(used).toMatch(/Block\s*\|\s*198\.18\.0\.\d+\/28\s*\|\s*16\s*\|\s*1 /);
    expect((await failureOf(pool.delete(made))).message).toContain("has 1 address in use");
    expect(await ctl("ipam", "show", "--show-blocks")).toBe(used);
    await addresses.delete(address);
    await pool.delete(made);
    expect(await ctl("ipam", "show", "--show-blocks")).not.toContain("198.18.0.");
    expect((await calico.client.list("/calico/ipam/")).entries).toEqual([]);
  });

  test("takes every kind that is written here", () => {
    const written = new Set(RESOURCES.map(([kind]) => kind as CalicoKind));
    expect(Object.keys(CALICO_KINDS).filter((kind) => !written.has(kind as CalicoKind))).toEqual([
      "ClusterInformation",
    ]);
  });
});
