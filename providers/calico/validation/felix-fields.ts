import { parseDuration } from "./duration";
import { anyText, duration, flag, integer, leaf, oneOf, pattern, text, texts } from "./leaves";
import { interfaceName, isDnsLabel } from "./name-leaves";
import { address, network } from "./network-leaves";
import { port, unusable } from "./policy-fields";
import { type Fields, list, required, type Shape, struct, written } from "./shape";

const FLAGS = `useInternalDataplaneDriver ipv6Support ipipEnabled vxlanEnabled allowVXLANPacketsFromWorkloads
  allowIPIPPacketsFromWorkloads endpointReportingEnabled disableConntrackInvalidCheck healthEnabled prometheusMetricsEnabled
  prometheusGoMetricsEnabled prometheusProcessMetricsEnabled prometheusWireGuardMetricsEnabled usageReportingEnabled
  removeExternalRoutes debugDisableLogDropping sidecarAccelerationEnabled xdpEnabled genericXDPEnabled bpfEnabled
  bpfDisableUnprivileged bpfConnectTimeLoadBalancingEnabled bpfKubeProxyIptablesCleanupEnabled
  bpfKubeProxyEndpointSlicesEnabled bpfHostConntrackBypass bpfPolicyDebugEnabled flowLogsCollectorDebugTrace
  routeSyncDisabled wireguardEnabled wireguardEnabledV6 wireguardThreadingEnabled wireguardHostEncryptionEnabled
  requireMTUFile`;

const DURATIONS = `dataplaneWatchdogTimeout routeRefreshInterval interfaceRefreshInterval iptablesRefreshInterval
  iptablesPostWriteCheckInterval iptablesLockTimeout iptablesLockProbeInterval ipsetsRefreshInterval xdpRefreshInterval
  netlinkTimeout reportingInterval reportingTTL endpointReportingDelay usageReportingInitialDelay usageReportingInterval
  debugSimulateCalcGraphHangAfter debugSimulateDataplaneHangAfter debugSimulateDataplaneApplyDelay nftablesRefreshInterval
  bpfKubeProxyMinSyncPeriod flowLogsFlushInterval wireguardKeepAlive`;

const TEXTS = `dataplaneDriver iptablesLockFilePath logPrefix logFilePath endpointStatusPathPrefix policySyncPathPrefix
  debugMemoryProfilePath cgroupV2Path`;

const POINTER_TEXTS = "flowLogsGoldmaneServer";

const PORTS = "metadataPort healthPort prometheusMetricsPort debugPort";

const PATTERNS = "logDebugFilenameRegex bpfDataIfacePattern bpfL3IfacePattern bpfDisableGROForIfaces mtuIfacePattern";

/** Whole numbers: [from, to, names]. */
const INTEGERS: readonly [number, number, string][] = [
  [1, 2 ** 31 - 1, "maxIpsetSize bpfMapSizeNATFrontend bpfMapSizeNATBackend bpfMapSizeNATAffinity bpfMapSizeRoute"],
  [1, 2 ** 31 - 1, "bpfMapSizeConntrack bpfMapSizeConntrackCleanupQueue bpfMapSizeIPSets bpfMapSizeIfState"],
  [0, 2 ** 31 - 1, "bpfMapSizePerCpuConntrack"],
  [0, 65535, "ipipMTU vxlanMTU vxlanMTUV6 wireguardMTU wireguardMTUV6"],
  [1, 65535, "vxlanPort bpfKubeProxyHealthzPort wireguardListeningPort wireguardListeningPortV6"],
  [0, 2 ** 24 - 1, "vxlanVNI"],
  [0, 255, "deviceRouteProtocol"],
  [0, 2 ** 32 - 1, "bpfExtToServiceConnmark"],
  [1, 32765, "wireguardRoutingRulePriority"],
  [-1, 2 ** 31 - 1, "goGCThreshold goMemoryLimitMB goMaxProcs"],
];

