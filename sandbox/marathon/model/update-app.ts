import type { App, AppSpec } from "./app";
import { notValid } from "./errors";
import { isObject, type Json } from "./json";
import { modernise, type NormalisationContext, normalise } from "./normalise";
import { parseApp, parseUpdate, type RawApp } from "./raw-app";
import { type ValidationContext, validateApp, validateAsSent } from "./validate";

/** A body of POST /v2/apps, or an app of a group, as a definition. Throws ApiError 422 or 500. */
export function createdApp(body: Json, normalisation: NormalisationContext, validation: ValidationContext): AppSpec {
  return checked(parseApp(body), normalisation, validation);
}

/** The same from a body that was read already. */
export function checked(raw: RawApp, normalisation: NormalisationContext, validation: ValidationContext): AppSpec {
  validateAsSent(raw);
  const app = normalise(raw, normalisation);
  validateApp(app, validation);
  return app;
}

/** A body of PUT with partialUpdate=false: what is left out gets its default. */
export function replacedApp(
  id: string,
  body: Json,
  existing: App | undefined,
  normalisation: NormalisationContext,
  validation: ValidationContext,
): AppSpec {
  const { version: _, ...raw } = parseApp(withId(id, body));
  validateAsSent(raw);
  const once = normalise(raw, normalisation);
  // Marathon normalises twice here; the second time the default port is a declared one, which health checks then refer to.
  const app = existing ? normalise(once as RawApp, normalisation) : once;
  validateApp(app, validation);
  return app;
}

/** A body of PUT or PATCH merged by top-level field into what is there, or into nothing. */
export function mergedApp(
  id: string,
  body: Json,
  existing: App | undefined,
  normalisation: NormalisationContext,
  validation: ValidationContext,
): AppSpec {
  const update = parseUpdate(withId(id, body));
  validateAsSent(update);
  if (!existing) return checked({ ...parseApp({ id }), ...update, id }, normalisation, validation);
  const { version: _, versionInfo: __, ...spec } = existing;
  const base: RawApp = { ...parseApp({ id }), ...spec };
  const app = normalise({ ...base, ...modernise(update), id }, normalisation);
  validateApp(app, validation);
  return app;
}

/** The version a body asks to go back to. Throws ApiError 422 if it asks for anything else as well. */
export function rollbackVersion(body: Json): string | undefined {
  if (!isObject(body) || body.version === undefined || body.version === null) return undefined;
  const { version } = parseUpdate({ version: body.version });
  const others = Object.entries(body).filter(
    ([key, value]) => key !== "id" && key !== "version" && value !== null && key in FIELDS,
  );
  if (others.length > 0)
    throw notValid([{ path: "/", error: "The 'version' field may only be combined with the 'id' field." }]);
  return version;
}

const FIELDS = { ...parseApp({ id: "/x" }), ...emptyFields() };

function emptyFields(): Record<string, undefined> {
  const names =
    "args cmd container networks ports portDefinitions uris user residency ipAddress upgradeStrategy check tty " +
    "unreachableStrategy taskKillGracePeriodSeconds acceptedResourceRoles executorResources";
  return Object.fromEntries(names.split(" ").map((name) => [name, undefined]));
}

function withId(id: string, body: Json): Json {
  return isObject(body) ? { ...body, id } : body;
}
