import type { Deployments } from "./deploy/deployments";
import type { EventBus } from "./events/bus";
import type { NormalisationContext } from "./model/normalise";
import type { ServerOptions } from "./options";
import type { GroupManager } from "./state/group-manager";
import type { TaskScheduler } from "./tasks/scheduler";
import type { ValidationContext } from "./validation/app";

/** What the API works on. */
export interface Services {
  readonly options: ServerOptions;
  readonly frameworkId: string;
  readonly bus: EventBus;
  readonly scheduler: TaskScheduler;
  readonly deployments: Deployments;
  readonly groups: GroupManager;
  readonly normalisation: NormalisationContext;
  readonly validation: ValidationContext;
  /** `host:port` of this server. */
  readonly address: () => string;
}
