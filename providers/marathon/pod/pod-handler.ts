import type { Handler, Properties, StackConfig } from "../../runtime/handler";
import { containsUnknown, isUnknown } from "../../runtime/unknown";
import { DEFAULT_TIMEOUT_SECONDS } from "../app-inputs";
import { checkCommon, compareCommon } from "../common-inputs";
import { absoluteId } from "../ids";
import { tell } from "../tell";
import { checkPod } from "./definition";
import { changedFields, type PodDefinition, podOf, samePod } from "./normal-form";
import { deployPod, undeployPod } from "./pod-deployment";
import { isMarked, operationOn, type PodInputs } from "./pod-inputs";
import { podOutputs } from "./status";

/** A pod on Marathon: definition, deployment and health. */
export const podHandler: Handler = { check, diff, create, read, update, delete: remove };

async function check(_olds: Properties, news: Properties) {
  const given = news["podId"];
  const podId = typeof given === "string" && given !== "" && !containsUnknown(given) ? absoluteId(given) : given;
  const { pod, failures, notes } = checkPod(news["pod"], podId);
  for (const note of notes) tell(`pod ${podId}: ${note}`);
  const inputs = {
    location: news["location"],
    podId,
    pod,
    timeoutSeconds: news["timeoutSeconds"] ?? DEFAULT_TIMEOUT_SECONDS,
    adopt: news["adopt"] ?? false,
  };
  return { inputs, failures: [...checkCommon(inputs, "podId"), ...failures] };
}

async function diff(id: string, olds: Properties, news: Properties) {
  const before = olds["pod"] as PodDefinition | undefined;
  const after = news["pod"] as PodDefinition;
  const same = () => !containsUnknown(after) && before !== undefined && samePod(before, after);
  const result = compareCommon(olds, news, "podId", same);
  if (before && !isUnknown(after) && result.replaces.length === 0 && !same())
    tell(`pod ${id}: ${effect(before, after)}`);
  return result;
}

/** What an update does to the instances. */
function effect(before: PodDefinition, after: PodDefinition): string {
  const fields = changedFields(before, after);
  if (fields.length === 1 && fields[0] === "scaling") return "no instance restarts: scaling changes alone";
  const names = new Intl.ListFormat("en", { type: "conjunction" }).format(fields);
  const unsure = containsUnknown(after) ? ", or something is not known before the update" : "";
  return `all instances restart, because ${names || "its definition"} ${fields.length > 1 ? "change" : "changes"}${unsure}`;
}

async function create(properties: Properties, config: StackConfig) {
  const inputs = properties as unknown as PodInputs;
  return { id: inputs.podId, outs: await deployPod(inputs, undefined, config) };
}

async function update(_id: string, olds: Properties, news: Properties, config: StackConfig) {
  return { outs: await deployPod(news as unknown as PodInputs, olds as unknown as PodInputs, config) };
}

async function read(id: string, properties: Properties, config: StackConfig) {
  const known = properties as unknown as PodInputs;
  const { client, deadline } = operationOn(known, config);
  const live = await client.pod(id, deadline);
  if (!live || !(isMarked(live.spec, known) || known.adopt)) return undefined;
  const { location, podId, timeoutSeconds, adopt } = known;
  const inputs = { location, podId, pod: podOf(live.spec, known.pod ?? {}), timeoutSeconds, adopt };
  return { id, inputs, props: { ...inputs, ...podOutputs(live) } };
}

async function remove(id: string, properties: Properties, config: StackConfig): Promise<void> {
  await undeployPod(id, properties as unknown as PodInputs, config);
}
