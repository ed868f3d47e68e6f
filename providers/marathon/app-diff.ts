import type { DiffResult, Properties } from "../runtime/handler";
import { containsUnknown, isUnknown } from "../runtime/unknown";
import type { AppDefinition } from "./api";
import { replacing } from "./common-inputs";
import { isResident, unchangeable } from "./definition/resident";
import { sameApp } from "./reconcile";
import { effectOf, effectText } from "./restarts";
import { tell } from "./tell";

/** What an update has to do; tells the user what becomes of the app's tasks and data. No I/O. */
export async function diff(_id: string, olds: Properties, news: Properties): Promise<DiffResult> {
  const replaces = replacing(olds, news, "appId");
  const before = olds["app"] as AppDefinition | undefined;
  const after = news["app"] as AppDefinition;
  const changed = containsUnknown(after) || !before || !sameApp(before, after);
  const emptied = before && !isUnknown(after) ? unchangeable(before, after) : [];
  if (emptied.length > 0 && news["discardVolumes"] === true) replaces.push("app");
  // Two locations may be the same Marathon, where the replacement would take over what is deleted afterwards.
  const deleteBeforeReplace = replaces.length > 0 && !replaces.includes("appId");
  // A refresh forgets that the last operation failed, and finds what has broken down since.
  const broken = olds["healthy"] === false;
  if (before && changed && replaces.length === 0 && !isUnknown(after))
    tell(`app ${news["appId"]}: ${effectText(effectOf(before, after), before, after)}`);
  if (before && replaces.length > 0 && isResident(before))
    tell(`app ${olds["appId"]}: is replaced, and its persistent volumes are deleted with all that is in them`);
  return { changes: changed || broken || replaces.length > 0, replaces, deleteBeforeReplace };
}
