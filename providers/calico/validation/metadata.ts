import { CALICO_KINDS, type CalicoKind, isPolicy } from "../model/kinds";
import type { Findings } from "./finding";
import { isDnsLabel, isLabelValue, isSubdomain, keyProblem, LABEL_VALUE_REMEDY } from "./name-leaves";
import { child, isObject } from "./shape";

type Values = Record<string, unknown>;

const TIER_LABEL = "projectcalico.org/tier";
const NAMESPACE_LABEL = "projectcalico.org/namespace";
const ORCHESTRATOR_LABEL = "projectcalico.org/orchestrator";
const ANNOTATION_BYTES = 256 * 1024;
const NAME_REMEDY = "use a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part, at most 253 in all";

/** Policies under these names are written by the platforms named here, whatever tier they are given. */
const FOREIGN_POLICIES: Readonly<Record<string, string>> = {
  "knp.default.": "Kubernetes",
  "kanp.adminnetworkpolicy.": "Kubernetes",
  "kbanp.baselineadminnetworkpolicy.": "Kubernetes",
  "ossg.": "OpenStack's security groups",
};

export function checkMetadata(kind: CalicoKind, metadata: Values, spec: Values, findings: Findings): void {
  const { name, namespace, labels, annotations } = metadata;
  if (!findings.isUnknown(name)) checkName(kind, name, spec, findings);
  checkNamespace(kind, namespace, findings);
  if (findings.present(labels)) checkLabels(kind, labels, metadata, spec, findings);
  if (findings.present(annotations)) checkAnnotations(kind, annotations, findings);
}

function checkName(kind: CalicoKind, name: unknown, spec: Values, findings: Findings): void {
  const at = "metadata.name";
  if (typeof name !== "string" || !isSubdomain(name)) {
    findings.refuse(at, name, "a name of Calico's", NAME_REMEDY);
  } else if (isPolicy(kind)) checkPolicyName(name, spec["tier"], findings);
  else if (kind === "Tier") checkTier(name, spec, findings);
  else if (kind === "ClusterInformation" && name !== "default") {
    findings.refuse(at, name, "the name of the cluster's information", "write default, the only one Calico reads");
  } else if ((kind === "FelixConfiguration" || kind === "BGPConfiguration") && !/^(default$|node\..)/.test(name)) {
    findings.refuse(at, name, "a name under which Calico reads it", "write default, or node.<node> for one node");
  } else if (kind === "Profile" && name === "projectcalico-default-allow") {
    findings.refuse(at, name, "free: Calico has a profile of its own under it", "choose another name");
  }
}

/** Calico 3.31 takes a policy's tier from its name, up to the first dot. */
function checkPolicyName(name: string, given: unknown, findings: Findings): void {
  const at = "metadata.name";
  const foreign = Object.keys(FOREIGN_POLICIES).find((prefix) => name.startsWith(prefix));
  if (foreign) {
    const owner = FOREIGN_POLICIES[foreign];
    findings.refuse(
      at,
      name,
      `free: names with '${foreign}' belong to ${owner}, which rewrites them`,
      "choose another name",
    );
    return;
  }
  const parts = name.split(".");
  if (findings.isUnknown(given)) {
    if (parts.length > 2) findings.refuse(at, name, "a policy's name", "write '<tier>.<name>', neither with a dot");
    return;
  }
  const tier = typeof given === "string" && given !== "" ? given : "default";
  const own = parts.length === 2 && parts[0] === tier;
  if (own || (parts.length === 1 && tier === "default")) return;
  if (tier !== "default") {
    const remedy = `write '${tier}.${parts.at(-1)}': Calico takes the tier from the part before the dot`;
    findings.refuse(at, name, `a policy's name in tier '${tier}'`, remedy);
  } else {
    const remedy =
      parts.length === 2
        ? `set spec.tier to '${parts[0]}', or write '${parts.join("-")}'`
        : "use one part without dots";
    findings.refuse(at, name, "a policy's name in tier 'default'", remedy);
  }
}

const BUILT_IN_ORDERS: Readonly<Record<string, number>> = {
  default: 1_000_000,
  adminnetworkpolicy: 1_000,
  baselineadminnetworkpolicy: 10_000_000,
};

