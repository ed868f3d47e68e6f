/** The fields that Clocker's components set, named as in Calico's reference; a preview checks all others too. */

type Action = "Allow" | "Deny" | "Log" | "Pass";
/** Exact case, or a number from 1 to 255. */
type Protocol = "TCP" | "UDP" | "ICMP" | "ICMPv6" | "SCTP" | "UDPLite" | number;
/** A number, a range `low:high` or the name of an endpoint's port. */
type Port = number | string;

interface EntityRule {
  /** CIDRs, strictly masked. */
  readonly nets?: readonly string[];
  readonly notNets?: readonly string[];
  /** Matches only endpoints and sets that Calico knows. */
  readonly selector?: string;
  readonly notSelector?: string;
  /** Need a protocol with ports. */
  readonly ports?: readonly Port[];
  readonly notPorts?: readonly Port[];
}

interface Rule {
  readonly action: Action;
  readonly ipVersion?: 4 | 6;
  readonly protocol?: Protocol;
  readonly icmp?: { readonly type?: number; readonly code?: number };
  readonly source?: EntityRule;
  readonly destination?: EntityRule;
  readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> };
}

export interface GlobalNetworkPolicySpec {
  /** The policy's name begins with it and a dot. */
  readonly tier: string;
  /** Lower ones come first; without one it is the last. */
  readonly order?: number;
  readonly selector?: string;
  readonly types?: readonly ("Ingress" | "Egress")[];
  readonly ingress?: readonly Rule[];
  readonly egress?: readonly Rule[];
  readonly applyOnForward?: boolean;
  readonly preDNAT?: boolean;
  readonly doNotTrack?: boolean;
}

export interface TierSpec {
  /** Lower ones come first; Calico's `default` has 1000000. */
  readonly order?: number;
  /** What becomes of packets that no policy of the tier matches; default Deny. */
  readonly defaultAction?: "Deny" | "Pass";
}

export interface GlobalNetworkSetSpec {
  /** CIDRs or single addresses. */
  readonly nets?: readonly string[];
}

export interface HostEndpointSpec {
  readonly node: string;
  /** This or `expectedIPs`; `*` is every interface. */
  readonly interfaceName?: string;
  readonly expectedIPs?: readonly string[];
  readonly profiles?: readonly string[];
  readonly ports?: readonly {
    readonly name: string;
    readonly protocol: "TCP" | "UDP" | "SCTP";
    readonly port: number;
  }[];
}

export interface IPPoolSpec {
  /** Another one replaces the pool. */
  readonly cidr: string;
  /** Prefix length of the blocks that nodes take; another one replaces the pool. Default 26, of IPv6 122. */
  readonly blockSize?: number;
  readonly vxlanMode?: "Never" | "Always" | "CrossSubnet";
  readonly ipipMode?: "Never" | "Always" | "CrossSubnet";
  readonly natOutgoing?: boolean;
  readonly disabled?: boolean;
  readonly disableBGPExport?: boolean;
  readonly nodeSelector?: string;
  readonly allowedUses?: readonly ("Workload" | "Tunnel" | "LoadBalancer")[];
  readonly assignmentMode?: "Automatic" | "Manual";
}

/** Some of the fields of Felix; it has about 150, all of which may be given. */
export interface FelixConfigurationSpec {
  readonly interfacePrefix?: string;
  readonly defaultEndpointToHostAction?: "Drop" | "Accept" | "Return";
  readonly iptablesBackend?: "Legacy" | "NFT" | "Auto";
  readonly chainInsertMode?: "Insert" | "Append";
  readonly vxlanEnabled?: boolean;
  readonly vxlanPort?: number;
  readonly vxlanVNI?: number;
  readonly vxlanMTU?: number;
  readonly ipipEnabled?: boolean;
  readonly floatingIPs?: "Enabled" | "Disabled";
  readonly endpointReportingEnabled?: boolean;
  readonly [field: string]: unknown;
}

export interface BGPConfigurationSpec {
  readonly asNumber?: number;
  readonly nodeToNodeMeshEnabled?: boolean;
  readonly listenPort?: number;
  readonly logSeverityScreen?: string;
  readonly communities?: readonly { readonly name: string; readonly value: string }[];
  readonly prefixAdvertisements?: readonly { readonly cidr: string; readonly communities: readonly string[] }[];
  readonly bindMode?: "None" | "NodeIP";
  readonly ignoredInterfaces?: readonly string[];
}

export interface BGPPeerSpec {
  /** This or `nodeSelector`; neither is every node. */
  readonly node?: string;
  readonly nodeSelector?: string;
  /** This or `peerSelector`. */
  readonly peerIP?: string;
  readonly peerSelector?: string;
  readonly asNumber?: number;
  readonly nextHopMode?: "Auto" | "Self" | "Keep";
  readonly sourceAddress?: "UseNodeIP" | "None";
  readonly filters?: readonly string[];
}

interface BGPFilterRule {
  readonly action: "Accept" | "Reject";
  readonly cidr?: string;
  readonly matchOperator?: "Equal" | "In" | "NotEqual" | "NotIn";
  readonly source?: "RemotePeers";
  readonly interface?: string;
}

export interface BGPFilterSpec {
  readonly exportV4?: readonly BGPFilterRule[];
  readonly importV4?: readonly BGPFilterRule[];
  readonly exportV6?: readonly BGPFilterRule[];
  readonly importV6?: readonly BGPFilterRule[];
}
