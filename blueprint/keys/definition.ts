import type { Workload } from "../model";
import { ANY, type ValueForm } from "./forms";

type Kind = Workload["kind"];

/** One key of a service or an application. `name` is canonical: two spellings of one key never both count. */
export interface KeyDefinition {
  readonly name: string;
  /** Other spellings, usable in the same places. */
  readonly aliases: readonly string[];
  readonly form: ValueForm;
  /** What the key says, for people. */
  readonly meaning: string;
  /** What holds without the key, for people; absent if nothing does. */
  readonly preset?: string;
  /** Types that take the key; all if absent. */
  readonly kinds?: readonly Kind[];
  /** Entity types that take the key, by id; all of its kinds if absent. */
  readonly entities?: readonly string[];
  /** True if a value in the application's `brooklyn.config` holds for every service without its own. */
  readonly inherited: boolean;
  readonly treatment: Treatment;
}

type Treatment =
  | { readonly kind: "read" }
  /** Brooklyn ignored it too: told, and passed over. */
  | { readonly kind: "ignored"; readonly remedy: string }
  /** Ignoring it would lose meaning, unless it has the value `harmless`. */
  | { readonly kind: "unsupported"; readonly harmless?: boolean; readonly remedy: string };

type Options = Partial<Pick<KeyDefinition, "aliases" | "preset" | "kinds" | "entities" | "inherited">>;

export const OWN: Options = { inherited: false };
const BASE = { aliases: [], inherited: true } as const;

export function read(name: string, form: ValueForm, meaning: string, options: Options = {}): KeyDefinition {
  return { ...BASE, ...options, name, form, meaning, treatment: { kind: "read" } };
}

export function ignored(name: string, remedy: string): KeyDefinition {
  return { ...BASE, ...OWN, name, form: ANY, meaning: "has no effect", treatment: { kind: "ignored", remedy } };
}

export function unsupported(
  name: string,
  remedy: string,
  options: { readonly aliases?: readonly string[]; readonly harmless?: boolean } = {},
): KeyDefinition {
  const { aliases = [], harmless } = options;
  return {
    ...BASE,
    name,
    aliases,
    form: ANY,
    meaning: "is refused",
    treatment: { kind: "unsupported", harmless, remedy },
  };
}
