import type { CheckFailure } from "../../runtime/handler";
import { containsUnknown, isUnknown } from "../../runtime/unknown";
import { asTexts, type Checked, foreignId, forms, ownerLabels } from "../definition/check";
import { isObject, list, without, withoutNull } from "../definition/json";
import { ignored, leftOut } from "../definition/notes";
import { POD_FIELDS } from "./fields";
import { normalPod, type PodDefinition } from "./normal-form";
import { podRules } from "./rules";

interface CheckedPod extends Omit<Checked, "app"> {
  /** The definition in the form that is kept and sent. */
  readonly pod: unknown;
}

/**
 * A definition in the form that is kept and sent, and what is wrong with it: what Marathon 1.8 would refuse whatever its
 * settings and other apps and pods are. Unknown values pass. `podId` is the pod's absolute id.
 */
export function checkPod(value: unknown, podId: unknown): CheckedPod {
  if (isUnknown(value)) return { pod: value, failures: [], notes: [] };
  if (!isObject(value))
    return { pod: value, failures: [{ property: "pod", reason: "must be a pod's definition: an object" }], notes: [] };
  const given = withoutNull(value) as PodDefinition;
  const pod = complete(without(given, ["id", "version"]));
  const basic = [
    ...foreignId(given, podId, "pod"),
    ...("containers" in pod ? [] : [{ property: "pod.containers", reason: "is missing" }]),
    ...forms(pod, "pod", POD_FIELDS),
    ...ownerLabels(pod, "pod"),
  ];
  const failures = basic.length > 0 ? basic : rules(pod);
  const notes = failures.length > 0 ? [] : [...leftOut(given, ["version"]), ...ignored(pod, POD_FIELDS)];
  return { pod, failures, notes };
}

/** With the default written out that users ask for first, and texts where Marathon takes no other values. */
function complete(pod: PodDefinition): PodDefinition {
  const { containers } = pod;
  return {
    ...textual(pod),
    ...(Array.isArray(containers) && { containers: containers.map((item) => (isObject(item) ? textual(item) : item)) }),
    scaling: pod["scaling"] ?? { kind: "fixed", instances: 1 },
  };
}

function textual(holder: PodDefinition): PodDefinition {
  return {
    ...holder,
    ...("environment" in holder && { environment: asTexts(holder["environment"]) }),
    ...("labels" in holder && { labels: asTexts(holder["labels"]) }),
  };
}

function rules(pod: PodDefinition): CheckFailure[] {
  const { scheduling } = pod;
  const placement = isObject(scheduling) ? scheduling["placement"] : undefined;
  const findings = podRules(normalPod(pod), list(isObject(placement) ? placement["constraints"] : undefined));
  return findings.filter(({ from }) => !containsUnknown(from)).map(({ property, reason }) => ({ property, reason }));
}
