import type { CalicoKind } from "../model/kinds";
import { bgpConfiguration, bgpFilter, bgpPeer } from "./bgp-fields";
import { checkBgpConfiguration, checkBgpFilter, checkBgpPeer, checkNode } from "./bgp-rules";
import { defaultFelix, defaultPolicy, defaultPool, defaultTier } from "./defaults";
import { felixConfiguration } from "./felix-fields";
import { checkFelix } from "./felix-rules";
import { Findings, type Problem } from "./finding";
import { checkMetadata } from "./metadata";
import { hostEndpoint, ipPool, ipReservation, networkSet, workloadEndpoint } from "./network-fields";
import { checkHostEndpoint, checkPool, checkWorkloadEndpoint } from "./network-rules";
import { node } from "./node-fields";
import { clusterInformation, globalNetworkPolicy, networkPolicy, profile, tier } from "./policy-fields";
import { checkGlobalPolicy, checkPolicy, checkRules } from "./policy-rules";
import { isObject, type Shape, sorted } from "./shape";

type Values = Record<string, unknown>;

interface KindRules {
  readonly shape: Shape;
  /** What the fields must be to each other. */
  readonly check?: (spec: Values, findings: Findings, name: unknown) => void;
  /** Adds what Calico's own client adds. */
  readonly defaults?: (spec: Values) => Values;
}

const KINDS: Readonly<Record<CalicoKind, KindRules>> = {
  BGPConfiguration: {
    shape: bgpConfiguration,
    check: (spec, findings, name) => checkBgpConfiguration(spec, name, findings),
  },
  BGPFilter: { shape: bgpFilter, check: checkBgpFilter },
  BGPPeer: { shape: bgpPeer, check: checkBgpPeer },
  ClusterInformation: { shape: clusterInformation },
  FelixConfiguration: { shape: felixConfiguration, check: checkFelix, defaults: defaultFelix },
  GlobalNetworkPolicy: { shape: globalNetworkPolicy, check: checkGlobalPolicy, defaults: defaultPolicy },
  GlobalNetworkSet: { shape: networkSet },
  HostEndpoint: { shape: hostEndpoint, check: checkHostEndpoint },
  IPPool: { shape: ipPool, check: checkPool, defaults: defaultPool },
  IPReservation: { shape: ipReservation },
  NetworkPolicy: { shape: networkPolicy, check: checkPolicy, defaults: defaultPolicy },
  NetworkSet: { shape: networkSet },
  Node: { shape: node, check: checkNode },
  Profile: { shape: profile, check: checkRules },
  Tier: { shape: tier, defaults: defaultTier },
  WorkloadEndpoint: {
    shape: workloadEndpoint,
    check: (spec, findings, name) => checkWorkloadEndpoint(spec, name, findings),
  },
};

export interface GivenMetadata {
  readonly name: string;
  readonly namespace?: string | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly annotations?: Readonly<Record<string, string>> | undefined;
}

/**
 * Everything that is wrong with a resource, nothing if it may be written. Refused is what Calico's own client refuses and what
 * Felix would ignore, apply otherwise than it is written, or no longer read its kind for. References to other resources are
 * not looked at. Values for which `isUnknown` answers true are skipped, everything around them is checked.
 */
export function validateResource(
  kind: CalicoKind,
  metadata: GivenMetadata,
  spec: unknown,
  isUnknown?: (value: unknown) => boolean,
): readonly Problem[] {
  const findings = new Findings(isUnknown);
  const fields = isObject(spec) ? spec : {};
  // Of a spec that is not known, neither are the fields on which metadata depend.
  const known = findings.isUnknown(spec) ? { tier: spec, order: spec, orchestrator: spec } : fields;
  checkMetadata(kind, isObject(metadata) ? metadata : {}, known, findings);
  const { shape, check } = KINDS[kind];
  if (spec === undefined || spec === null) {
    findings.add("spec", "it is missing: Felix takes that for a spec without restrictions; give one, be it {}");
  } else if (!findings.isUnknown(spec)) {
    shape.check(spec, "spec", findings);
    check?.(fields, findings, metadata?.name);
  }
  return findings.problems;
}

/**
 * The spec as `calicoctl apply` of it would store it: defaults written, empty values left out, numbers as numbers. Applying it
 * again changes nothing. Values that are not understood stay as they are.
 */
export function withDefaults(kind: CalicoKind, spec: unknown): Values {
  const { shape, defaults = (given: Values) => given } = KINDS[kind];
  const stored = isObject(spec) ? shape.stored(spec) : undefined;
  return defaults(isObject(stored) ? stored : {});
}

/** Whether two specs mean the same to Calico: what is absent equals its default, and order counts only where Calico looks at it. */
export function sameSpec(kind: CalicoKind, a: unknown, b: unknown): boolean {
  return comparable(kind, a) === comparable(kind, b);
}

function comparable(kind: CalicoKind, spec: unknown): string {
  return JSON.stringify(sorted(KINDS[kind].shape.compared(withDefaults(kind, spec)) ?? {}));
}
