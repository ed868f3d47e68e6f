/** Functions of the blueprint language that are read today, by where they may stand. */
export const FUNCTIONS = {
  component: '("id") or ("scope", "id")',
  entity: '("id") or ("scope", "id")',
  attributeWhenReady: '("sensor")',
  config: '("key")',
  sensor: '("name") or ("type", "name")',
  formatString: '("pattern", arguments...)',
  literal: "(value)",
  external: '("supplier", "key")',
} as const;

export type FunctionName = keyof typeof FUNCTIONS;

/** What may follow a component after a dot. */
export const METHODS: readonly FunctionName[] = ["component", "entity", "attributeWhenReady", "config", "sensor"];

/** Functions that Brooklyn documents and that are not read yet. */
export const UNSUPPORTED_FUNCTIONS: ReadonlySet<string> = new Set([
  "regexReplacement",
  "function.regexReplacement",
  "object",
  "entitySpec",
  "urlEncode",
  "self",
  "parent",
  "child",
  "sibling",
  "descendant",
  "ancestor",
  "root",
  "scopeRoot",
  "location",
  "entityId",
  "application",
  "member",
]);

/** Where `component("scope", "id")` looks, in lower case. */
export const SCOPES = [
  "global",
  "child",
  "parent",
  "sibling",
  "descendant",
  "ancestor",
  "root",
  "scopeRoot",
  "this",
] as const;

export function isFunction(name: string): name is FunctionName {
  return Object.hasOwn(FUNCTIONS, name);
}
