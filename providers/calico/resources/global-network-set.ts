import type * as pulumi from "@pulumi/pulumi";
import { CalicoResource, type CalicoResourceArgs } from "./calico-resource";
import type { GlobalNetworkSetSpec } from "./specs";

/** Addresses outside of Calico under labels that policies select. */
export class GlobalNetworkSet extends CalicoResource<GlobalNetworkSetSpec> {
  constructor(name: string, args: CalicoResourceArgs<GlobalNetworkSetSpec>, opts?: pulumi.CustomResourceOptions) {
    super("GlobalNetworkSet", name, args, opts);
  }
}
