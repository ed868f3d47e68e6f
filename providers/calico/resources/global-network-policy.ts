import type * as pulumi from "@pulumi/pulumi";
import { CalicoResource, type CalicoResourceArgs } from "./calico-resource";
import type { GlobalNetworkPolicySpec } from "./specs";

/** What endpoints of any kind and namespace may send and receive. Its tier must exist. */
export class GlobalNetworkPolicy extends CalicoResource<GlobalNetworkPolicySpec> {
  constructor(name: string, args: CalicoResourceArgs<GlobalNetworkPolicySpec>, opts?: pulumi.CustomResourceOptions) {
    super("GlobalNetworkPolicy", name, args, opts);
  }
}
