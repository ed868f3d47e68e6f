import { beside } from "../archive/member";
import type { FrontEndContext } from "../front-end";
import { textNode } from "../yaml/make";
import { type Entry, find, isNull, type Node, quote, textOf } from "../yaml/nodes";
import type { Variables } from "./interpolate";

const FORM =
  "write `file:` with a path from the folder of this file, `environment:` with a variable, or `external: true`";

/** Contents of the file's `secrets` or `configs` by name; undefined for those that cannot be had, which are told. */
export function contentsOf(
  entries: readonly Entry[],
  secret: boolean,
  variables: Variables,
  context: FrontEndContext,
): ReadonlyMap<string, Node | undefined> {
  return new Map(entries.map((entry) => [entry.key, contentOf(entry, secret, variables, context)]));
}

function contentOf(entry: Entry, secret: boolean, variables: Variables, context: FrontEndContext): Node | undefined {
  const { key: name, keyAt, value } = entry;
  const field = (key: string) => {
    const found = value.kind === "map" ? value.entries.find((one) => one.key === key) : undefined;
    return found === undefined || isNull(found.value) ? undefined : textOf(found.value);
  };
  const isSecret = (key: string) => value.kind === "map" && find(value, key)?.value.secret === true;
  const text = (content: string, hidden = false): Node => textNode(content, keyAt, secret || hidden);
  const [file, variable, content] = [field("file"), field("environment"), field("content")];
  if (field("external") === "true") {
    return textNode(`$brooklyn:external("compose", ${JSON.stringify(field("name") ?? name)})`, keyAt);
  }
  if (content !== undefined && !secret) return text(content, isSecret("content"));
  if (variable !== undefined) {
    const known = variables.get(variable);
    return known === undefined
      ? refuse(`the variable ${quote(variable)} is not set`)
      : text(known, variables.secrets?.has(variable));
  }
  if (file === undefined) return refuse("it has no content");
  const source = context.files.read(beside(context.file, file));
  return "text" in source ? text(source.text) : refuse(`cannot read ${quote(file)}: ${source.problem}`);

  function refuse(reason: string): undefined {
    context.problems.error("bad-file", keyAt, `cannot give services ${quote(name)}: ${reason}`, FORM);
    return undefined;
  }
}
