import { entryOf, textNode } from "../yaml/make";
import { type Entry, find, type Node, quote, textOf } from "../yaml/nodes";
import { replicasOf } from "./process";
import { type ComposeService, checkKeys, ignored, refuse, unsupported } from "./translator";

const KNOWN = [
  "replicas",
  "resources",
  "restart_policy",
  "mode",
  "labels",
  "update_config",
  "rollback_config",
  "placement",
  "endpoint_mode",
];
const WITHOUT_EFFECT: Readonly<Record<string, string>> = {
  labels: "labels of the service are those of its containers",
  update_config: "an update shows in the preview, and is made service by service",
  rollback_config: "an update that failed is repaired by the next one",
  endpoint_mode: "links reach all instances",
};

/** `deploy`: how many, how much of the machine, what happens at an end. */
export function translateDeploy({ key, value }: Entry, service: ComposeService): readonly Entry[] {
  if (value.kind !== "map") return refuse(value, key, service, "a map", "write e.g. { replicas: 2 }");
  checkKeys(value, key, KNOWN, service);
  for (const [name, remedy] of Object.entries(WITHOUT_EFFECT)) {
    const entry = find(value, name);
    if (entry) ignored(entry.keyAt, `${name} of deploy`, service, remedy);
  }
  const mode = find(value, "mode");
  if (mode && textOf(mode.value) !== "replicated") {
    unsupported(mode.keyAt, `mode ${quote(textOf(mode.value) ?? "")} of deploy`, service, "write replicas");
  }
  const placement = find(value, "placement");
  if (placement) {
    unsupported(placement.keyAt, "placement of deploy", service, "say in the stack's clocker:placement where it goes");
  }
  const replicas = find(value, "replicas");
  const resources = find(value, "resources");
  const policy = find(value, "restart_policy");
  return [
    ...(replicas ? replicasOf(replicas.value, "deploy.replicas", service) : []),
    ...(resources ? limits(resources.value, service) : []),
    ...(policy ? restartPolicy(policy.value, service) : []),
  ];
}

function limits(value: Node, service: ComposeService): readonly Entry[] {
  if (value.kind !== "map")
    return refuse(value, "deploy.resources", service, "a map", "write { limits: { memory: 512m } }");
  checkKeys(value, "deploy.resources", ["limits", "reservations"], service);
  const reservations = find(value, "reservations");
  if (reservations) {
    ignored(reservations.keyAt, "reservations of deploy.resources", service, "limits are all that is kept");
  }
  const given = find(value, "limits");
  if (given === undefined) return [];
  if (given.value.kind !== "map") return refuse(given.value, "limits", service, "a map", "write { memory: 512m }");
  checkKeys(given.value, "deploy.resources.limits", ["cpus", "memory"], service);
  return ["cpus", "memory"].flatMap((name) => {
    const entry = given.value.kind === "map" ? find(given.value, name) : undefined;
    return entry ? [entryOf(name, entry.value, entry.keyAt)] : [];
  });
}

const CONDITIONS: Readonly<Record<string, string>> = { any: "always", "on-failure": "on-failure", none: "no" };

function restartPolicy(value: Node, service: ComposeService): readonly Entry[] {
  if (value.kind !== "map") return refuse(value, "deploy.restart_policy", service, "a map", "write { condition: any }");
  checkKeys(value, "deploy.restart_policy", ["condition", "delay", "max_attempts", "window"], service);
  for (const name of ["delay", "window"]) {
    const entry = find(value, name);
    if (entry) ignored(entry.keyAt, `${name} of deploy.restart_policy`, service, "the platform waits longer each time");
  }
  const condition = find(value, "condition");
  const text = condition === undefined ? "any" : (textOf(condition.value) ?? "");
  const policy = Object.hasOwn(CONDITIONS, text) ? CONDITIONS[text] : undefined;
  if (policy === undefined) {
    return refuse(
      condition?.value ?? value,
      "condition of deploy.restart_policy",
      service,
      "any, on-failure or none",
      "write one of them",
    );
  }
  const attempts = find(value, "max_attempts");
  const suffix = policy === "on-failure" && attempts ? `:${textOf(attempts.value)}` : "";
  return [entryOf("restartPolicy", textNode(`${policy}${suffix}`, condition?.value.at ?? value.at))];
}
