import { isStrictlyMasked, networkText, parseNetwork } from "./address";
import { defaultBlockSize } from "./network-rules";

type Values = Record<string, unknown>;

function list(value: unknown): readonly unknown[] | undefined {
  return value === undefined ? [] : Array.isArray(value) ? value : undefined;
}

/** The directions of a policy that does not say them: those it has rules for, arriving traffic if it has none. */
export function defaultPolicy(spec: Values): Values {
  const [ingress, egress] = [list(spec["ingress"]), list(spec["egress"])];
  // Rules that are not known yet may be none.
  if (spec["types"] !== undefined || !ingress || !egress) return spec;
  const outward = egress.length > 0;
  return { ...spec, types: [...(ingress.length > 0 || !outward ? ["Ingress"] : []), ...(outward ? ["Egress"] : [])] };
}

export function defaultPool(spec: Values): Values {
  const range = parseNetwork(spec["cidr"]);
  return {
    ...(range && { blockSize: defaultBlockSize(range.family) }),
    ipipMode: "Never",
    vxlanMode: "Never",
    nodeSelector: "all()",
    allowedUses: ["Workload", "Tunnel"],
    assignmentMode: "Automatic",
    ...spec,
    // A range that is not masked is refused, not corrected.
    ...(range && isStrictlyMasked(range) && { cidr: networkText(range) }),
  };
}

export function defaultTier(spec: Values): Values {
  return { order: 1_000_000, defaultAction: "Deny", ...spec };
}

export function defaultFelix(spec: Values): Values {
  const former = spec["bpfConnectTimeLoadBalancingEnabled"];
  const filled = {
    floatingIPs: "Disabled",
    bpfConnectTimeLoadBalancing: "TCP",
    bpfHostNetworkedNATWithoutCTLB: "Enabled",
    ...spec,
  };
  // The former setting wins over the two that took its place.
  if (typeof former !== "boolean") return filled;
  return {
    ...filled,
    bpfConnectTimeLoadBalancing: former ? "Enabled" : "Disabled",
    bpfHostNetworkedNATWithoutCTLB: "Disabled",
  };
}
