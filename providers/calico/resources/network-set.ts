import type * as pulumi from "@pulumi/pulumi";
import { type AnySpec, CalicoResource, type CalicoResourceArgs, type NamespacedMetadata } from "./calico-resource";

/** Addresses outside of Calico under labels that policies of one namespace select. */
export class NetworkSet extends CalicoResource<AnySpec> {
  constructor(
    name: string,
    args: CalicoResourceArgs<AnySpec, NamespacedMetadata>,
    opts?: pulumi.CustomResourceOptions,
  ) {
    super("NetworkSet", name, args, opts);
  }
}
