import type { Deadline } from "../runtime/deadline";
import type { AppDefinition, LiveApp } from "./api";
import type { MarathonClient } from "./client";
import type { Watched } from "./deployment";
import { isHealthy } from "./endpoints";
import { obstacles } from "./obstacles";
import { isLike } from "./reconcile";

/** An app as its deployment is watched, until it is `app`. */
export function watchedApp(
  client: MarathonClient,
  appId: string,
  app: AppDefinition,
  look = (deadline: Deadline) => client.app(appId, deadline),
): Watched<LiveApp> {
  return {
    noun: "app",
    look,
    version: ({ version }) => version,
    deployments: ({ deployments = [] }) => deployments.map(({ id }) => id),
    isWanted: (live) => isLike(live, app),
    isUp: isHealthy,
    hasHealthChecks: ({ healthChecks = [] }) => healthChecks.length > 0,
    tasks: ({ tasks = [] }) => tasks.map(({ id }) => id),
    obstacles: (live, deploymentId) => obstacles(client, appId, live, deploymentId),
  };
}
