import type { Blueprint, Structure } from "./model";
import type { Scope } from "./scope";
import { readStructure } from "./structure";
import { readMap } from "./values";
import { type Entry, isNull } from "./yaml/nodes";

const KEY = "outputs";

/** `outputs`: values that are told when the application runs; absent if there are none. */
export function readOutputs(entry: Entry | undefined, scope: Scope): Pick<Blueprint, "outputs"> {
  if (entry === undefined || isNull(entry.value)) return {};
  const map = readMap(entry.value, { key: KEY, scope }, "write a map of name to value");
  const outputs = (map?.entries ?? []).flatMap(({ key, value }): [string, Structure][] => {
    const read = readStructure(value, `${KEY}.${key}`, scope);
    return read === undefined ? [] : [[key, read]];
  });
  return outputs.length === 0 ? {} : { outputs: Object.fromEntries(outputs) };
}
