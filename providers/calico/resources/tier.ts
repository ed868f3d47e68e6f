import type * as pulumi from "@pulumi/pulumi";
import { CalicoResource, type CalicoResourceArgs } from "./calico-resource";
import type { TierSpec } from "./specs";

/** A group of policies, evaluated together. It is not deleted while policies are in it. */
export class Tier extends CalicoResource<TierSpec> {
  constructor(name: string, args: CalicoResourceArgs<TierSpec>, opts?: pulumi.CustomResourceOptions) {
    super("Tier", name, args, opts);
  }
}
