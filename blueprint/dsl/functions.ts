/** Functions of the blueprint language with the arguments that they take. */
export const FUNCTIONS = {
  component: '("id") or ("scope", "id")',
  entity: '("id") or ("scope", "id")',
  self: "()",
  parent: "()",
  child: '("id")',
  sibling: '("id")',
  descendant: '("id")',
  ancestor: '("id")',
  root: "()",
  scopeRoot: "()",
  application: '("id")',
  attributeWhenReady: '("sensor")',
  config: '("key")',
  sensor: '("name") or ("type", "name")',
  entityId: "()",
  location: "() or (0)",
  formatString: '("pattern", arguments...)',
  regexReplacement: '("source", "pattern", "replacement")',
  "function.regexReplacement": '("pattern", "replacement")',
  urlEncode: "(value)",
  literal: "(value)",
  external: '("supplier", "key")',
} as const;

export type FunctionName = keyof typeof FUNCTIONS;

const VALUES: readonly FunctionName[] = [
  "formatString",
  "regexReplacement",
  "function.regexReplacement",
  "urlEncode",
  "literal",
  "external",
];

/** What may follow a component after a dot. */
export const METHODS: readonly FunctionName[] = (Object.keys(FUNCTIONS) as FunctionName[]).filter(
  (name) => !VALUES.includes(name) && name !== "application",
);

/** Functions of Brooklyn that have no meaning here, with what to do instead. */
export const UNSUPPORTED_FUNCTIONS: ReadonlyMap<string, string> = new Map([
  [
    "object",
    "it makes a Java object, which Brooklyn takes as configuration and as a constraint, and no Java runs here; write the value out",
  ],
  [
    "entitySpec",
    "it describes the members of a cluster: write it as its memberSpec, or list each service under services",
  ],
  ["member", 'it names a member of a cluster, and services have no members here; name a service: component("id")'],
]);

/** Where `component("scope", "id")` looks. */
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

export type ScopeName = (typeof SCOPES)[number];

export function isFunction(name: string): name is FunctionName {
  return Object.hasOwn(FUNCTIONS, name);
}
