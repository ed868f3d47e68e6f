import { CLUSTER_KEYS, IDLE_KEYS } from "../blueprint/cluster/keys";
import { code, table } from "./markdown";

const MEANINGS: Readonly<Record<keyof typeof CLUSTER_KEYS, string>> = {
  memberSpec: "what each member is: `{$brooklyn:entitySpec: {type: ..., brooklyn.config: ...}}`",
  firstMemberSpec: "what the first member is, if it is another",
  initialSize: "how many there are, from 0 to 1000; 1 without it",
};

/** The types that hold other services. */
export function groupsSection(): string {
  return [
    "## Groups",
    "`BasicApplication`, `BasicEntity` and `BasicStartable` only hold other services, which inherit their configuration and location. The services of a `SameServerEntity` have to be on one Docker host.",
    "A `DynamicCluster` (`cluster`) stands for members of one kind, `<id>-1`, `<id>-2` and so on, which others name. Its size changes by an update.",
    table(
      ["key of a cluster", "meaning"],
      Object.entries(CLUSTER_KEYS).map(([key, names]) => [
        names.map(code).join(", "),
        MEANINGS[key as keyof typeof CLUSTER_KEYS],
      ]),
    ),
    `Without effect: ${[...IDLE_KEYS.keys()].map(code).join(", ")}.`,
  ].join("\n\n");
}
