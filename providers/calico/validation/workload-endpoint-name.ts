/** The fields of a WorkloadEndpoint's spec that make its name. */
export interface WorkloadEndpointIdentity {
  readonly node?: unknown;
  readonly orchestrator?: unknown;
  readonly workload?: unknown;
  readonly containerID?: unknown;
  readonly pod?: unknown;
  readonly endpoint?: unknown;
}

type Identifier = keyof WorkloadEndpointIdentity;

const THIRD: Record<string, Identifier> = { k8s: "pod", cni: "containerID", libnetwork: "orchestrator" };

/** The fields of which Calico builds the name, in order, for an orchestrator. */
export function identifiersOf(orchestrator: unknown): readonly Identifier[] {
  const third =
    typeof orchestrator === "string" && Object.hasOwn(THIRD, orchestrator) ? THIRD[orchestrator] : "workload";
  return ["node", "orchestrator", third ?? "workload", "endpoint"];
}

/**
 * The one name Calico accepts: segments joined by "-", each "-" within a segment doubled
 * (`node-1`, `cni`, `abc`, `eth0` → `node--1-cni-abc-eth0`). Undefined while a segment is missing or has a "-" at an end.
 */
export function workloadEndpointName(spec: WorkloadEndpointIdentity): string | undefined {
  const segments = identifiersOf(spec.orchestrator).map((field) => spec[field]);
  const usable = segments.every(
    (segment): segment is string => typeof segment === "string" && segment !== "" && !/^-|-$/.test(segment),
  );
  return usable ? segments.map((segment) => segment.replaceAll("-", "--")).join("-") : undefined;
}