/** Texts with fixed values. */
const ENUMS: Readonly<Record<string, string>> = {
  chainInsertMode: "Insert Append",
  defaultEndpointToHostAction: "Drop Accept Return",
  iptablesFilterAllowAction: "Accept Return",
  iptablesMangleAllowAction: "Accept Return",
  iptablesFilterDenyAction: "Drop Reject",
  nftablesFilterAllowAction: "Accept Return",
  nftablesMangleAllowAction: "Accept Return",
  nftablesFilterDenyAction: "Drop Reject",
  logSeverityFile: "Trace Debug Info Warning Error Fatal",
  logSeverityScreen: "Trace Debug Info Warning Error Fatal",
  logSeveritySys: "Trace Debug Info Warning Error Fatal",
  ipForwarding: "Enabled Disabled",
  bpfConntrackLogLevel: "Off Debug",
  bpfCTLBLogFilter: "all",
  bpfExternalServiceMode: "Tunnel DSR",
  bpfMapSizeConntrackScaling: "Disabled DoubleIfFull",
  bpfEnforceRPF: "Disabled Strict Loose",
  bpfRedirectToPeer: "Enabled Disabled L2Only",
  bpfProfiling: "Enabled Disabled",
  routeSource: "WorkloadIPs CalicoIPAM",
  serviceLoopPrevention: "Drop Reject Disabled",
  workloadSourceSpoofing: "Disabled Any",
};

/** The same, held as pointers in Calico's types. */
const POINTER_ENUMS: Readonly<Record<string, string>> = {
  iptablesBackend: "Legacy NFT Auto",
  nftablesMode: "Enabled Disabled",
  programClusterRoutes: "Enabled Disabled",
  flowLogsLocalReporter: "Enabled Disabled",
  flowLogsPolicyEvaluationMode: "None Continuous",
  natOutgoingExclusions: "IPPoolsOnly IPPoolsAndHostIPs",
  bpfJITHardening: "Auto Strict",
  bpfConntrackMode: "Auto Userspace BPFProgram",
  bpfConnectTimeLoadBalancing: "TCP Enabled Disabled",
  bpfHostNetworkedNATWithoutCTLB: "Enabled Disabled",
  bpfAttachType: "TC TCX",
  awsSrcDstCheck: "DoNothing Enable Disable",
  floatingIPs: "Enabled Disabled",
  windowsManageFirewallRules: "Enabled Disabled",
};

function words(names: string): string[] {
  return names.split(/\s+/);
}

function each(names: string, shape: Shape): Fields {
  return Object.fromEntries(words(names).map((name) => [name, shape]));
}

function enums(table: Readonly<Record<string, string>>, pointer: boolean): Fields {
  return Object.fromEntries(Object.entries(table).map(([name, values]) => [name, oneOf(words(values), { pointer })]));
}

const pairs = text({
  valid: (given) => given.split(",").every((item) => item === "" || /^\s*\w+=.*$/.test(item)),
  allowed: "a list of settings",
  remedy: "write key=value, with commas between them",
});

const host = (pointer: boolean) =>
  text({
    valid: /^[a-zA-Z0-9:._+-]{1,64}$/,
    allowed: "a host's name or address",
    remedy: "use at most 64 of A-Z a-z 0-9 : . _ + -",
    pointer,
    filled: pointer,
  });

const interfaceFilter = text({
  valid: /^[a-zA-Z0-9:._+-]{1,15}$/,
  allowed: "an interface's name",
  remedy: "use 1 to 15 of A-Z a-z 0-9 : . _ + -, with '+' at the end for all that begin so",
});

const failsafePorts = list(
  struct({
    protocol: required(oneOf(["TCP", "UDP", "SCTP"], { filled: true }), "write TCP, UDP or SCTP"),
    port: required(integer({ min: 1, max: 65535 }), "give the port's number"),
    net: network(),
  }),
  { set: true, kept: true },
);

const timeout = text({
  valid: (given) => given === "Auto" || parseDuration(given) !== undefined,
  allowed: "a time-out",
  remedy: "write a duration such as 10s, or Auto",
  pointer: true,
  filled: true,
});

const range = struct(
  {
    min: required(integer({ min: 1, max: 2 ** 32 - 1, pointer: true }), "give the first table of the range"),
    max: required(integer({ min: 1, max: 2 ** 32 - 1, pointer: true }), "give the last table of the range"),
  },
  { kept: true },
);

