import type { CheckFailure, Properties } from "../runtime/handler";
import { containsUnknown, isUnknown } from "../runtime/unknown";
import { isAbsoluteId } from "./ids";

type IdKey = "appId" | "groupId" | "podId";

/** What every resource of Marathon takes beside its definition, and what is wrong with it. */
export function checkCommon(inputs: Properties, idKey: IdKey, form = "an absolute id"): CheckFailure[] {
  const failures: CheckFailure[] = [];
  const { location, timeoutSeconds, adopt } = inputs;
  const id = inputs[idKey];
  if (typeof location !== "string") failures.push({ property: "location", reason: "must be the name of a location" });
  if (!containsUnknown(id) && !isAbsoluteId(id)) {
    failures.push({
      property: idKey,
      reason: `must be ${form} of lower-case letters, digits, '-' and '.', not ending in restart, tasks or versions, e.g. /clocker/web; it is ${JSON.stringify(id)}`,
    });
  }
  if (!isUnknown(timeoutSeconds) && !(typeof timeoutSeconds === "number" && timeoutSeconds > 0)) {
    failures.push({ property: "timeoutSeconds", reason: "must be a number of seconds above 0" });
  }
  if (!isUnknown(adopt) && typeof adopt !== "boolean") {
    failures.push({ property: "adopt", reason: "must be true or false" });
  }
  return failures;
}

/** Inputs whose change makes another thing of it. */
export function replacing(olds: Properties, news: Properties, idKey: IdKey): string[] {
  return ["location", idKey].filter((key) => containsUnknown(news[key]) || olds[key] !== news[key]);
}

/** What an update would do, given whether the definitions mean the same. */
export function compareCommon(olds: Properties, news: Properties, idKey: IdKey, same: () => boolean) {
  const replaces = replacing(olds, news, idKey);
  const changed = replaces.length > 0 || !same();
  // Two locations may be the same Marathon, where the replacement would take over what is deleted afterwards.
  const deleteBeforeReplace = replaces.length > 0 && !replaces.includes(idKey);
  // A refresh forgets that the last operation failed, and finds what has broken down since.
  return { changes: changed || olds["healthy"] === false, replaces, deleteBeforeReplace };
}
