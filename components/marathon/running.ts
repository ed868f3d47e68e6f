import * as pulumi from "@pulumi/pulumi";
import type { MarathonApp, MarathonTask } from "../../providers/marathon/resource";
import type { MarathonLocation } from "../../settings/schema";
import type { Endpoint } from "../platform";

/** What runs of an app. */
export interface Running {
  /** In the order of tasks; those that fail a health check have none. */
  readonly endpoints: readonly Endpoint[];
  readonly tasks: readonly MarathonTask[];
  /** The tasks that pass their health checks; all, if none does. */
  readonly up: readonly MarathonTask[];
  /** Whether every instance runs and is healthy. */
  readonly healthy: boolean;
}

/** An app that failed is in the state without tasks: its address is as unknown in a preview as that of an app yet to be made. */
export function whatRuns(app: MarathonApp, settings: MarathonLocation): pulumi.Output<Running> {
  return pulumi.all([app.endpoints, app.tasks, app.healthy]).apply(([endpoints, tasks, healthy]) => {
    if (tasks.length === 0 && pulumi.runtime.isDryRun()) {
      return pulumi.runtime.deserializeProperty(pulumi.runtime.unknownValue) as Running;
    }
    const passing = tasks.filter((task) => task.healthy);
    return {
      endpoints: endpoints.map((endpoint) => ({ ...endpoint, address: addressOf(endpoint.address, settings) })),
      tasks,
      up: passing.length > 0 ? passing : tasks,
      healthy,
    };
  });
}

/** Marathon names agents as Mesos does; where the location knows the agent, its address is the one that others reach. */
export function addressOf(agent: string, settings: MarathonLocation): string {
  return settings.agents?.[agent]?.address ?? agent;
}
