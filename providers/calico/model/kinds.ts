interface Traits {
  /** Segment of the key. */
  readonly plural: string;
  readonly namespaced: boolean;
  /** Whether several writers keep one object of this name: it is merged, never replaced. */
  readonly shared?: (name: string) => boolean;
}

const always = () => true;
const onlyDefault = (name: string) => name === "default";

/** Calico's kinds of resources that Clocker writes. */
export const CALICO_KINDS = {
  BGPConfiguration: { plural: "bgpconfigurations", namespaced: false, shared: onlyDefault },
  BGPFilter: { plural: "bgpfilters", namespaced: false },
  BGPPeer: { plural: "bgppeers", namespaced: false },
  ClusterInformation: { plural: "clusterinformations", namespaced: false, shared: always },
  FelixConfiguration: { plural: "felixconfigurations", namespaced: false, shared: onlyDefault },
  GlobalNetworkPolicy: { plural: "globalnetworkpolicies", namespaced: false },
  GlobalNetworkSet: { plural: "globalnetworksets", namespaced: false },
  HostEndpoint: { plural: "hostendpoints", namespaced: false },
  IPPool: { plural: "ippools", namespaced: false },
  IPReservation: { plural: "ipreservations", namespaced: false },
  NetworkPolicy: { plural: "networkpolicies", namespaced: true },
  NetworkSet: { plural: "networksets", namespaced: true },
  Node: { plural: "nodes", namespaced: false, shared: always },
  Profile: { plural: "profiles", namespaced: false },
  Tier: { plural: "tiers", namespaced: false },
  WorkloadEndpoint: { plural: "workloadendpoints", namespaced: true },
} as const satisfies Record<string, Traits>;

export type CalicoKind = keyof typeof CALICO_KINDS;

/** Whether several writers keep this object, so that it is merged and never replaced. */
export function isShared(kind: CalicoKind, name: string): boolean {
  const traits: Traits = CALICO_KINDS[kind];
  return traits.shared?.(name) ?? false;
}

export function isPolicy(kind: CalicoKind): kind is "GlobalNetworkPolicy" | "NetworkPolicy" {
  return kind === "GlobalNetworkPolicy" || kind === "NetworkPolicy";
}
