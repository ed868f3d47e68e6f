import { readValue } from "../dsl/expression";
import { subject } from "../scope";
import { type Reading, readMap, readText, refuse } from "../values";
import { isExpression, type Node, quote } from "../yaml/nodes";
import type { ContainerFile } from "./model";

const FORM = 'write a map of path to text, e.g. { /etc/motd: "hello" }, or path to { content: text, mode: "0400" }';
const MODE = /^0?[0-7]{3}$/;

/** `files`: what is put into the container before it starts, by path. */
export function readFiles(node: Node, reading: Reading): readonly ContainerFile[] {
  return (readMap(node, reading, FORM)?.entries ?? []).flatMap(({ key, keyAt, value }) => {
    const inner = { ...reading, key: `${reading.key}.${key}` };
    if (!key.startsWith("/") || key.endsWith("/") || key.includes("\0")) {
      reading.scope.problems.error(
        "bad-path",
        keyAt,
        `${subject(reading.key, reading.scope)} has the path ${quote(key)}, which is none of a file`,
        "write an absolute path in the container",
      );
      return [];
    }
    const detailed = value.kind === "map" && !isExpression(value) ? value : undefined;
    const unknown = detailed?.entries.find((entry) => entry.key !== "content" && entry.key !== "mode");
    if (unknown) return refuse(unknown.value, { ...inner, key: `${inner.key}.${unknown.key}` }, "to go", FORM) ?? [];
    const content = detailed ? detailed.entries.find((entry) => entry.key === "content")?.value : value;
    if (content === undefined) return refuse(value, inner, "a content", FORM) ?? [];
    const text = readValue(content, inner.key, reading.scope);
    const mode = detailed?.entries.find((entry) => entry.key === "mode")?.value;
    const written = mode && readText(mode, inner, FORM);
    if (mode && written !== undefined && !MODE.test(written))
      return refuse(mode, inner, "a mode", FORM, "bad-value") ?? [];
    if (text === undefined) return [];
    return [
      { path: key, content: text, ...(written !== undefined && { mode: written.padStart(4, "0") }), at: value.at },
    ];
  });
}
