/** Keys of a cluster, each with its spellings. */
export const CLUSTER_KEYS = {
  memberSpec: ["dynamiccluster.memberspec", "memberSpec", "cluster.member.spec"],
  firstMemberSpec: ["dynamiccluster.firstmemberspec", "firstMemberSpec"],
  initialSize: ["cluster.initial.size", "initialSize", "size"],
} as const;

/** Keys that Brooklyn's clusters heed while they run, with why they mean nothing here. */
export const IDLE_KEYS: ReadonlyMap<string, string> = new Map([
  ...every(
    ["cluster.initial.quorumSize", "initialQuorumSize", "cluster.upQuorumCheck", "cluster.runningQuorumCheck"],
    "all members have to be healthy, or the update fails",
  ),
  ...every(
    [
      "dynamiccluster.quarantineFailedEntities",
      "quarantineFailedEntities",
      "dynamiccluster.maxConcurrentChildCommands",
      "maxConcurrentChildCommands",
      "dynamiccluster.removalstrategy",
      "removalStrategy",
      "cluster.max.size",
      "maxSize",
      "resize.until.running.quorum",
    ],
    "members are added and removed by updates alone",
  ),
]);

function every(names: readonly string[], why: string): readonly (readonly [string, string])[] {
  return names.map((name) => [name, why] as const);
}
