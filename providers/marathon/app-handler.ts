import type { CheckFailure, DiffResult, Handler, Properties, StackConfig } from "../runtime/handler";
import { containsUnknown, isUnknown } from "../runtime/unknown";
import type { AppDefinition } from "./api";
import { deploy, undeploy } from "./app-deployment";
import { type AppInputs, connect, DEFAULT_TIMEOUT_SECONDS, deadlineOf, isMarked } from "./app-inputs";
import { checkDefinition } from "./definition";
import { outputsOf } from "./endpoints";
import { definitionOf, sameApp } from "./reconcile";

const APP_ID = /^(\/([a-z0-9]|[a-z0-9][a-z0-9.-]*[a-z0-9]))+$/;
const RESERVED_ENDING = /\/(restart|tasks|versions)$/;

/** An app on Marathon: definition, deployment and health. */
export const appHandler: Handler = { check, diff, create, read, update, delete: remove };

async function check(_olds: Properties, news: Properties) {
  const { app, failures } = checkDefinition(news["app"]);
  const inputs = {
    location: news["location"],
    appId: news["appId"],
    app,
    timeoutSeconds: news["timeoutSeconds"] ?? DEFAULT_TIMEOUT_SECONDS,
    adopt: news["adopt"] ?? false,
  };
  return { inputs, failures: [...checkScalars(inputs), ...failures] };
}

function checkScalars(inputs: Properties): CheckFailure[] {
  const failures: CheckFailure[] = [];
  const { location, appId, timeoutSeconds, adopt } = inputs;
  if (typeof location !== "string") failures.push({ property: "location", reason: "must be the name of a location" });
  if (typeof appId !== "string" || (!containsUnknown(appId) && !(APP_ID.test(appId) && !RESERVED_ENDING.test(appId)))) {
    failures.push({
      property: "appId",
      reason: `must be an absolute id of lower-case letters, digits, '-' and '.', not ending in restart, tasks or versions, e.g. /clocker/web; it is ${JSON.stringify(appId)}`,
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

async function diff(_id: string, olds: Properties, news: Properties): Promise<DiffResult> {
  const replaces = ["location", "appId"].filter((key) => containsUnknown(news[key]) || olds[key] !== news[key]);
  const before = olds["app"] as AppDefinition | undefined;
  const changed = containsUnknown(news["app"]) || !before || !sameApp(before, news["app"] as AppDefinition);
  // Two locations may be the same Marathon, where the replacement would take over what is deleted afterwards.
  const deleteBeforeReplace = replaces.length > 0 && !replaces.includes("appId");
  // A refresh forgets that the last operation failed, and finds what has broken down since.
  const broken = olds["healthy"] === false;
  return { changes: changed || broken || replaces.length > 0, replaces, deleteBeforeReplace };
}

async function create(properties: Properties, config: StackConfig) {
  const inputs = properties as unknown as AppInputs;
  return { id: inputs.appId, outs: await deploy(inputs, undefined, config) };
}

async function update(_id: string, olds: Properties, news: Properties, config: StackConfig) {
  return { outs: await deploy(news as unknown as AppInputs, olds as unknown as AppInputs, config) };
}

async function read(id: string, properties: Properties, config: StackConfig) {
  const known = properties as unknown as AppInputs;
  const { client } = connect(known, config);
  const live = await client.app(id, deadlineOf(known));
  if (!live || !(isMarked(live, known) || known.adopt)) return undefined;
  const { location, appId, timeoutSeconds, adopt } = known;
  const inputs = { location, appId, app: definitionOf(live, known.app ?? {}), timeoutSeconds, adopt };
  return { id, inputs, props: { ...inputs, ...outputsOf(live) } };
}

async function remove(id: string, properties: Properties, config: StackConfig): Promise<void> {
  await undeploy(id, properties as unknown as AppInputs, config);
}
