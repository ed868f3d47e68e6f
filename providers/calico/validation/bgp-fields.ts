import { anyText, duration, flag, integer, leaf, oneOf, text } from "./leaves";
import { name } from "./name-leaves";
import { address, isCommunityValue, network } from "./network-leaves";
import { asNumber } from "./node-fields";
import { peerAddress } from "./peer-address";
import { unusable } from "./policy-fields";
import { selector } from "./selector-leaf";
import { assumed, list, required, type Shape, struct } from "./shape";

const PASSWORD =
  "Calico takes BGP passwords from Kubernetes secrets only and would peer without one; leave it out and guard TCP 179 by policy";

const ipBlocks = list(struct({ cidr: network({ strict: true }) }), { set: true });

const community = leaf(
  (value, at, findings) => {
    if (isCommunityValue(value)) return;
    findings.refuse(at, value, "a community's value", "write aa:nn with 16 bits each or aa:nn:mm with 32 bits each");
  },
  (value) => value,
);

export const bgpConfiguration = struct({
  asNumber: assumed(asNumber(), 64512),
  nodeToNodeMeshEnabled: assumed(flag({ pointer: true }), true),
  listenPort: assumed(integer({ min: 1, max: 65535 }), 179),
  logSeverityScreen: assumed(oneOf(["Trace", "Debug", "Info", "Warning", "Error", "Fatal"]), "Info"),
  communities: list(
    struct({
      name: required(name(), "name the community"),
      value: required(community, "give its value, such as 64512:120"),
    }),
    { set: true },
  ),
  prefixAdvertisements: list(
    struct({
      cidr: required(network({ strict: true }), "give the range to advertise"),
      communities: required(list(anyText(), { set: true }), "name at least one community"),
    }),
    { set: true },
  ),
  bindMode: assumed(oneOf(["None", "NodeIP"], { pointer: true }), "None"),
  ignoredInterfaces: list(
    text({
      valid: (given) => given !== "*" && /^[a-zA-Z0-9_.*-]{1,15}$/.test(given),
      allowed: "an interface to ignore",
      remedy: "use 1 to 15 of A-Z a-z 0-9 _ . - and '*', not '*' alone",
    }),
    { set: true },
  ),
  serviceClusterIPs: ipBlocks,
  serviceExternalIPs: ipBlocks,
  serviceLoadBalancerIPs: ipBlocks,
  serviceLoadBalancerAggregation: assumed(oneOf(["Enabled", "Disabled"], { pointer: true }), "Enabled"),
  nodeMeshPassword: unusable(PASSWORD),
  nodeMeshMaxRestartTime: duration(),
  localWorkloadPeeringIPV4: address(4),
  localWorkloadPeeringIPV6: address(6),
});

export const bgpPeer = struct({
  node: name(),
  nodeSelector: selector(),
  peerIP: peerAddress(),
  peerSelector: selector(),
  localWorkloadSelector: selector(),
  asNumber: asNumber({ zero: true }),
  localASNumber: asNumber(),
  keepOriginalNextHop: flag(),
  nextHopMode: assumed(oneOf(["Auto", "Self", "Keep"], { pointer: true }), "Auto"),
  reversePeering: assumed(oneOf(["Auto", "Manual"], { pointer: true }), "Auto"),
  password: unusable(PASSWORD),
  sourceAddress: assumed(oneOf(["UseNodeIP", "None"]), "UseNodeIP"),
  maxRestartTime: duration(),
  numAllowedLocalASNumbers: integer({ min: 0, max: 2 ** 31 - 1, pointer: true }),
  ttlSecurity: integer({ min: 0, max: 255, pointer: true }),
  reachableBy: address(),
  filters: list(name()),
});

function filterRules(family: 4 | 6): Shape {
  const length = integer({ min: 0, max: family === 4 ? 32 : 128, pointer: true });
  return list(
    struct({
      cidr: network({ family, strict: true }),
      matchOperator: oneOf(["Equal", "In", "NotEqual", "NotIn"]),
      prefixLength: struct({ min: length, max: length }, { kept: true }),
      source: oneOf(["RemotePeers"]),
      interface: text({
        valid: /^[a-zA-Z0-9_.*-]{1,15}$/,
        allowed: "an interface",
        remedy: "use 1 to 15 of A-Z a-z 0-9 _ . - and '*'",
      }),
      action: required(oneOf(["Accept", "Reject"], { filled: true }), "write Accept or Reject"),
    }),
  );
}

export const bgpFilter = struct({
  exportV4: filterRules(4),
  importV4: filterRules(4),
  exportV6: filterRules(6),
  importV6: filterRules(6),
});
