import type * as pulumi from "@pulumi/pulumi";
import { ClockerResource } from "../runtime/resource";

export interface MarathonAppArgs {
  /** Name in `clocker:locations` of the Marathon to use; another one replaces the app. */
  readonly location: pulumi.Input<string>;
  /** Absolute id, e.g. `/clocker/shop-production/web`; another one replaces the app. */
  readonly appId: pulumi.Input<string>;
  /**
   * Marathon's app definition without `id`, in the API of 1.5 and newer or the one before, which is translated as Marathon
   * does it; what Marathon would refuse is an error of the preview. Its labels `clocker.application`, `clocker.stack` and `clocker.service` are required: they mark the app as ours.
   */
  readonly app: pulumi.Input<Record<string, unknown>>;
  /** How long each operation waits, in seconds; default 600. Takes effect without a change of the app. */
  readonly timeoutSeconds?: pulumi.Input<number>;
  /** Whether to take over an app of this id that something else created; default false. */
  readonly adopt?: pulumi.Input<boolean>;
  /**
   * Whether a change that Marathon refuses to an app with persistent volumes (of the volumes, cpus, mem, disk, gpus or ports of
   * the host) deletes the app with the data in its volumes and makes it anew; default false, which makes it an error.
   */
  readonly discardVolumes?: pulumi.Input<boolean>;
}

/** A task that Marathon runs for the app. */
export interface MarathonTask {
  readonly id: string;
  /** Host name of the agent. */
  readonly host: string;
  /** Host ports in the order of the app's ports. */
  readonly ports: readonly number[];
  readonly ipAddresses: readonly string[];
  /** Whether it passes all health checks; true if the app has none. */
  readonly healthy: boolean;
}

/** Where one of the app's ports answers at one of its tasks. */
export interface MarathonEndpoint {
  /** The agent's host name, or the task's own address where the port is not one of the agent's. */
  readonly address: string;
  readonly port: number;
  /** The app's own port behind it. */
  readonly servicePort: number;
  readonly protocol: "tcp" | "udp";
}

/**
 * An app on Marathon. It is created and updated when its deployment succeeded, all instances run and, if it has health
 * checks, are healthy (without any, have run for three seconds); else the operation fails at its time limit with Marathon's reasons, and the next `up` repairs it.
 */
export class MarathonApp extends ClockerResource {
  declare readonly location: pulumi.Output<string>;
  declare readonly appId: pulumi.Output<string>;
  declare readonly app: pulumi.Output<Record<string, unknown>>;
  /** Marathon's version of the definition: a time stamp. */
  declare readonly version: pulumi.Output<string>;
  /** Running tasks in the order of their ids. */
  declare readonly tasks: pulumi.Output<MarathonTask[]>;
  /** One for each task, port and protocol, in the order of tasks; tasks that fail a health check have none. */
  declare readonly endpoints: pulumi.Output<MarathonEndpoint[]>;
  /** Whether every instance runs and passes its health checks. */
  declare readonly healthy: pulumi.Output<boolean>;

  constructor(name: string, args: MarathonAppArgs, opts?: pulumi.CustomResourceOptions) {
    super(
      "marathon.App",
      name,
      { ...args, version: undefined, tasks: undefined, endpoints: undefined, healthy: undefined },
      opts,
    );
  }
}
