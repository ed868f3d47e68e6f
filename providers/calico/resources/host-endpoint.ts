import type * as pulumi from "@pulumi/pulumi";
import { CalicoResource, type CalicoResourceArgs } from "./calico-resource";
import type { HostEndpointSpec } from "./specs";

/** An interface of a host under policy. Policies that allow must be there before it, and stay until it is gone. */
export class HostEndpoint extends CalicoResource<HostEndpointSpec> {
  constructor(name: string, args: CalicoResourceArgs<HostEndpointSpec>, opts?: pulumi.CustomResourceOptions) {
    super("HostEndpoint", name, args, opts);
  }
}
