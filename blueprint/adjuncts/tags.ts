import { subject } from "../scope";
import { type Reading, readList } from "../values";
import { isExpression, type Node, show } from "../yaml/nodes";

const TAG = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,126}[A-Za-z0-9])?$/;
const REMEDY =
  "write texts of up to 128 letters, digits, dots, hyphens and underscores; what has a value too belongs in labels, e.g. { team: shop }";

/** `brooklyn.tags`: labels with the value `true`. */
export function readTags(node: Node, reading: Reading): Readonly<Record<string, string>> | undefined {
  const { key, scope } = reading;
  const items = readList(node, reading, REMEDY);
  return (
    items &&
    Object.fromEntries(
      items.flatMap((item): [string, string][] => {
        if (item.kind === "scalar" && !isExpression(item) && TAG.test(item.text)) {
          if (!/^clocker\./i.test(item.text)) return [[item.text, "true"]];
          scope.problems.error(
            "reserved-label",
            item.at,
            `${subject(key, scope)} has ${show(item)}: labels that begin with clocker. say whose a container is`,
            "give the tag another name",
          );
          return [];
        }
        scope.problems.error("bad-tag", item.at, `${subject(key, scope)} cannot have ${show(item)}`, REMEDY);
        return [];
      }),
    )
  );
}
