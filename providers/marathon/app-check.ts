import type { CheckFailure, Properties } from "../runtime/handler";
import { containsUnknown, isUnknown } from "../runtime/unknown";
import type { AppDefinition } from "./api";
import { DEFAULT_TIMEOUT_SECONDS } from "./app-inputs";
import { checkCommon, replacing } from "./common-inputs";
import { checkDefinition } from "./definition/check";
import { unchangeable } from "./definition/resident";
import { absoluteId } from "./ids";
import { tell } from "./tell";

/** The inputs of an app in the form that is kept, and what is wrong with them; no I/O. */
export async function check(olds: Properties, news: Properties) {
  const appId = canonicalId(news["appId"]);
  const { app, failures, notes } = checkDefinition(news["app"], appId);
  for (const note of notes) tell(`app ${appId}: ${note}`);
  const inputs = {
    location: news["location"],
    appId,
    app,
    timeoutSeconds: news["timeoutSeconds"] ?? DEFAULT_TIMEOUT_SECONDS,
    adopt: news["adopt"] ?? false,
    discardVolumes: news["discardVolumes"] ?? false,
  };
  return { inputs, failures: [...checkScalars(inputs), ...failures, ...lostVolumes(olds, inputs)] };
}

function canonicalId(id: unknown): unknown {
  return typeof id === "string" && id !== "" && !containsUnknown(id) ? absoluteId(id) : id;
}

function checkScalars(inputs: Properties): CheckFailure[] {
  const { discardVolumes } = inputs;
  const failures = checkCommon(inputs, "appId", "an id");
  if (!isUnknown(discardVolumes) && typeof discardVolumes !== "boolean") {
    failures.push({ property: "discardVolumes", reason: "must be true or false" });
  }
  return failures;
}

/** Marathon keeps data of an app in persistent volumes, and lets nothing change that their reservation stands on. */
function lostVolumes(olds: Properties, news: Properties): CheckFailure[] {
  const before = olds["app"] as AppDefinition | undefined;
  if (before === undefined || replacing(olds, news, "appId").length > 0 || news["discardVolumes"] === true) return [];
  const fields = isUnknown(news["app"]) ? [] : unchangeable(before, news["app"] as AppDefinition);
  if (fields.length === 0) return [];
  const reason = `must keep ${fields.join(", ")}: Marathon changes none of it while an app has persistent volumes. Leave it as it was; or make a second app under another appId and move the data; or set discardVolumes to delete the app with its volumes and all that is in them, and make it anew`;
  return [{ property: "app", reason }];
}
