import { beforeEach, describe, expect, test } from "vitest";
import type { Properties } from "../../providers/runtime/handler";
import { UNKNOWN } from "../../providers/runtime/unknown";
import { type CalicoProvider, failureOf, useCalico } from "./support/calico";
import type { EtcdServer } from "./support/etcd-server";

const RESOURCES = "/calico/resources/v3/projectcalico.org/";

let etcd: EtcdServer;
let calico: CalicoProvider;

useCalico((started) => {
  ({ etcd, calico } = started);
});

beforeEach(() => etcd.ctl("del", "--prefix", "/"));

async function specOf(key: string): Promise<Properties | undefined> {
  return ((await calico.client.get(RESOURCES + key))?.value as { spec: Properties } | undefined)?.spec;
}

/** Somebody else writes an object. */
async function put(key: string, spec: Properties, more: Properties = {}): Promise<void> {
  const metadata = { name: key.split("/")[1], uid: "theirs", creationTimestamp: "2020-01-01T00:00:00Z" };
  await calico.client.commit([], [{ put: RESOURCES + key, value: { metadata, spec, ...more } }]);
}

function args(name: string, spec: Properties, owner = "shop/test/it"): Properties {
  return { metadata: { name }, spec, owner };
}

describe("a datastore", () => {
  test("gets once what Calico needs; further ones of other stacks change nothing of it", async () => {
    const datastore = await calico.of("calico.Datastore");
    const made = await datastore.create({});
    expect(made.outs).toMatchObject({ clusterType: "clocker", clusterGUID: expect.stringMatching(/^[0-9a-f]{32}$/) });
    expect(await specOf("clusterinformations/default")).toEqual({
      clusterGUID: made.outs["clusterGUID"],
      clusterType: "clocker",
      datastoreReady: true,
    });
    expect(await specOf("tiers/default")).toEqual({ order: 1000000, defaultAction: "Deny" });
    expect(await specOf("tiers/adminnetworkpolicy")).toEqual({ order: 1000, defaultAction: "Pass" });
    expect(await specOf("tiers/baselineadminnetworkpolicy")).toEqual({ order: 10000000, defaultAction: "Pass" });
    const { entries } = await calico.client.list("/");
    const second = await datastore.create({});
    expect(second.outs).toEqual(made.outs);
    expect((await calico.client.list("/")).entries).toEqual(entries);
    await datastore.delete(second);
    expect((await calico.client.list("/")).entries).toEqual(entries);
  });

  test("made by many at once has one identity", async () => {
    const datastore = await calico.of("calico.Datastore");
    const made = await Promise.all(Array.from({ length: 6 }, () => datastore.create({})));
    expect(new Set(made.map(({ outs }) => outs["clusterGUID"])).size).toBe(1);
  });

  test("of somebody else keeps what it holds", async () => {
    await put("clusterinformations/default", {
      clusterGUID: "ab".repeat(16),
      clusterType: "openstack,docker",
      calicoVersion: "v3.31.0",
      datastoreReady: true,
      variant: "Calico",
    });
    await put("felixconfigurations/default", { interfacePrefix: "cali,tap", endpointReportingEnabled: true });
    await put("tiers/default", { order: 1000000 });
    const datastore = await calico.of("calico.Datastore");
    const made = await datastore.create({ felix: { interfacePrefix: "cali", vxlanMTU: 1400 } });
    expect(made.outs).toMatchObject({ clusterGUID: "ab".repeat(16), calicoVersion: "v3.31.0" });
    expect(await specOf("clusterinformations/default")).toEqual({
      clusterGUID: "ab".repeat(16),
      clusterType: "openstack,docker,clocker",
      calicoVersion: "v3.31.0",
      datastoreReady: true,
      variant: "Calico",
    });
    expect(await specOf("felixconfigurations/default")).toEqual({
      interfacePrefix: "cali,tap",
      endpointReportingEnabled: true,
      vxlanMTU: 1400,
    });
    expect(await specOf("tiers/default")).toEqual({ order: 1000000 });
    expect((await datastore.refresh(made))?.outs).toEqual(made.outs);
  });

  test("of version 3.32 gets the tiers of that version", async () => {
    await put("clusterinformations/default", { calicoVersion: "v3.32.1", datastoreReady: true });
    await (await calico.of("calico.Datastore")).create({});
    expect(await specOf("tiers/kube-admin")).toEqual({ order: 1000, defaultAction: "Pass" });
    expect(await specOf("tiers/adminnetworkpolicy")).toBeUndefined();
  });

  test("that is locked is left alone", async () => {
    await put("clusterinformations/default", { clusterGUID: "ab".repeat(16), datastoreReady: false });
    const failure = await failureOf((await calico.of("calico.Datastore")).create({}));
    expect(failure.message).toMatch(/^Calico's datastore is locked: .* has datastoreReady false/);
    expect((await calico.client.list("/")).entries).toHaveLength(1);
  });

  test("of which a part is gone is made whole by the next run", async () => {
    const datastore = await calico.of("calico.Datastore");
    const made = await datastore.create({});
    for (const key of ["tiers/default", "felixconfigurations/default", "clusterinformations/default"]) {
      await etcd.ctl("del", RESOURCES + key);
      expect(await datastore.refresh(made), key).toBeUndefined();
      await datastore.create({});
      expect(await specOf(key)).toBeDefined();
    }
  });

  test("shows in a preview what Felix would not understand, and what is a change", async () => {
    const datastore = await calico.of("calico.Datastore");
    const { failures } = await datastore.check({ clusterType: "a,b", felix: { vxlanMTU: "big", nonsense: 1 } });
    expect(failures.map((text) => text.split(" ")[0]).sort()).toEqual([
      "clusterType",
      "felix.nonsense",
      "felix.vxlanMTU",
    ]);
    expect((await datastore.check({ clusterType: UNKNOWN, felix: UNKNOWN })).failures).toEqual([]);
    const made = await datastore.create({ felix: { vxlanMTU: 1400 } });
    expect((await datastore.diff(made, { felix: { vxlanMTU: 1400 } })).changes).toBe(false);
    expect((await datastore.diff(made, { felix: { vxlanMTU: 1410 } })).changes).toBe(true);
    await put("felixconfigurations/default", { vxlanMTU: 1390 });
    expect((await datastore.refresh(made))?.inputs).toMatchObject({ felix: { vxlanMTU: 1390 } });
  });
});

describe("Felix's default configuration", () => {
  test("is merged into, and gets back what it had when ours goes", async () => {
    await put("felixconfigurations/default", { interfacePrefix: "cali,tap", vxlanMTU: 1450, wireguardEnabled: false });
    const felix = await calico.of("calico.FelixConfiguration");
    const made = await felix.create(
      args("default", { interfacePrefix: "cali", vxlanMTU: 1400, floatingIPs: "Enabled" }),
    );
    expect(await specOf("felixconfigurations/default")).toEqual({
      interfacePrefix: "cali,tap",
      vxlanMTU: 1400,
      wireguardEnabled: false,
      floatingIPs: "Enabled",
    });
    expect((await felix.refresh(made))?.outs).toEqual(made.outs);
    const next = await felix.update(made, args("default", { vxlanMTU: 1410 }));
    expect(await specOf("felixconfigurations/default")).toEqual({
      interfacePrefix: "cali,tap",
      vxlanMTU: 1410,
      wireguardEnabled: false,
    });
    await felix.delete(next);
    expect(await specOf("felixconfigurations/default")).toEqual({
      interfacePrefix: "cali,tap",
      vxlanMTU: 1450,
      wireguardEnabled: false,
    });
  });

  test("gets back what it had when the last of several stacks goes, and keeps what the others need until then", async () => {
    await put("felixconfigurations/default", { vxlanMTU: 1450 });
    const felix = await calico.of("calico.FelixConfiguration");
    const one = await felix.create(args("default", { vxlanMTU: 1400, vxlanPort: 4790 }, "shop/one/it"));
    const two = await felix.create(args("default", { vxlanMTU: 1400, vxlanVNI: 4097 }, "shop/two/it"));
    expect((await felix.refresh(one))?.outs).toEqual(one.outs);
    await felix.delete(one);
    expect(await specOf("felixconfigurations/default")).toEqual({ vxlanMTU: 1400, vxlanVNI: 4097 });
    const changed = await felix.update(two, args("default", { vxlanMTU: 1400 }, "shop/two/it"));
    expect(await specOf("felixconfigurations/default")).toEqual({ vxlanMTU: 1400 });
    await felix.delete(changed);
    expect((await calico.client.get(`${RESOURCES}felixconfigurations/default`))?.value).toMatchObject({
      metadata: { name: "default", uid: "theirs", annotations: {} },
      spec: { vxlanMTU: 1450 },
    });
  });

  test("of BGP that stacks made goes with the last of them", async () => {
    const bgp = await calico.of("calico.BGPConfiguration");
    const one = await bgp.create(args("default", { nodeToNodeMeshEnabled: false }, "shop/one/it"));
    const two = await bgp.create(args("default", { asNumber: 64513 }, "shop/two/it"));
    await bgp.delete(one);
    expect(await specOf("bgpconfigurations/default")).toEqual({ asNumber: 64513 });
    await bgp.delete(two);
    expect(await specOf("bgpconfigurations/default")).toBeUndefined();
  });

  test("keeps what somebody set after us", async () => {
    const felix = await calico.of("calico.FelixConfiguration");
    await put("felixconfigurations/default", {});
    const made = await felix.create(args("default", { vxlanMTU: 1400, vxlanPort: 4790 }));
    await put("felixconfigurations/default", { vxlanMTU: 1300, vxlanPort: 4790 });
    await felix.delete(made);
    expect(await specOf("felixconfigurations/default")).toEqual({ vxlanMTU: 1300 });
  });

  test("of one node is ours alone", async () => {
    const felix = await calico.of("calico.FelixConfiguration");
    const made = await felix.create(args("node.h1", { vxlanMTU: 1400 }));
    await felix.delete(made);
    expect(await specOf("felixconfigurations/node.h1")).toBeUndefined();
  });
});

describe("a node", () => {
  test("keeps what Felix writes to it, status and tunnel addresses, through an update and without us", async () => {
    await put(
      "nodes/h1",
      { bgp: { ipv4Address: "198.18.250.1/24", ipv4IPIPTunnelAddr: "198.18.0.1" }, ipv4VXLANTunnelAddr: "198.18.0.2" },
      { status: { wireguardPublicKey: "k" } },
    );
    const node = await calico.of("calico.Node");
    const made = await node.create(args("h1", { bgp: { asNumber: 64513 } }));
    expect((await node.refresh(made))?.outs).toEqual(made.outs);
    const next = await node.update(made, args("h1", { bgp: { asNumber: 64514 } }));
    expect((await calico.client.get(`${RESOURCES}nodes/h1`))?.value).toMatchObject({
      metadata: { name: "h1", uid: "theirs", creationTimestamp: "2020-01-01T00:00:00Z" },
      spec: {
        bgp: { asNumber: 64514, ipv4Address: "198.18.250.1/24", ipv4IPIPTunnelAddr: "198.18.0.1" },
        ipv4VXLANTunnelAddr: "198.18.0.2",
      },
      status: { wireguardPublicKey: "k" },
    });
    await node.delete(next);
    expect(await specOf("nodes/h1")).toEqual({
      bgp: { ipv4Address: "198.18.250.1/24", ipv4IPIPTunnelAddr: "198.18.0.1" },
      ipv4VXLANTunnelAddr: "198.18.0.2",
    });
  });

  test.each<[string, string, Properties]>([
    ["an address", "/calico/ipam/v2/host/h2/ipv4/block/198.18.0.0-26", { state: "confirmed" }],
    ["an endpoint", `${RESOURCES}workloadendpoints/default/w`, { spec: { node: "h2" } }],
    ["a host endpoint", `${RESOURCES}hostendpoints/h`, { spec: { node: "h2" } }],
  ])("of ours stays while %s is left on it, and goes after that", async (_what, key, value) => {
    const node = await calico.of("calico.Node");
    const made = await node.create(args("h2", { bgp: { ipv4Address: "198.18.250.2/24" } }));
    await calico.client.commit([], [{ put: key, value }]);
    await node.delete(made);
    expect(await specOf("nodes/h2")).toBeDefined();
    expect(calico.output).toContain("Node h2 is used or kept by others and stays");
    await etcd.ctl("del", key);
    await node.delete(await node.create(args("h2", { bgp: { ipv4Address: "198.18.250.2/24" } })));
    expect(await specOf("nodes/h2")).toBeUndefined();
  });
});
