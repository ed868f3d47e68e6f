import type { FrontEndContext } from "../front-end";
import { type Entry, type MapNode, type Node, quote, show } from "../yaml/nodes";
import type { Variables } from "./interpolate";

/** A service of a Compose file while it is translated. */
export interface ComposeService {
  readonly name: string;
  readonly node: MapNode;
  /** All services that take part. */
  readonly names: ReadonlySet<string>;
  /** Names on networks, by service. */
  readonly aliases: ReadonlyMap<string, readonly string[]>;
  /** Names of the file's own volumes. */
  readonly volumes: ReadonlySet<string>;
  /** Names of the file's own networks. */
  readonly networks: ReadonlySet<string>;
  /** Contents of the file's secrets and configs, by name; undefined after telling that there is none. */
  readonly secrets: ReadonlyMap<string, Node | undefined>;
  readonly configs: ReadonlyMap<string, Node | undefined>;
  readonly variables: Variables;
  readonly context: FrontEndContext;
}

/** What becomes of a key: entries of the Brooklyn service. */
export type Translate = (entry: Entry, service: ComposeService) => readonly Entry[];

/** Tells that a value is not what its key takes; gives no entries, so that translations can return it. */
export function refuse(node: Node, key: string, service: ComposeService, needs: string, remedy: string): readonly [] {
  service.context.problems.error(
    "bad-type",
    node.at,
    `${key} of service '${service.name}' needs ${needs}, not ${show(node)}`,
    remedy,
  );
  return [];
}

/** Tells that something is asked for that has no counterpart here. */
export function unsupported(at: Node["at"], what: string, service: ComposeService, remedy: string): readonly [] {
  service.context.problems.error(
    "unsupported-key",
    at,
    `${what} of service '${service.name}' is not supported`,
    remedy,
  );
  return [];
}

/** Tells that something is passed over without a loss. */
export function ignored(at: Node["at"], what: string, service: ComposeService, remedy: string): readonly [] {
  service.context.problems.warning("ignored-key", at, `${what} of service '${service.name}' has no effect`, remedy);
  return [];
}

/** Names the keys of a map that are not among `known`; those that begin with `x-` are the user's own. */
export function checkKeys(node: MapNode, what: string, known: readonly string[], service: ComposeService): void {
  for (const { key, keyAt } of node.entries) {
    if (known.includes(key) || key.startsWith("x-")) continue;
    unsupported(keyAt, `${quote(key)} in ${what}`, service, `use ${known.join(", ")}`);
  }
}

export function isTrue(node: Node): boolean {
  return node.kind === "scalar" && /^(true|yes|on)$/i.test(node.text);
}
