import type * as pulumi from "@pulumi/pulumi";
import { ClockerResource } from "../../runtime/resource";
import type { FelixConfigurationSpec } from "./specs";

export interface CalicoDatastoreArgs {
  /** A word that is added to the cluster's types; default `clocker`. */
  readonly clusterType?: pulumi.Input<string>;
  /** Fields of FelixConfiguration/default to set; all others stay as they are. */
  readonly felix?: pulumi.Input<FelixConfigurationSpec>;
}

/**
 * What must be in Calico's etcd before anything works: ClusterInformation, the built-in tiers and FelixConfiguration/default.
 * What is there already is merged, never replaced; all of it outlives the resource, for others may use it.
 */
export class CalicoDatastore extends ClockerResource {
  /** 32 hexadecimal digits. */
  declare readonly clusterGUID: pulumi.Output<string>;
  /** Empty where nothing has said it. */
  declare readonly calicoVersion: pulumi.Output<string>;

  constructor(name: string, args: CalicoDatastoreArgs = {}, opts?: pulumi.CustomResourceOptions) {
    super("calico.Datastore", name, { ...args, clusterGUID: undefined, calicoVersion: undefined }, opts);
  }
}
