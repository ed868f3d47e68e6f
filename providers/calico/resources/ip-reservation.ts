import type * as pulumi from "@pulumi/pulumi";
import { type AnySpec, CalicoResource, type CalicoResourceArgs } from "./calico-resource";

/** Addresses that Calico does not hand out. */
export class IPReservation extends CalicoResource<AnySpec> {
  constructor(name: string, args: CalicoResourceArgs<AnySpec>, opts?: pulumi.CustomResourceOptions) {
    super("IPReservation", name, args, opts);
  }
}
