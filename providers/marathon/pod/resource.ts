import type * as pulumi from "@pulumi/pulumi";
import { ClockerResource } from "../../runtime/resource";

export interface MarathonPodArgs {
  /** Name in `clocker:locations` of the Marathon to use; another one replaces the pod. */
  readonly location: pulumi.Input<string>;
  /** Absolute id, e.g. `/clocker/shop-production/web`; another one replaces the pod. */
  readonly podId: pulumi.Input<string>;
  /**
   * Marathon's pod definition without `id`; what Marathon would refuse is an error of the preview. Its labels
   * `clocker.application`, `clocker.stack` and `clocker.service` are required: they mark the pod as ours.
   */
  readonly pod: pulumi.Input<Record<string, unknown>>;
  /** How long each operation waits, in seconds; default 600. Takes effect without a change of the pod. */
  readonly timeoutSeconds?: pulumi.Input<number>;
  /** Whether to take over a pod of this id that something else created; default false. */
  readonly adopt?: pulumi.Input<boolean>;
}

/** Where an endpoint of a container answers. */
export interface MarathonPodEndpoint {
  readonly name: string;
  /** Port of the agent; absent if only networks of containers lead to it. */
  readonly hostPort?: number;
  /** Whether it passes the health check; absent if none looks at it. */
  readonly healthy?: boolean;
}

/** What Marathon runs of the pod: its containers together on one agent. */
export interface MarathonPodInstance {
  readonly id: string;
  /** Host name of the agent, empty until there is one. */
  readonly host: string;
  /** `PENDING`, `STAGING`, `STABLE`, `DEGRADED` or `TERMINAL`. */
  readonly status: string;
  /** In all networks. */
  readonly addresses: readonly string[];
  /** By the container's name. */
  readonly endpoints: Readonly<Record<string, readonly MarathonPodEndpoint[]>>;
}

/**
 * A pod on Marathon. It is created and updated when its deployment succeeded, as many instances as wanted are stable and
 * pass all health checks (without any, have run for three seconds); else the operation fails at its time limit with
 * Marathon's reasons, and the next `up` repairs it.
 *
 * ```ts
 * const pod = new MarathonPod("web", {
 *   location: "mesos",
 *   podId: "/clocker/shop-production/web",
 *   pod: {
 *     labels: { "clocker.application": "shop", "clocker.stack": "production", "clocker.service": "web" },
 *     containers: [
 *       {
 *         name: "server",
 *         image: { kind: "DOCKER", id: "nginx:1.27" },
 *         resources: { cpus: 0.1, mem: 64 },
 *         endpoints: [{ name: "http", containerPort: 80, hostPort: 0 }],
 *         healthCheck: { http: { endpoint: "http", path: "/" } },
 *       },
 *       { name: "logs", exec: { command: { shell: "./ship-logs" } }, resources: { cpus: 0.1, mem: 32 } },
 *     ],
 *     networks: [{ mode: "container/bridge" }],
 *   },
 * });
 * export const port = pod.instances.apply(([first]) => first?.endpoints["server"]?.[0]?.hostPort);
 * ```
 */
export class MarathonPod extends ClockerResource {
  declare readonly location: pulumi.Output<string>;
  declare readonly podId: pulumi.Output<string>;
  declare readonly pod: pulumi.Output<Record<string, unknown>>;
  /** Marathon's version of the definition: a time stamp. */
  declare readonly version: pulumi.Output<string>;
  /** In the order of their ids. */
  declare readonly instances: pulumi.Output<MarathonPodInstance[]>;
  /** Whether every instance is stable and passes its health checks. */
  declare readonly healthy: pulumi.Output<boolean>;

  constructor(name: string, args: MarathonPodArgs, opts?: pulumi.CustomResourceOptions) {
    super("marathon.Pod", name, { ...args, version: undefined, instances: undefined, healthy: undefined }, opts);
  }
}
