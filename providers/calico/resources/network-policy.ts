import type * as pulumi from "@pulumi/pulumi";
import { type AnySpec, CalicoResource, type CalicoResourceArgs, type NamespacedMetadata } from "./calico-resource";

/** What workload endpoints of one namespace may send and receive. Its tier must exist. */
export class NetworkPolicy extends CalicoResource<AnySpec> {
  constructor(
    name: string,
    args: CalicoResourceArgs<AnySpec, NamespacedMetadata>,
    opts?: pulumi.CustomResourceOptions,
  ) {
    super("NetworkPolicy", name, args, opts);
  }
}
