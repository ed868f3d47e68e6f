import type * as pulumi from "@pulumi/pulumi";
import { CalicoResource, type CalicoResourceArgs } from "./calico-resource";
import type { FelixConfigurationSpec } from "./specs";

/** Settings of Felix for all nodes (`default`, which is merged, never replaced) or for one (`node.<name>`). */
export class FelixConfiguration extends CalicoResource<FelixConfigurationSpec> {
  constructor(name: string, args: CalicoResourceArgs<FelixConfigurationSpec>, opts?: pulumi.CustomResourceOptions) {
    super("FelixConfiguration", name, args, opts);
  }
}
