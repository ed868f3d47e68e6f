import type * as pulumi from "@pulumi/pulumi";
import { ClockerResource } from "../../runtime/resource";
import type { Encapsulation } from "../host/encapsulation";

export interface CalicoHostArgs {
  /** Name of a Docker location, or of a Marathon location with agents, in `clocker:locations`. */
  readonly location: pulumi.Input<string>;
  /** Name of the host or agent inside the location. */
  readonly host: pulumi.Input<string>;
  /** Calico node name of the host. Another one replaces. */
  readonly node: pulumi.Input<string>;
  /** Address of the host for the other hosts. */
  readonly address: pulumi.Input<string>;
  /** Who needs the agents, unique among the stacks that share the host. Another one replaces. */
  readonly owner: pulumi.Input<string>;
  readonly felixImage: pulumi.Input<string>;
  readonly driverImage: pulumi.Input<string>;
  /** The stack's pool, which the hosts' tunnels have their addresses from. */
  readonly pool: pulumi.Input<string>;
  readonly encapsulation: pulumi.Input<Encapsulation>;
  /** Bytes of the largest packet of a workload. */
  readonly mtu: pulumi.Input<number>;
  /** Which of the host's iptables Docker uses. */
  readonly iptables: pulumi.Input<"nft" | "legacy">;
  /** Deadline in seconds for both agents together. */
  readonly timeoutSeconds: pulumi.Input<number>;
}

/** Calico on a Docker host: the network driver `calico` and Felix, as containers that stacks share. It exists when both do their work. */
export class CalicoHost extends ClockerResource {
  constructor(name: string, args: CalicoHostArgs, opts?: pulumi.CustomResourceOptions) {
    super("calico.Host", name, { ...args }, opts);
  }
}
