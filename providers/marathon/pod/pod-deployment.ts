import type { Properties, StackConfig } from "../../runtime/handler";
import { PartialFailure } from "../../runtime/partial-failure";
import type { Change, MarathonClient } from "../client";
import { removed, settled } from "../deployment";
import { MarathonError } from "../error";
import { removeEmptyGroups } from "../groups";
import { despiteLocks } from "../locks";
import { once } from "../once";
import { ownerOf, sameOwner } from "../owner";
import { changedFields, isLikePod, type PodDefinition, samePod } from "./normal-form";
import { isMarked, type Operation, operationOn, type PodInputs, podTarget } from "./pod-inputs";
import { lookAtPod, watchedPod } from "./pod-watch";
import { isPodUp, type PodStatus, podOutputs } from "./status";
import { clearStuckPod } from "./stuck";

const NOTHING_LIVE = { version: "", instances: [], healthy: false };

type Before = Awaited<ReturnType<typeof lookAtPod>>;

interface Sent {
  /** Undefined if the pod had the definition already. */
  readonly change: Change | undefined;
  /** The pod as it was ahead of the change. */
  readonly before: Before;
}

/** Makes the pod what `inputs` say, whatever is there, and gives all outputs. */
export async function deployPod(
  inputs: PodInputs,
  olds: PodInputs | undefined,
  config: StackConfig,
): Promise<Properties> {
  const operation = operationOn(inputs, config);
  const { client, deadline, events } = operation;
  const existing = await lookAtPod(client, inputs.podId, deadline).catch((error) => throwNamed(error, client));
  return events.during(async () => finish(operation, inputs, await send(operation, inputs, olds, existing)));
}

async function send(
  operation: Operation,
  inputs: PodInputs,
  olds: PodInputs | undefined,
  before: Before,
): Promise<Sent> {
  const { client, deadline } = operation;
  const { podId, pod, adopt } = inputs;
  if (!before) {
    try {
      return { change: await change(operation, inputs, "create"), before };
    } catch (error) {
      const existing = alreadyThere(error) ? await lookAtPod(client, podId, deadline) : undefined;
      if (existing) return send(operation, inputs, olds, existing);
      if (error instanceof MarathonError && error.ambiguous) throw partial(inputs, undefined, error.message);
      return throwNamed(error, client);
    }
  }
  const ours = sameOwner(before.spec, pod) || (olds !== undefined && isMarked(before.spec, olds));
  if (!ours && !adopt) throw new Error(foreign(inputs, before));
  // What an interrupted run has sent needs no second deployment, which would cancel the first.
  const sent = olds === undefined || (olds.pod !== undefined && samePod(olds.pod, pod));
  if (ours && sent && isLikePod(before.spec, pod)) return { change: undefined, before };
  try {
    await clearStuckPod(operation, before);
    return { change: await change(operation, inputs, "replace"), before };
  } catch (error) {
    // A pod that an interrupted run made is not in the state yet; nothing else would ever delete it.
    throw ours && olds === undefined && error instanceof MarathonError ? partial(inputs, before, error.message) : error;
  }
}

/** Sends the definition despite locks, and not a second time where the first answer was lost. */
function change({ client, locks, deadline }: Operation, { podId, pod }: PodInputs, kind: "create" | "replace") {
  const made = async (): Promise<Change | undefined> => {
    const live = await lookAtPod(client, podId, deadline);
    const ours = live && isLikePod(live.spec, pod) && (kind === "replace" || sameOwner(live.spec, pod));
    return ours ? { version: live.spec.version, deploymentId: live.deployments[0] } : undefined;
  };
  const request = (force: boolean) =>
    kind === "create" ? client.createPod(podId, pod, force, deadline) : client.replacePod(podId, pod, force, deadline);
  const send = (force: boolean) => once(deadline, () => request(force), made);
  return despiteLocks(client, podTarget(podId), deadline, send, { policy: locks, own: kind === "replace" });
}

async function finish(operation: Operation, inputs: PodInputs, { change, before }: Sent): Promise<Properties> {
  const { client, events, deadline } = operation;
  if (!change && before && isPodUp(before) && before.deployments.length === 0)
    return { ...inputs, ...podOutputs(before) };
  const version = before?.spec.version;
  const awaited = change ?? { version: version ?? "", deploymentId: before?.deployments[0] };
  const watched = watchedPod(client, inputs.podId, inputs.pod, change !== undefined && isReplaced(before, inputs.pod));
  try {
    const { live, problem } = await settled(watched, awaited, version, events, deadline);
    if (problem !== undefined || !live) throw partial(inputs, live, problem ?? "it is gone");
    return { ...inputs, ...podOutputs(live) };
  } catch (error) {
    throw error instanceof MarathonError ? partial(inputs, before, error.message) : error;
  }
}

function isReplaced(before: PodStatus | undefined, pod: PodDefinition): boolean {
  return before !== undefined && changedFields(before.spec, pod).some((field) => field !== "scaling");
}

/** Removes the pod of the state and the groups that it leaves empty; one that is somebody else's by now stays. */
export async function undeployPod(id: string, known: PodInputs, config: StackConfig): Promise<void> {
  const { client, group, locks, deadline } = operationOn(known, config);
  const live = await client.pod(id, deadline);
  if (live && !isMarked(live.spec, known)) {
    console.log(`pod ${id} of ${known.location} belongs to ${ownerOf(live.spec)} by now and stays`);
    return;
  }
  if (live) {
    const change = (force: boolean) => client.deletePod(id, force, deadline);
    await despiteLocks(client, podTarget(id), deadline, change, { policy: locks, patienceSeconds: 0 });
    const exists = async () => (await client.pod(id, deadline)) !== undefined;
    const left = await removed(client, podTarget(id), exists, deadline);
    if (left !== undefined) throw new Error(left);
  }
  await removeEmptyGroups(client, id, group, deadline);
}

function alreadyThere(error: unknown): boolean {
  return error instanceof MarathonError && error.status === 409 && !error.locked;
}

/** @throws Error that says so if this Marathon has no pods, else the error itself */
function throwNamed(error: unknown, client: MarathonClient): never {
  if (!(error instanceof MarathonError) || ![404, 405, 501].includes(error.status)) throw error;
  throw new Error(
    `Marathon at ${client.base} has no pods (it answered ${error.status}): they came with 1.4 and need Mesos 1.1; write an app in place of the pod, or correct url of this location`,
  );
}

function foreign({ podId, location }: PodInputs, { spec }: PodStatus): string {
  return `pod ${podId} exists on ${location} and belongs to ${ownerOf(spec)}; choose another id, remove that pod, or set adopt to take it over`;
}

function partial(inputs: PodInputs, live: PodStatus | undefined, problem: string): PartialFailure {
  const outputs = live ? podOutputs(live) : NOTHING_LIVE;
  const properties = { ...inputs, ...outputs, healthy: false };
  return new PartialFailure(`pod ${inputs.podId} on ${inputs.location}: ${problem}`, { id: inputs.podId, properties });
}
