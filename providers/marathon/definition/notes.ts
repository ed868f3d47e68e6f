import { distance } from "fastest-levenshtein";
import type { AppDefinition } from "../api";
import { FIELDS, READ_ONLY } from "./fields";
import { isObject, type Json, list, objects } from "./json";
import { isHostMode } from "./normal-form";

const OLD_FIELDS = ["ports", "uris", "ipAddress"];

/** What of a definition that Marathon accepts it leaves out or ignores, as sentences that name the fields alone. */
export function notesOn(given: AppDefinition, app: AppDefinition): string[] {
  const shown = READ_ONLY.filter((field) => field in given);
  return [
    ...(shown.length > 0 ? [`${shown.join(", ")}: Marathon shows this and does not take it; it is left out`] : []),
    ...Object.keys(app)
      .filter((key) => !(key in FIELDS))
      .map(unknownField),
    ...Object.entries(FIELDS).flatMap(([key, schema]) => {
      const result = key in app ? schema.safeParse(app[key]) : undefined;
      return result?.success ? lost(app[key], result.data, key).map((path) => `${path}: Marathon ignores it`) : [];
    }),
    ...unused(app),
  ];
}

function unknownField(key: string): string {
  const near = [...Object.keys(FIELDS), ...OLD_FIELDS].find((known) => distance(known, key) <= key.length / 4);
  return `${key}: Marathon has no such field and ignores it${near === undefined ? "" : `; did you mean ${near}?`}`;
}

/** Paths of what a reader has left out. */
function lost(given: unknown, read: unknown, path: string): string[] {
  if (Array.isArray(given)) return given.flatMap((item, index) => lost(item, list(read)[index], `${path}.${index}`));
  if (!isObject(given) || !isObject(read)) return [];
  return Object.entries(given).flatMap(([key, child]) =>
    key in read ? lost(child, read[key], `${path}.${key}`) : [`${path}.${key}`],
  );
}

function unused(app: AppDefinition): string[] {
  const container: Json = isObject(app["container"]) ? app["container"] : {};
  const host = isHostMode(app);
  const notes: string[] = [];
  if (host && list(container["portMappings"]).length > 0)
    notes.push(
      "container.portMappings: without effect on the host's network; give networks, or portDefinitions instead",
    );
  if (!host && list(app["portDefinitions"]).length > 0)
    notes.push("portDefinitions: only how many they are counts beside container networks; use container.portMappings");
  if (!host && app["requirePorts"] === true) notes.push("requirePorts: without effect beside container networks");
  if ("residency" in app) notes.push("residency: Marathon above 1.5 ignores it and derives it from the volumes");
  objects(app["healthChecks"]).forEach(({ protocol = "HTTP", delaySeconds, ignoreHttp1xx }, index) => {
    const byMarathon = ["HTTP", "HTTPS", "TCP"].includes(String(protocol).toUpperCase());
    if (byMarathon && delaySeconds !== undefined && delaySeconds !== 15)
      notes.push(`healthChecks.${index}.delaySeconds: Marathon makes it 15 for ${protocol}`);
    if (ignoreHttp1xx === true) notes.push(`healthChecks.${index}.ignoreHttp1xx: Marathon makes it false`);
  });
  return notes;
}
