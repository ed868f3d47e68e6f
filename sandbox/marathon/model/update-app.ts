import {
  appProblems,
  assertConvertible,
  definitionProblemsOf,
  updateProblems,
  type ValidationContext,
} from "../validation/app";
import { sentProblems } from "../validation/sent";
import type { App, AppSpec } from "./app";
import { invalidJson, throwIfAny } from "./errors";
import { isObject, type Json } from "./json";
import { migrate, migrateUpdate } from "./migrate";
import { complete, type NormalisationContext } from "./normalise";
import { parseApp, type RawApp, type RawUpdate } from "./raw-app";

/** A body of POST /v2/apps, or an app of a group, as a definition. Throws ApiError 422 or 500. */
export function createdApp(body: Json, normalisation: NormalisationContext, validation: ValidationContext): AppSpec {
  return checked(parseApp(body), normalisation, validation);
}

/** The same from a body that was read already. */
export function checked(raw: RawApp, normalisation: NormalisationContext, validation: ValidationContext): AppSpec {
  const app = normalised(raw, normalisation, validation);
  assertConvertible(app);
  throwIfAny(definitionProblemsOf(app));
  return app;
}

/**
 * A body of PUT that says all there is to say: what is left out gets its default. Marathon normalises such a body twice;
 * the second time the default port is a declared one, which health checks then refer to.
 */
export function replacedApp(
  id: string,
  body: Json,
  normalisation: NormalisationContext,
  validation: ValidationContext,
): AppSpec {
  if (!isObject(body)) throw invalidJson([{ path: "", error: "error.expected.jsobject" }]);
  return checkedTwice(parseApp({ ...body, id }), normalisation, validation);
}

/** The same for a body that was read already; it cannot ask for an old version. */
export function checkedTwice(
  { version: _, ...raw }: RawApp,
  normalisation: NormalisationContext,
  validation: ValidationContext,
): AppSpec {
  return checked(normalised(raw, normalisation, validation) as RawApp, normalisation, validation);
}

/** An update merged by top-level field into what is there, or into nothing. */
export function mergedApp(
  id: string,
  update: RawUpdate,
  existing: App | undefined,
  normalisation: NormalisationContext,
  validation: ValidationContext,
): AppSpec {
  const { version: _, versionInfo: __, ...spec } = existing ?? ({} as App);
  return checked({ ...parseApp({ id }), ...spec, ...migrateUpdate(update), id }, normalisation, validation);
}

/** An update that was read, if nothing is wrong with it by itself. Throws ApiError 422 or 500. */
export function checkedUpdate(
  update: RawUpdate,
  normalisation: NormalisationContext,
  validation: ValidationContext,
): RawUpdate {
  throwIfAny(sentProblems(update, true));
  migrateUpdate(update);
  throwIfAny(updateProblems(update, { ...normalisation, ...validation }));
  return update;
}

function normalised(raw: RawApp, normalisation: NormalisationContext, validation: ValidationContext): AppSpec {
  throwIfAny(sentProblems(raw, false));
  const app = migrate(raw);
  throwIfAny(appProblems(app, { ...normalisation, ...validation }));
  return complete(app, normalisation);
}
