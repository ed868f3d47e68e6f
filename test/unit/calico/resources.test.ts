import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, test } from "vitest";
import { BGPConfiguration } from "../../../providers/calico/resources/bgp-configuration";
import { BGPFilter } from "../../../providers/calico/resources/bgp-filter";
import { BGPPeer } from "../../../providers/calico/resources/bgp-peer";
import { CalicoDatastore } from "../../../providers/calico/resources/calico-datastore";
import { FelixConfiguration } from "../../../providers/calico/resources/felix-configuration";
import { GlobalNetworkPolicy } from "../../../providers/calico/resources/global-network-policy";
import { GlobalNetworkSet } from "../../../providers/calico/resources/global-network-set";
import { HostEndpoint } from "../../../providers/calico/resources/host-endpoint";
import { IPPool } from "../../../providers/calico/resources/ip-pool";
import { IPReservation } from "../../../providers/calico/resources/ip-reservation";
import { NetworkPolicy } from "../../../providers/calico/resources/network-policy";
import { NetworkSet } from "../../../providers/calico/resources/network-set";
import { Node } from "../../../providers/calico/resources/node";
import { Profile } from "../../../providers/calico/resources/profile";
import { Tier } from "../../../providers/calico/resources/tier";
import { WorkloadEndpoint } from "../../../providers/calico/resources/workload-endpoint";

const registered = new Map<string, { type: string; inputs: Record<string, unknown> }>();

beforeAll(() =>
  pulumi.runtime.setMocks(
    {
      call: () => ({}),
      newResource: ({ name, type, inputs }) => {
        registered.set(name, { type, inputs });
        return { id: name, state: inputs };
      },
    },
    "shop",
    "production",
  ),
);

const metadata = { name: "it", labels: { role: pulumi.output("web") } };
const local = { ...metadata, namespace: "default" };

describe("the class of a kind", () => {
  test.each<[string, () => pulumi.Resource & { readonly metadata: pulumi.Output<{ name: string }> }]>([
    ["BGPConfiguration", () => new BGPConfiguration("r", { metadata, spec: { asNumber: 64512 } })],
    ["BGPFilter", () => new BGPFilter("r", { metadata, spec: { exportV4: [{ action: "Reject" }] } })],
    ["BGPPeer", () => new BGPPeer("r", { metadata, spec: { peerIP: pulumi.output("198.18.0.1"), asNumber: 64512 } })],
    [
      "FelixConfiguration",
      () => new FelixConfiguration("r", { metadata, spec: { vxlanMTU: 1400, logSeverityScreen: "Info" } }),
    ],
    [
      "GlobalNetworkPolicy",
      () => new GlobalNetworkPolicy("r", { metadata, spec: { tier: "shop", ingress: [{ action: "Allow" }] } }),
    ],
    ["GlobalNetworkSet", () => new GlobalNetworkSet("r", { metadata, spec: { nets: [pulumi.output("198.18.0.1")] } })],
    ["HostEndpoint", () => new HostEndpoint("r", { metadata, spec: { node: "h1", interfaceName: "eth0" } })],
    ["IPPool", () => new IPPool("r", { metadata, spec: { cidr: pulumi.output("198.18.0.0/24") }, adopt: true })],
    ["IPReservation", () => new IPReservation("r", { metadata, spec: { reservedCIDRs: ["198.18.0.1"] } })],
    ["NetworkPolicy", () => new NetworkPolicy("r", { metadata: local, spec: { tier: "shop" } })],
    ["NetworkSet", () => new NetworkSet("r", { metadata: local, spec: { nets: [] } })],
    ["Node", () => new Node("r", { metadata, spec: { bgp: { asNumber: 64512 } } })],
    ["Profile", () => new Profile("r", { metadata, spec: { labelsToApply: {} } })],
    ["Tier", () => new Tier("r", { metadata, spec: { order: 100 } })],
    ["WorkloadEndpoint", () => new WorkloadEndpoint("r", { metadata: local, spec: { node: "h1" } })],
  ])("%s registers its type, with the mark of its project, stack and name", async (kind, make) => {
    registered.clear();
    const resource = make();
    const shown = await new Promise<{ name: string }>((resolve) => resource.metadata.apply(resolve));
    expect(shown).toMatchObject({ name: "it", labels: { role: "web" } });
    const { type, inputs } = registered.get("r") ?? { type: "", inputs: {} };
    expect(type).toBe(`pulumi-nodejs:dynamic/calico:${kind}`);
    expect(inputs).toMatchObject({ owner: "shop/production/r", metadata: { name: "it" } });
    expect(inputs["__provider"]).toContain(`calico.${kind}`);
  });

  test("of the datastore needs no arguments", async () => {
    registered.clear();
    const datastore = new CalicoDatastore("d");
    await new Promise((resolve) => datastore.urn.apply(resolve));
    expect(registered.get("d")?.type).toBe("pulumi-nodejs:dynamic/calico:Datastore");
  });
});
