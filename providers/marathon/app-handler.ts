import { locationSettings } from "../runtime/config";
import { Deadline } from "../runtime/deadline";
import type { CheckFailure, DiffResult, Handler, Properties, StackConfig } from "../runtime/handler";
import { PartialFailure } from "../runtime/partial-failure";
import { containsUnknown, isUnknown } from "../runtime/unknown";
import type { AppDefinition, LiveApp } from "./api";
import { type Change, MarathonClient } from "./client";
import { checkDefinition } from "./definition";
import { removed, settled } from "./deployment";
import { DeploymentEvents } from "./deployment-events";
import { isHealthy, outputsOf } from "./endpoints";
import { MarathonError } from "./error";
import { removeEmptyGroups } from "./groups";
import { marathonLocation } from "./location";
import { clearStuck, despiteLocks } from "./locks";
import { ownerOf, sameOwner } from "./owner";
import { definitionOf, isLike, sameApp } from "./reconcile";

interface AppInputs {
  readonly location: string;
  readonly appId: string;
  readonly app: AppDefinition;
  readonly timeoutSeconds: number;
  readonly adopt: boolean;
}

const DEFAULT_TIMEOUT_SECONDS = 600;
const APP_ID = /^(\/([a-z0-9]|[a-z0-9][a-z0-9.-]*[a-z0-9]))+$/;
const RESERVED_ENDING = /\/(restart|tasks|versions)$/;
const NOTHING_LIVE = { version: "", tasks: [], endpoints: [], healthy: false };

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
  const known = properties as unknown as AppInputs;
  const { client, group } = connect(known, config);
  const deadline = deadlineOf(known);
  const live = await client.app(id, deadline);
  if (live && !isMarked(live, known)) {
    console.log(`app ${id} of ${known.location} belongs to ${ownerOf(live)} by now and stays`);
    return;
  }
  if (live) {
    await despiteLocks(client, id, deadline, (force) => client.deleteApp(id, force, deadline), 0);
    const left = await removed(client, id, deadline);
    if (left !== undefined) throw new Error(left);
  }
  await removeEmptyGroups(client, id, group, deadline);
}

/** Makes the app what `inputs` say, whatever is there, and gives all outputs. */
async function deploy(inputs: AppInputs, olds: AppInputs | undefined, config: StackConfig): Promise<Properties> {
  const { client } = connect(inputs, config);
  const deadline = deadlineOf(inputs);
  const existing = await client.app(inputs.appId, deadline);
  const events = await DeploymentEvents.open(client);
  try {
    const { change, before } = await send(client, inputs, olds, existing, deadline);
    return await finish(client, inputs, change, before, events, deadline);
  } finally {
    events.close();
  }
}

interface Sent {
  /** Undefined if the app had the definition already. */
  readonly change: Change | undefined;
  /** The app as it was ahead of the change. */
  readonly before: LiveApp | undefined;
}

async function send(
  client: MarathonClient,
  inputs: AppInputs,
  olds: AppInputs | undefined,
  before: LiveApp | undefined,
  deadline: Deadline,
): Promise<Sent> {
  const { appId, app, adopt } = inputs;
  if (!before) {
    try {
      return { change: await client.createApp(appId, app, deadline), before };
    } catch (error) {
      const existing = alreadyThere(error) ? await client.app(appId, deadline) : undefined;
      if (existing) return send(client, inputs, olds, existing, deadline);
      throw error instanceof MarathonError && error.ambiguous ? partial(inputs, undefined, error.message) : error;
    }
  }
  const ours = sameOwner(before, app) || (olds !== undefined && isMarked(before, olds));
  if (!ours && !adopt) throw new Error(foreign(inputs, before));
  // What an interrupted run has sent needs no second deployment, which would cancel the first.
  const sent = olds === undefined || (olds.app !== undefined && sameApp(olds.app, app));
  if (ours && sent && isLike(before, app)) return { change: undefined, before };
  try {
    await clearStuck(client, before, deadline);
    const replace = (force: boolean) => client.replaceApp(appId, app, force, deadline);
    return { change: await despiteLocks(client, appId, deadline, replace), before };
  } catch (error) {
    // An app that an interrupted run made is not in the state yet; nothing else would ever delete it.
    throw ours && olds === undefined && error instanceof MarathonError ? partial(inputs, before, error.message) : error;
  }
}

async function finish(
  client: MarathonClient,
  inputs: AppInputs,
  change: Change | undefined,
  before: LiveApp | undefined,
  events: DeploymentEvents,
  deadline: Deadline,
): Promise<Properties> {
  if (!change && before && isHealthy(before) && before.deployments?.length === 0) {
    return { ...inputs, ...outputsOf(before) };
  }
  const awaited = change ?? { version: before?.version ?? "", deploymentId: before?.deployments?.[0]?.id };
  let result: Awaited<ReturnType<typeof settled>>;
  try {
    result = await settled(client, inputs.appId, awaited, before?.version, events, deadline);
  } catch (error) {
    throw error instanceof MarathonError ? partial(inputs, before, error.message) : error;
  }
  if (result.problem !== undefined || !result.live) throw partial(inputs, result.live, result.problem ?? "it is gone");
  return { ...inputs, ...outputsOf(result.live) };
}

function connect(inputs: AppInputs, config: StackConfig): { client: MarathonClient; group: string } {
  const settings = locationSettings(config, inputs.location, marathonLocation);
  return { client: new MarathonClient(settings, { secrets: privateTexts(inputs.app) }), group: settings.group };
}

function deadlineOf(inputs: AppInputs): Deadline {
  return new Deadline(inputs.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS);
}

/** What may be secret in a definition: the engine does not tell which inputs are. */
function privateTexts(app: AppDefinition | undefined): string[] {
  const { env, args, cmd } = app ?? {};
  return [...Object.values(env ?? {}), ...(Array.isArray(args) ? args : []), cmd].filter(
    (text): text is string => typeof text === "string",
  );
}

/** Whether the live app is the one in the state. A failure with a huge definition leaves a state without it. */
function isMarked(live: LiveApp, known: AppInputs): boolean {
  return sameOwner(live, known.app ?? live);
}

function alreadyThere(error: unknown): boolean {
  return error instanceof MarathonError && error.status === 409 && !error.locked;
}

function foreign({ appId, location }: AppInputs, live: LiveApp): string {
  return `app ${appId} exists on ${location} and belongs to ${ownerOf(live)}; choose another id, remove that app, or set adopt to take it over`;
}

function partial(inputs: AppInputs, live: LiveApp | undefined, problem: string): PartialFailure {
  const message = `app ${inputs.appId} on ${inputs.location}: ${problem}`;
  const outputs = live ? outputsOf(live) : NOTHING_LIVE;
  return new PartialFailure(message, { id: inputs.appId, properties: { ...inputs, ...outputs } });
}
