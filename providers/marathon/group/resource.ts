import type * as pulumi from "@pulumi/pulumi";
import { ClockerResource } from "../../runtime/resource";
import type { MarathonEndpoint, MarathonTask } from "../resource";

export interface MarathonGroupArgs {
  /** Name in `clocker:locations` of the Marathon to use; another one replaces the group. */
  readonly location: pulumi.Input<string>;
  /** Absolute id, e.g. `/clocker/shop-production`; another one replaces the group. */
  readonly groupId: pulumi.Input<string>;
  /**
   * Marathon's group definition without `id`: `apps` (as in `MarathonApp`, with `id`), `groups` (the same, with `id`),
   * `dependencies` (ids of apps and groups that have to run first) and `enforceRole` (1.9 and newer). Ids are relative to the
   * group that they stand in, or absolute. Each app needs the labels `clocker.application`, `clocker.stack` and
   * `clocker.service`; the label `clocker.group` is added, which marks it as a member of this resource.
   */
  readonly group: pulumi.Input<Record<string, unknown>>;
  /** How long each operation waits, in seconds; default 600. Takes effect without a change of the group. */
  readonly timeoutSeconds?: pulumi.Input<number>;
  /** Whether to take over apps of these ids, and dependencies of groups, that something else made; default false. */
  readonly adopt?: pulumi.Input<boolean>;
}

/** What Marathon runs for one app of a group. */
export interface MarathonGroupMember {
  /** Marathon's version of the app's definition: a time stamp. */
  readonly version: string;
  readonly tasks: readonly MarathonTask[];
  readonly endpoints: readonly MarathonEndpoint[];
  readonly healthy: boolean;
}

/**
 * A group of apps on Marathon. A new one is made by one deployment, in the order of its dependencies; so are all apps that an
 * update changes, while those it does not name any more are removed. It is created and updated when every app in it is up, as
 * a `MarathonApp` is; else the operation fails at its time limit with Marathon's reasons for each app, and the next `up`
 * repairs it. What others put into the group stays as it is, and the group with it.
 *
 * ```ts
 * const labels = (service: string) => ({
 *   "clocker.application": "shop", "clocker.stack": "production", "clocker.service": service,
 * });
 * const shop = new MarathonGroup("shop", {
 *   location: "mesos",
 *   groupId: "/clocker/shop-production",
 *   group: {
 *     groups: [{ id: "data", apps: [{ id: "redis", cmd: "redis-server --port $PORT0", labels: labels("redis") }] }],
 *     apps: [{ id: "web", cmd: "./web", dependencies: ["data"], labels: labels("web") }],
 *   },
 * });
 * export const web = shop.apps.apply((apps) => apps["/clocker/shop-production/web"]?.endpoints);
 * ```
 */
export class MarathonGroup extends ClockerResource {
  declare readonly location: pulumi.Output<string>;
  declare readonly groupId: pulumi.Output<string>;
  declare readonly group: pulumi.Output<Record<string, unknown>>;
  /** Marathon's version of the group: a time stamp. */
  declare readonly version: pulumi.Output<string>;
  /** State of each app of the definition, by absolute id. */
  declare readonly apps: pulumi.Output<Record<string, MarathonGroupMember>>;
  /** Whether every instance of every app runs and passes its health checks. */
  declare readonly healthy: pulumi.Output<boolean>;

  constructor(name: string, args: MarathonGroupArgs, opts?: pulumi.CustomResourceOptions) {
    super("marathon.Group", name, { ...args, version: undefined, apps: undefined, healthy: undefined }, opts);
  }
}
