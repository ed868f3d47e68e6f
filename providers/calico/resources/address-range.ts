import * as pulumi from "@pulumi/pulumi";
import { ClockerResource } from "../../runtime/resource";
import type { DeepInput, GlobalMetadata } from "./calico-resource";
import type { IPPoolSpec } from "./specs";

export interface AddressRangeArgs {
  /** Of the IPPool; another name replaces. */
  readonly metadata: GlobalMetadata;
  /** The range that this one is taken from, e.g. `198.18.0.0/16`. One that does not hold the present range replaces. */
  readonly pool: pulumi.Input<string>;
  /** Length of the range's prefix, from that of the pool to 32; another one replaces. */
  readonly prefixLength: pulumi.Input<number>;
  /** Of the IPPool, whose `cidr` is chosen: the same for the same resource, project and stack as long as nobody else has it. */
  readonly spec?: DeepInput<Omit<IPPoolSpec, "cidr">>;
}

/** A range of addresses out of a pool that others share, as an IPPool. It overlaps no other IPPool. */
export class AddressRange extends ClockerResource {
  declare readonly metadata: pulumi.Output<{ readonly name: string }>;
  /** The range, e.g. `198.18.7.64/26`; it stays the same for the life of the resource. */
  declare readonly cidr: pulumi.Output<string>;
  /** Calico's `metadata.uid`. */
  declare readonly uid: pulumi.Output<string>;

  constructor(name: string, args: AddressRangeArgs, opts?: pulumi.CustomResourceOptions) {
    const owner = `${pulumi.getProject()}/${pulumi.getStack()}/${name}`;
    super("calico.AddressRange", name, { ...args, owner, cidr: undefined, uid: undefined }, opts);
  }
}
