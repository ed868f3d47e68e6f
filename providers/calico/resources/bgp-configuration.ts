import type * as pulumi from "@pulumi/pulumi";
import { CalicoResource, type CalicoResourceArgs } from "./calico-resource";
import type { BGPConfigurationSpec } from "./specs";

/** Settings of BGP for all nodes (`default`, which is merged, never replaced) or for one (`node.<name>`). */
export class BGPConfiguration extends CalicoResource<BGPConfigurationSpec> {
  constructor(name: string, args: CalicoResourceArgs<BGPConfigurationSpec>, opts?: pulumi.CustomResourceOptions) {
    super("BGPConfiguration", name, args, opts);
  }
}
