import type * as pulumi from "@pulumi/pulumi";
import { BGPConfiguration } from "../../providers/calico/resources/bgp-configuration";
import { BGPPeer } from "../../providers/calico/resources/bgp-peer";
import { Node } from "../../providers/calico/resources/node";
import type { CalicoSettings } from "../../settings/network";

const REFLECTOR = "clocker.route-reflector";

/**
 * Whom the hosts exchange routes with, as the settings say; nothing without `bgp`.
 * @param owner Begins the names in Calico, so that stacks do not take each other's peers.
 */
export function createBgp(
  name: string,
  owner: string,
  { bgp }: CalicoSettings,
  options: pulumi.CustomResourceOptions,
): void {
  if (bgp === undefined) return;
  const { asNumber, nodeToNodeMesh: nodeToNodeMeshEnabled, routeReflectors, peers } = bgp;
  new BGPConfiguration(
    `${name}-bgp`,
    { metadata: { name: "default" }, spec: { asNumber, nodeToNodeMeshEnabled } },
    options,
  );
  for (const { host, clusterId } of routeReflectors) {
    new Node(
      `${name}-reflector-${host}`,
      {
        metadata: { name: host, labels: { [REFLECTOR]: "true" } },
        spec: { bgp: { routeReflectorClusterID: clusterId } },
      },
      options,
    );
  }
  if (routeReflectors.length > 0) {
    new BGPPeer(
      `${name}-peer-reflectors`,
      {
        metadata: { name: `${owner}.reflectors` },
        spec: { nodeSelector: "all()", peerSelector: `${REFLECTOR} == 'true'` },
      },
      options,
    );
  }
  for (const { peerIP, asNumber: peerNumber, node } of peers) {
    const key = [peerIP.replace(/[^0-9a-f]+/gi, "-"), ...(node === undefined ? [] : [node])].join(".");
    new BGPPeer(
      `${name}-peer-${key}`,
      {
        metadata: { name: `${owner}.${key}` },
        spec: { peerIP, asNumber: peerNumber, ...(node !== undefined && { node }) },
      },
      options,
    );
  }
}
