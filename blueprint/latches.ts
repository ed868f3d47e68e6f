import { readValue } from "./dsl/expression";
import type { Expression } from "./model";
import type { Reading } from "./values";
import type { Node } from "./yaml/nodes";

/**
 * Conditions on a service's phases, by the names of their keys. Here the service as a whole waits for each of them before it is made;
 * in Brooklyn the phases before the latch's ran already.
 */
export const LATCHES: readonly string[] = [
  "provision",
  "start",
  "setup",
  "resources.preInstall",
  "resources.install",
  "install",
  "resources.runtime",
  "customize",
  "launch",
].map((phase) => `${phase}.latch`);

/** The latches of a service by the names of their keys. */
export function readLatches(
  at: (name: string, read: (node: Node, reading: Reading) => Expression | undefined) => Expression | undefined,
): Readonly<Record<string, Expression>> {
  const given = LATCHES.flatMap((name) => {
    const value = at(name, (node, { key, scope }) => readValue(node, key, scope));
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(given);
}
