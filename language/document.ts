import { type AdjunctType, className } from "../blueprint/adjuncts/definition";
import { ADJUNCT_KEYS } from "../blueprint/adjuncts/read";
import { ADJUNCT_TYPES } from "../blueprint/adjuncts/types";
import { CATALOG_KEYS } from "../blueprint/catalog/keys";
import { FUNCTIONS, METHODS, SCOPES, UNSUPPORTED_FUNCTIONS } from "../blueprint/dsl/functions";
import { ENTITIES } from "../blueprint/entity/table";
import type { KeyDefinition } from "../blueprint/keys";
import { CONFIG_KEYS } from "../blueprint/keys/config-keys";
import { APPLICATION_KEYS, STRUCTURE_KEYS } from "../blueprint/keys/structure-keys";
import { FAMILIES, UNSUPPORTED_KEYS } from "../blueprint/keys/unsupported-keys";
import { SERVICE_TYPES, type ServiceType } from "../blueprint/types";
import { PLATFORMS } from "../placement/platform/platforms";
import { entitySection } from "./entity-section";
import { groupsSection } from "./groups";
import { honoured } from "./honoured";
import { code, table } from "./markdown";

const INTRODUCTION = `# The blueprint language

Written by \`npm run schema\` from the tables that the parser reads.

A key of a service may stand at its top or inside its \`brooklyn.config\`, in any of its spellings. A key that services inherit may
stand in the application's \`brooklyn.config\`, under its full name.`;

const ADJUNCTS = `Each is a map with \`type\` (or, by where it stands, \`policy_type\`, \`policyType\`, \`enricher_type\` and so on), a class with its
present or former package, and \`brooklyn.config\`. The application, groups and services may have them. What they derive are sensors that
\`attributeWhenReady\` reads, and outputs of the stack.`;

const CATALOGS = `A type that is none of these is the \`id\` of a catalog item, \`id:version\` or \`catalog:id\` with or without a version. Catalogs are files, and folders with
\`*.bom\`, \`*.yaml\` and \`*.yml\`, under \`clocker:catalog\` of the stack, or after \`--catalog\` of \`clocker check\`. Without a version an item is the newest: numbers count by their
value, 1.2-rc comes before 1.2, and snapshots before all releases.

What the service writes replaces the item's key in whatever spelling, and an empty value takes it away; \`brooklyn.config\` is laid over key by key, \`brooklyn.parameters\` by name, and
\`brooklyn.children\` are appended. Several services of an item become a group, and their ids follow that of the service that uses it: \`north\` makes \`north-web\`. Expressions of the item
call them as the item does, and \`scopeRoot()\` is what the item became. In a document of its own an item may also stand beside \`brooklyn.catalog\`, as \`services\`.`;

