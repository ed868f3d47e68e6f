import type { Deadline } from "../../runtime/deadline";
import type { MarathonClient } from "../client";
import { isObject, objects } from "../definition/json";
import type { Watched } from "../deployment";
import { affectedBy } from "../target";
import { isLikePod, type PodDefinition } from "./normal-form";
import { podObstacles } from "./pod-obstacles";
import { isPodUp, isPresent, type PodStatus } from "./status";

/** A pod and the running deployments that concern it. */
interface WatchedPod extends PodStatus {
  readonly deployments: readonly string[];
}

export async function lookAtPod(
  client: MarathonClient,
  id: string,
  deadline: Deadline,
): Promise<WatchedPod | undefined> {
  const live = await client.pod(id, deadline);
  if (!live) return undefined;
  const running = await client.deployments(deadline);
  const deployments = running.filter((deployment) => affectedBy(deployment).includes(id)).map(({ id }) => id);
  return { ...live, deployments };
}

/**
 * A pod as its deployment is watched, until it is `pod`.
 * @param replaced Whether the change is one after which no instance of an earlier version is to be left.
 */
export function watchedPod(
  client: MarathonClient,
  podId: string,
  pod: PodDefinition,
  replaced: boolean,
): Watched<WatchedPod> {
  return {
    noun: "pod",
    look: (deadline) => lookAtPod(client, podId, deadline),
    version: ({ spec }) => spec.version,
    deployments: ({ deployments }) => deployments,
    isWanted: ({ spec }) => isLikePod(spec, pod),
    isUp: (live) =>
      isPodUp(live) && (!replaced || (live.instances ?? []).every((instance) => isPresent(instance, live.spec))),
    hasHealthChecks: ({ spec }) => objects(spec["containers"]).some(({ healthCheck }) => isObject(healthCheck)),
    tasks: ({ instances = [] }) =>
      instances.flatMap(({ id, containers = [] }) => [id, ...containers.map(({ containerId = "" }) => containerId)]),
    obstacles: (live) => podObstacles(client, podId, live),
  };
}
