import type * as pulumi from "@pulumi/pulumi";
import { ClockerResource } from "../runtime/resource";

export interface ContainerReadinessArgs {
  /** Name of a Docker location in `clocker:locations`; the engine's credentials are taken from there. Another one replaces. */
  readonly location: pulumi.Input<string>;
  /** Name of the host inside the location. Another one replaces. */
  readonly host: pulumi.Input<string>;
  /** Another container replaces. */
  readonly containerId: pulumi.Input<string>;
  /** Own ports of the container, each of which has to accept a connection. */
  readonly ports: pulumi.Input<readonly pulumi.Input<number>[]>;
  /** Image with socat as its entry point, for the probe inside the container's network namespace. */
  readonly probeImage: pulumi.Input<string>;
  /** Deadline in seconds. */
  readonly timeoutSeconds: pulumi.Input<number>;
  /** Texts of which any change makes the container prove itself anew. */
  readonly triggers?: pulumi.Input<readonly pulumi.Input<string>[]>;
}

/** A container that runs, whose health check passed and whose ports answer. What depends on it starts after that. */
export class ContainerReadiness extends ClockerResource {
  /** The container's address in its network; empty where it shares another network stack. */
  declare readonly address: pulumi.Output<string>;

  constructor(name: string, args: ContainerReadinessArgs, opts?: pulumi.CustomResourceOptions) {
    super("docker.Readiness", name, { ...args, address: undefined }, opts);
  }
}
