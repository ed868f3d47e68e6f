import { isId, makeId } from "./ids";
import { entryOf, textNode } from "./yaml/make";
import { type Entry, textOf } from "./yaml/nodes";

/** The name of an application, and the id that is made of it, in the Brooklyn form. */
export function namedBy(entry: Entry | undefined): readonly Entry[] {
  const text = entry && textOf(entry.value);
  if (entry === undefined || text === undefined) return [];
  const id = isId(text) ? text : makeId(text);
  return [
    entryOf("name", entry.value, entry.keyAt),
    ...(id === "" ? [] : [entryOf("id", textNode(id, entry.value.at))]),
  ];
}
