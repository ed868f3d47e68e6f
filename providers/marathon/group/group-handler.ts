import type { Handler, Properties, StackConfig } from "../../runtime/handler";
import { containsUnknown } from "../../runtime/unknown";
import { DEFAULT_TIMEOUT_SECONDS } from "../app-inputs";
import { checkCommon, compareCommon } from "../common-inputs";
import { tell } from "../tell";
import { checkGroup } from "./definition";
import { effectsOn, isWhole } from "./effects";
import { deployGroup } from "./group-deployment";
import { type GroupInputs, operationOn } from "./group-inputs";
import { groupOf, groupOutputs, liveTreeOf } from "./live";
import { undeployGroup } from "./removal";
import { type GroupDefinition, sameGroup, treeOf } from "./tree";

/** A group of apps on Marathon: one definition, deployed and healthy as a whole. */
export const groupHandler: Handler = { check, diff, create, read, update, delete: remove };

async function check(_olds: Properties, news: Properties) {
  const { group, failures, notes } = checkGroup(news["group"], news["groupId"]);
  for (const note of notes) tell(note);
  const inputs = {
    location: news["location"],
    groupId: news["groupId"],
    group,
    timeoutSeconds: news["timeoutSeconds"] ?? DEFAULT_TIMEOUT_SECONDS,
    adopt: news["adopt"] ?? false,
  };
  return { inputs, failures: [...checkCommon(inputs, "groupId"), ...failures] };
}

async function diff(id: string, olds: Properties, news: Properties) {
  const before = olds["group"] as GroupDefinition | undefined;
  const after = news["group"] as GroupDefinition;
  const same = () => !containsUnknown(after) && before !== undefined && sameGroup(id, before, after);
  const result = compareCommon(olds, news, "groupId", same);
  if (before && result.changes && result.replaces.length === 0 && isWhole(after))
    for (const effect of effectsOn(id, before, after)) tell(effect);
  return result;
}

async function create(properties: Properties, config: StackConfig) {
  const inputs = properties as unknown as GroupInputs;
  return { id: inputs.groupId, outs: await deployGroup(inputs, undefined, config) };
}

async function update(_id: string, olds: Properties, news: Properties, config: StackConfig) {
  return { outs: await deployGroup(news as unknown as GroupInputs, olds as unknown as GroupInputs, config) };
}

async function read(id: string, properties: Properties, config: StackConfig) {
  const known = properties as unknown as GroupInputs;
  const { client, deadline } = operationOn(known, config);
  const found = await client.groupTree(id, deadline);
  if (!found) return undefined;
  const live = liveTreeOf(found);
  const { location, groupId, timeoutSeconds, adopt } = known;
  const group = groupOf(live, id, known.group ?? {});
  const members = [...treeOf(id, group).apps.keys()].flatMap((app) => live.apps.get(app) ?? []);
  const inputs = { location, groupId, group, timeoutSeconds, adopt };
  return { id, inputs, props: { ...inputs, ...groupOutputs(live.version, members) } };
}

async function remove(id: string, properties: Properties, config: StackConfig): Promise<void> {
  await undeployGroup(id, properties as unknown as GroupInputs, config);
}