/** The reference of the language in Markdown: keys, types and functions as the parser's tables have them. */
export function languageDocument(): string {
  const platforms = Object.keys(PLATFORMS);
  return `${[
    INTRODUCTION,
    "## Keys of the application",
    table(["key", "value", "default", "meaning"], readOnes(APPLICATION_KEYS).map(keyCells)),
    "## Keys of a service",
    table(["key", "value", "default", "meaning"], readOnes(STRUCTURE_KEYS).map(keyCells)),
    "## Configuration of a service",
    table(
      ["key", "value", "default", "meaning", "inherited", ...platforms],
      CONFIG_KEYS.map((one) => [
        ...keyCells(one),
        one.inherited ? "yes" : "no",
        ...platforms.map((name) => honoured(one)[name] ?? ""),
      ]),
    ),
    "## Types",
    table(
      ["type", "becomes healthy within", "platforms"],
      SERVICE_TYPES.map((type) => [code(type.form), `${type.startTimeoutSeconds} s`, platformsOf(type).join(", ")]),
    ),
    ...ENTITIES.map(entitySection),
    groupsSection(),
    "## Policies, enrichers and initializers",
    ADJUNCTS,
    table(
      ["class", "stands under", "becomes", "what it does in Brooklyn, and what to do"],
      ADJUNCT_TYPES.map(adjunctCells),
    ),
    ...ADJUNCT_TYPES.flatMap(({ name, treatment }) =>
      treatment.kind === "derives"
        ? [
            `Keys of ${code(name)}:`,
            table(
              ["key", "meaning"],
              treatment.keys.map((one) => [[one.name, ...one.aliases].map(code).join(", "), one.meaning]),
            ),
          ]
        : [],
    ),
    "## Catalogs",
    CATALOGS,
    table(
      ["key of `brooklyn.catalog` and of its items", "meaning", "from the entry around it"],
      CATALOG_KEYS.map(({ name, aliases = [], meaning, refused: reason, inherited }) => [
        [name, ...aliases].map(code).join(", "),
        reason === undefined ? meaning : `is refused: ${reason}`,
        inherited ? "yes" : "no",
      ]),
    ),
    "## Functions",
    "A value that begins with `$brooklyn:`, or a map with one such key, is computed.",
    table(
      ["function", "arguments", "after a component"],
      Object.entries(FUNCTIONS).map(([name, form]) => [
        code(name),
        code(form),
        METHODS.some((method) => method === name) ? "yes" : "no",
      ]),
    ),
    `Scopes of \`component("scope", "id")\`: ${SCOPES.map(code).join(", ")}.`,
    table(
      ["refused function", "why, and what to do"],
      [...UNSUPPORTED_FUNCTIONS].map(([name, remedy]) => [code(name), remedy]),
    ),
    "## Keys without effect, which give a warning",
    table(
      ["key", "of", "what to do"],
      [...others(APPLICATION_KEYS, "application"), ...others(STRUCTURE_KEYS, "service")],
    ),
    "## Keys that are refused",
    "An empty list or map is passed over under each of them, and the value that is named harmless.",
    table(
      ["key", "of", "harmless", "what to do instead"],
      [
        ...refused(APPLICATION_KEYS, "application"),
        ...refused([...STRUCTURE_KEYS, ...UNSUPPORTED_KEYS], "service"),
        ...FAMILIES.map(({ form, remedy }) => [code(form), "service", "", remedy]),
      ],
    ),
  ].join("\n\n")}\n`;
}

function readOnes(definitions: readonly KeyDefinition[]): readonly KeyDefinition[] {
  return definitions.filter(({ treatment }) => treatment.kind === "read");
}

function keyCells({ name, aliases, form, preset = "", meaning }: KeyDefinition): readonly string[] {
  return [[name, ...aliases].map(code).join(", "), form.words, preset, meaning];
}

function adjunctCells(type: AdjunctType): readonly string[] {
  const { treatment } = type;
  const names = [code(className(type)), ...(type.aliases ?? []).map(code)].join(", ");
  const places = Object.entries(ADJUNCT_KEYS).flatMap(([name, kind]) =>
    type.kinds.includes(kind) ? [code(name)] : [],
  );
  const cells = (becomes: string, text: string) => [names, places.join(", "), becomes, text];
  switch (treatment.kind) {
    case "derives":
      return cells("sensors", treatment.meaning);
    case "covered":
      return cells("a warning", `${treatment.by}; ${treatment.remedy}`);
    case "refused":
      return cells("an error", `${treatment.does}; ${treatment.remedy}`);
  }
}

function others(definitions: readonly KeyDefinition[], owner: string): readonly (readonly string[])[] {
  return definitions.flatMap(({ name, treatment }) =>
    treatment.kind === "ignored" ? [[code(name), owner, treatment.remedy]] : [],
  );
}

function refused(definitions: readonly KeyDefinition[], owner: string): readonly (readonly string[])[] {
  return definitions.flatMap(({ name, aliases, treatment }) => {
    if (treatment.kind !== "unsupported") return [];
    const { harmless, remedy } = treatment;
    return [[[name, ...aliases].map(code).join(", "), owner, harmless === undefined ? "" : String(harmless), remedy]];
  });
}

/** The platforms that run it: for software those that its file says how for. */
function platformsOf({ kind, entity }: ServiceType): readonly string[] {
  const { container, machine } = ENTITIES.find(({ id }) => id === entity) ?? {};
  const runs = (workloads: readonly string[]) => {
    if (kind === "image") return workloads.includes("image");
    return (workloads.includes("image") ? container : machine) !== undefined;
  };
  return Object.entries(PLATFORMS).flatMap(([name, { workloads }]) => (runs(workloads) ? [name] : []));
}
