import type { EtcdClient } from "../../../providers/calico/etcd-client";
import { ResourceStore } from "../../../providers/calico/resource-store";
import { blocksWithin } from "../../../providers/calico/usage";
import { parseNetwork } from "../../../providers/calico/validation/address";

/** How many addresses of a range are assigned, on all nodes. */
export async function addressesInUse(etcd: EtcdClient, cidr: string): Promise<number> {
  const range = parseNetwork(cidr);
  if (!range) throw new Error(`${cidr} is no range`);
  return (await blocksWithin(new ResourceStore(etcd), range)).flatMap(({ used }) => used).length;
}
