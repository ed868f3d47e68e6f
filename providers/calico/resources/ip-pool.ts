import type * as pulumi from "@pulumi/pulumi";
import { CalicoResource, type CalicoResourceArgs } from "./calico-resource";
import type { IPPoolSpec } from "./specs";

/** A range of addresses for workloads. It is not deleted while addresses of it are in use. */
export class IPPool extends CalicoResource<IPPoolSpec> {
  constructor(name: string, args: CalicoResourceArgs<IPPoolSpec>, opts?: pulumi.CustomResourceOptions) {
    super("IPPool", name, args, opts);
  }
}
