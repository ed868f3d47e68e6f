import type * as pulumi from "@pulumi/pulumi";
import { CalicoResource, type CalicoResourceArgs } from "./calico-resource";
import type { BGPFilterSpec } from "./specs";

/** Routes that a BGP peer is told, or believed. */
export class BGPFilter extends CalicoResource<BGPFilterSpec> {
  constructor(name: string, args: CalicoResourceArgs<BGPFilterSpec>, opts?: pulumi.CustomResourceOptions) {
    super("BGPFilter", name, args, opts);
  }
}
