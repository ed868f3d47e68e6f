import type * as pulumi from "@pulumi/pulumi";
import { ClockerResource } from "../../runtime/resource";

export interface ServiceAddressArgs {
  /** Name of the IPPool; another one replaces. */
  readonly range: pulumi.Input<string>;
  /** Calico's name of the host that the service runs on; another one replaces. */
  readonly node: pulumi.Input<string>;
  /** Physical name of the service, unlike that of every other stack; another one replaces. */
  readonly service: pulumi.Input<string>;
}

/**
 * An address that is kept for a service on a node, so that it is known before the service runs and stays the same when its
 * container is replaced. A container takes it as its fixed address in a network of the driver `calico`.
 */
export class ServiceAddress extends ClockerResource {
  declare readonly range: pulumi.Output<string>;
  declare readonly node: pulumi.Output<string>;
  declare readonly service: pulumi.Output<string>;
  /** IPv4 address. */
  declare readonly address: pulumi.Output<string>;

  constructor(name: string, args: ServiceAddressArgs, opts?: pulumi.CustomResourceOptions) {
    super("calico.ServiceAddress", name, { ...args, address: undefined }, opts);
  }
}
