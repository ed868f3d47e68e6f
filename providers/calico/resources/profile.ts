import type * as pulumi from "@pulumi/pulumi";
import { type AnySpec, CalicoResource, type CalicoResourceArgs } from "./calico-resource";

/** Rules and labels for the endpoints that name it. */
export class Profile extends CalicoResource<AnySpec> {
  constructor(name: string, args: CalicoResourceArgs<AnySpec>, opts?: pulumi.CustomResourceOptions) {
    super("Profile", name, args, opts);
  }
}
