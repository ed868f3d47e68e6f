import type { Expression } from "../model";
import type { Scope } from "../scope";
import type { Entry, Node } from "../yaml/nodes";

/** Where a type stands: `brooklyn.policies`, `brooklyn.enrichers` or `brooklyn.initializers`. */
export type AdjunctKind = "policy" | "enricher" | "initializer";

/** One policy, enricher or initializer as written. */
export interface GivenAdjunct {
  /** Its simple class name, for messages. */
  readonly name: string;
  /** The list item. */
  readonly node: Node;
  /** Its configuration under canonical names, without what is empty. */
  readonly keys: ReadonlyMap<string, Entry>;
  readonly scope: Scope;
}

/** Sensors by name; one whose value has a problem of its own has a placeholder. */
export type Sensors = Readonly<Record<string, Expression>>;

export interface AdjunctKey {
  readonly name: string;
  readonly aliases: readonly string[];
  /** What it says, for people. */
  readonly meaning: string;
}

/** One entry of the table of types. */
export interface AdjunctType {
  /** Simple class name. */
  readonly name: string;
  /** Other simple names that Brooklyn's documents use. */
  readonly aliases?: readonly string[];
  readonly kinds: readonly AdjunctKind[];
  /** Packages that it has been in, the newest first. */
  readonly packages: readonly string[];
  readonly treatment:
    | {
        readonly kind: "derives";
        readonly meaning: string;
        readonly keys: readonly AdjunctKey[];
        /** The sensors that it publishes; problems are told. */
        readonly read: (given: GivenAdjunct) => Sensors;
      }
    /** The platforms do it by themselves: told, and passed over. */
    | { readonly kind: "covered"; readonly by: string; readonly remedy: string; readonly keys: readonly AdjunctKey[] }
    /** What it does completes "it ...". */
    | { readonly kind: "refused"; readonly does: string; readonly remedy: string };
}

export function key(name: string, meaning: string, ...aliases: string[]): AdjunctKey {
  return { name, aliases, meaning };
}

/** The type with its package, as a blueprint names it. */
export function className({ packages: [newest], name }: Pick<AdjunctType, "name" | "packages">): string {
  return newest === undefined ? name : `${newest}.${name}`;
}
