import type * as pulumi from "@pulumi/pulumi";
import { CalicoResource, type CalicoResourceArgs } from "./calico-resource";
import type { BGPPeerSpec } from "./specs";

/** A router that nodes exchange routes with; its filters must exist. */
export class BGPPeer extends CalicoResource<BGPPeerSpec> {
  constructor(name: string, args: CalicoResourceArgs<BGPPeerSpec>, opts?: pulumi.CustomResourceOptions) {
    super("BGPPeer", name, args, opts);
  }
}
