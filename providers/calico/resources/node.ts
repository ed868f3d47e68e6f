import type * as pulumi from "@pulumi/pulumi";
import { type AnySpec, CalicoResource, type CalicoResourceArgs } from "./calico-resource";

/** A host in Calico. It is merged, never replaced, and deleted only if Clocker made it and nothing of it is in use. */
export class Node extends CalicoResource<AnySpec> {
  constructor(name: string, args: CalicoResourceArgs<AnySpec>, opts?: pulumi.CustomResourceOptions) {
    super("Node", name, args, opts);
  }
}
