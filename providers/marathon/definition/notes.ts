import { distance } from "fastest-levenshtein";
import type { z } from "zod";
import type { AppDefinition } from "../api";
import { FIELDS, READ_ONLY } from "./fields";
import { isObject, type Json, list, objects } from "./json";
import { isHostMode } from "./normal-form";

const OLD_FIELDS = ["ports", "uris", "ipAddress"];

/** What of a definition that Marathon accepts it leaves out or ignores, as sentences that name the fields alone. */
export function notesOn(given: AppDefinition, app: AppDefinition): string[] {
  return [...leftOut(given, READ_ONLY), ...ignored(app, FIELDS, OLD_FIELDS), ...unused(app)];
}

/** What Marathon adds when it shows a definition, and takes from nobody. */
export function leftOut(given: AppDefinition, readOnly: readonly string[]): string[] {
  const shown = readOnly.filter((field) => field in given);
  return shown.length > 0 ? [`${shown.join(", ")}: Marathon shows this and does not take it; it is left out`] : [];
}

/** What is none of these fields, and what these fields do not hold. */
export function ignored(
  definition: AppDefinition,
  fields: Readonly<Record<string, z.ZodType>>,
  old: readonly string[] = [],
): string[] {
  const known = [...Object.keys(fields), ...old];
  return [
    ...Object.keys(definition)
      .filter((key) => !(key in fields))
      .map((key) => unknownField(key, known)),
    ...Object.entries(fields).flatMap(([key, schema]) => {
      const result = key in definition ? schema.safeParse(definition[key]) : undefined;
      if (!result?.success) return [];
      return lost(definition[key], result.data, key).map((path) => `${path}: Marathon ignores it`);
    }),
  ];
}

function unknownField(key: string, fields: readonly string[]): string {
  const near = fields.find((known) => distance(known, key) <= key.length / 4);
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