function checkTier(name: string, spec: Values, findings: Findings): void {
  if (!isDnsLabel(name)) {
    const remedy = "use at most 63 of a-z, 0-9 and '-', without dots";
    findings.refuse("metadata.name", name, "a tier's name: it becomes the first part of its policies' names", remedy);
  }
  const order = Object.hasOwn(BUILT_IN_ORDERS, name) ? BUILT_IN_ORDERS[name] : undefined;
  if (order === undefined || findings.isUnknown(spec["order"])) return;
  if ((spec["order"] ?? BUILT_IN_ORDERS["default"]) !== order) {
    findings.refuse("spec.order", spec["order"] ?? null, `the order of Calico's own tier '${name}'`, `write ${order}`);
  }
}

function checkNamespace(kind: CalicoKind, namespace: unknown, findings: Findings): void {
  const at = "metadata.namespace";
  if (!CALICO_KINDS[kind].namespaced) {
    if (findings.given(namespace)) findings.add(at, `a ${kind} belongs to no namespace; leave it out`);
  } else if (findings.absent(namespace)) {
    findings.add(at, `a ${kind} needs a namespace; name one, such as default`);
  } else if (findings.present(namespace) && (typeof namespace !== "string" || !isSubdomain(namespace))) {
    findings.refuse(at, namespace, "a namespace", NAME_REMEDY);
  }
}

function checkLabels(kind: CalicoKind, labels: unknown, metadata: Values, spec: Values, findings: Findings): void {
  if (!isObject(labels)) {
    findings.refuse("metadata.labels", labels, "an object of labels", "write key: 'value'");
    return;
  }
  for (const [key, value] of Object.entries(labels)) {
    const at = child("metadata.labels", key);
    const problem = keyProblem(key);
    if (problem) findings.refuse(at, key, "a label's key", problem);
    if (value === undefined || findings.isUnknown(value)) continue;
    if (!isLabelValue(value)) findings.refuse(at, value, "a label's value", LABEL_VALUE_REMEDY);
    const lost = lostLabel(kind, key, value, metadata, spec, findings);
    if (lost) findings.add(at, lost);
  }
}

/** Why a valid label would not be what it says, or undefined. */
function lostLabel(
  kind: CalicoKind,
  key: string,
  value: unknown,
  metadata: Values,
  spec: Values,
  findings: Findings,
): string | undefined {
  const differs = (right: unknown) => !findings.isUnknown(right) && value !== right;
  if ((kind === "NetworkSet" || kind === "GlobalNetworkSet") && key === NAMESPACE_LABEL) {
    return "Calico refuses this label on a network set; leave it out";
  }
  if (kind === "WorkloadEndpoint") {
    if (/^pc(ns|sa)\./.test(key))
      return "Calico takes labels with this prefix away before Felix sees them; choose another key";
    const forced = key === NAMESPACE_LABEL ? "namespace" : key === ORCHESTRATOR_LABEL ? "orchestrator" : undefined;
    const right = forced === "namespace" ? metadata["namespace"] : spec["orchestrator"];
    if (forced && differs(right)) return `Calico sets this label to the endpoint's ${forced}; leave it out`;
  }
  if (isPolicy(kind) && key === TIER_LABEL && differs(spec["tier"] ?? "default")) {
    return "this label says the policy's tier and must agree with spec.tier; leave it out";
  }
  return undefined;
}

function checkAnnotations(kind: CalicoKind, annotations: unknown, findings: Findings): void {
  if (!isObject(annotations)) {
    findings.refuse("metadata.annotations", annotations, "an object of annotations", "write key: 'text'");
    return;
  }
  let bytes = 0;
  for (const [key, value] of Object.entries(annotations)) {
    const at = child("metadata.annotations", key);
    const problem = keyProblem(key.toLowerCase());
    if (problem) findings.refuse(at, key, "an annotation's key", problem);
    if (kind === "FelixConfiguration" && key.startsWith("config.projectcalico.org/")) {
      findings.add(at, "it would override a setting of Felix unchecked; set the field in spec");
    }
    if (value === undefined || findings.isUnknown(value)) continue;
    if (typeof value !== "string") findings.refuse(at, value, "a text", "put it in quotes");
    else bytes += Buffer.byteLength(key) + Buffer.byteLength(value);
  }
  if (bytes > ANNOTATION_BYTES) {
    findings.add("metadata.annotations", `${bytes} bytes in all; at most ${ANNOTATION_BYTES} are allowed`);
  }
}