const logLevel = oneOf(["Off", "Info", "Debug"]);
const markMask = integer({ min: 0, max: 2 ** 32 - 1, pointer: true });
const cidrs = list(network(), { set: true, kept: true });

const felixFields: Fields = {
  ...each(FLAGS, flag({ pointer: true })),
  ...each(DURATIONS, duration()),
  ...each(TEXTS, anyText()),
  ...each(POINTER_TEXTS, anyText(true)),
  ...each(PORTS, integer({ min: 0, max: 65535, pointer: true })),
  ...each(PATTERNS, pattern()),
  ...Object.assign({}, ...INTEGERS.map(([min, max, names]) => each(names, integer({ min, max, pointer: true })))),
  ...enums(ENUMS, false),
  ...enums(POINTER_ENUMS, true),
  ...each("featureDetectOverride featureGates", pairs),
  ...each("wireguardInterfaceName wireguardInterfaceNameV6", interfaceName(false)),
  ...each("iptablesMarkMask nftablesMarkMask", markMask),
  ...each("healthHost debugHost", host(true)),
  ...each("failsafeInboundHostPorts failsafeOutboundHostPorts", failsafePorts),
  ...each("natPortRange bpfPSNATPorts", port({ named: false })),
  ...each("bpfDSROptoutCIDRs bpfExcludeCIDRsFromNAT", cidrs),
  metadataAddr: host(false),
  prometheusMetricsHost: host(false),
  // Go's marshaller always writes this one.
  bpfLogLevel: written(
    leaf(logLevel.check, (value) => value, logLevel.compared),
    "",
  ),
  openstackRegion: text({
    valid: (given) => given.length <= 46 && isDnsLabel(given),
    allowed: "an OpenStack region's name",
    remedy: "use at most 46 of a-z, 0-9 and '-' within",
  }),
  interfacePrefix: text({
    valid: /^[a-zA-Z0-9_-]{1,15}(,[a-zA-Z0-9_-]{1,15})*$/,
    allowed: "a list of interface prefixes",
    remedy: "write prefixes with commas and no spaces between them, such as cali,tap",
  }),
  interfaceExclude: text({
    valid: (given) => given.split(",").every((item) => /^(\/\S+\/|[a-zA-Z0-9_-]{1,15})$/.test(item)),
    allowed: "a list of interfaces",
    remedy: "write names or /expressions/ with commas and no spaces between them",
  }),
  iptablesNATOutgoingInterfaceFilter: interfaceFilter,
  bpfForceTrackPacketsFromIfaces: list(interfaceFilter, { set: true, kept: true }),
  bpfLogFilters: texts({
    keyProblem: (key) => (/^[a-zA-Z0-9_.-]{1,15}$/.test(key) ? undefined : "use 1 to 15 of A-Z a-z 0-9 _ . -"),
    allowed: "an interface's name",
    pointer: true,
  }),
  bpfConntrackTimeouts: struct(
    each(
      "creationGracePeriod tcpSynSent tcpEstablished tcpFinsSeen tcpResetSeen udpTimeout genericTimeout icmpTimeout",
      timeout,
    ),
    { kept: true },
  ),
  bpfExportBufferSizeMB: unusable("Calico 3.31's own client fails on any FelixConfiguration that has it; leave it out"),
  healthTimeoutOverrides: list(
    struct({
      name: required(
        text({ valid: /^[a-zA-Z0-9_ -]+$/, allowed: "a component's name", remedy: "use A-Z a-z 0-9 _ - and spaces" }),
        "name the component of Felix",
      ),
      timeout: required(duration(), "give a duration such as 90s"),
    }),
    { set: true },
  ),
  kubeNodePortRanges: list(port({ named: false }), { set: true, kept: true }),
  natOutgoingAddress: address(4),
  deviceRouteSourceAddress: address(4),
  deviceRouteSourceAddressIPv6: address(6),
  externalNodesList: list(network({ family: 4 }), { set: true, kept: true }),
  routeTableRange: range,
  routeTableRanges: list(range, { set: true, kept: true }),
};

export const felixConfiguration = struct(felixFields);
