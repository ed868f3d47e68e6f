import type { Compare, EtcdClient } from "../etcd-client";

/** Which applications need a host's agents: several stacks may share a host, the last one to go takes the agents with it. */

const PREFIX = "/clocker/v1/calico-hosts/";

export async function addUser(etcd: EtcdClient, node: string, owner: string): Promise<void> {
  await etcd.commit([], [{ put: keyOf(node, owner), value: {} }]);
}

/** Gives what must still hold when the host goes, undefined if others need it. */
export async function removeUser(etcd: EtcdClient, node: string, owner: string): Promise<Compare | undefined> {
  await etcd.commit([], [{ delete: keyOf(node, owner) }]);
  const prefix = `${PREFIX}${node}/`;
  const { entries, revision } = await etcd.list(prefix);
  return entries.length > 0 ? undefined : { prefix, unchangedSince: revision };
}

export async function isUser(etcd: EtcdClient, node: string, owner: string): Promise<boolean> {
  return (await etcd.get(keyOf(node, owner))) !== undefined;
}

/** Whether anybody needs the agents of a host. */
export async function isHostUsed(etcd: EtcdClient, node: string): Promise<boolean> {
  return (await etcd.list(`${PREFIX}${node}/`)).entries.length > 0;
}

/** Whether anybody needs any host. */
export async function hasUsers(etcd: EtcdClient): Promise<boolean> {
  return (await etcd.list(PREFIX)).entries.length > 0;
}

function keyOf(node: string, owner: string): string {
  return `${PREFIX}${node}/${owner}`;
}
