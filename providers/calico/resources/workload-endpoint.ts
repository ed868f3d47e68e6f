import type * as pulumi from "@pulumi/pulumi";
import { type AnySpec, CalicoResource, type CalicoResourceArgs, type NamespacedMetadata } from "./calico-resource";

/** An interface of a workload under policy, as an orchestrator would write it. */
export class WorkloadEndpoint extends CalicoResource<AnySpec> {
  constructor(
    name: string,
    args: CalicoResourceArgs<AnySpec, NamespacedMetadata>,
    opts?: pulumi.CustomResourceOptions,
  ) {
    super("WorkloadEndpoint", name, args, opts);
  }
}
