import { ENTITY_KEYS } from "../blueprint/entity/keys";
import type { KeyDefinition } from "../blueprint/keys";
import { CONFIG_KEYS } from "../blueprint/keys/config-keys";
import type { JsonSchema } from "../blueprint/keys/forms";
import { APPLICATION_KEYS, PLAN_ID, STRUCTURE_KEYS } from "../blueprint/keys/structure-keys";
import { FAMILIES, UNSUPPORTED_KEYS } from "../blueprint/keys/unsupported-keys";
import { SERVICE_TYPES } from "../blueprint/types";

/** What asks for nothing, so that an unsupported key may have it. */
const NOTHING: readonly JsonSchema[] = [
  { type: "null" },
  { type: "array", maxItems: 0 },
  { type: "object", maxProperties: 0 },
];

type Owner = "application" | "service";

/** The JSON Schema (draft 2020-12) of blueprints in CAMP YAML, for editors. What it refuses, the parser refuses too. */
export function blueprintSchema(): JsonSchema {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Blueprint of Clocker",
    ...DECLARES,
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: application("openService", true),
    else: application("service", false),
    $defs: {
      ...schemas(APPLICATION_KEYS, "application"),
      ...schemas([...STRUCTURE_KEYS, ...CONFIG_KEYS, ...ENTITY_KEYS, ...UNSUPPORTED_KEYS], "service"),
      service: {
        if: { anyOf: [DECLARES.if, isOfCatalog()] },
        // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
        then: { $ref: "#/$defs/openService" },
        else: service("service", false),
      },
      openService: service("openService", true),
      configuration: {
        type: ["object", "null"],
        properties: { ...configuration(), [PLAN_ID]: { $ref: `#/$defs/service.id` } },
        patternProperties: families(),
      },
    },
  };
}

/** With parameters, which those below inherit, keys of the user's own stand among the others. */
const DECLARES = { if: { required: ["brooklyn.parameters"] } };

/** A type that the language does not have may be a catalog item, which declares keys of its own. */
function isOfCatalog(): JsonSchema {
  const names = SERVICE_TYPES.map(({ form }) => form.replace(/\[.*$/, "").replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const pattern = `^(?:brooklyn:)?(?:java:)?(?:docker:|(?:${names.join("|")})$)`;
  return {
    not: { anyOf: spellings("type").map((name) => ({ required: [name], properties: { [name]: { pattern } } })) },
  };
}

function application(below: string, open: boolean): JsonSchema {
  return {
    type: "object",
    properties: {
      ...properties(APPLICATION_KEYS, "application"),
      services: services(below),
      "brooklyn.children": services(below),
      "brooklyn.config": { type: ["object", "null"] },
    },
    anyOf: ["services", "brooklyn.children"].map((name) => ({
      properties: { [name]: { type: "array", minItems: 1 } },
      required: [name],
    })),
    additionalProperties: open,
  };
}

function service(below: string, open: boolean): JsonSchema {
  return {
    type: "object",
    properties: {
      ...properties(STRUCTURE_KEYS, "service"),
      ...configuration(),
      type: { type: "string", description: SERVICE_TYPES.map(({ form }) => form).join(" or ") },
      "brooklyn.children": services(below),
      "brooklyn.config": { $ref: "#/$defs/configuration" },
    },
    patternProperties: families(),
    anyOf: spellings("type").map((name) => ({ required: [name] })),
    additionalProperties: open,
  };
}

function services(below: string): JsonSchema {
  return { anyOf: [{ type: "array", items: { $ref: `#/$defs/${below}` } }, { type: "null" }] };
}

function configuration(): JsonSchema {
  return properties([...CONFIG_KEYS, ...ENTITY_KEYS, ...UNSUPPORTED_KEYS], "service");
}

function spellings(name: string): readonly string[] {
  return STRUCTURE_KEYS.filter((one) => one.name === name).flatMap((one) => [one.name, ...one.aliases]);
}

/** Properties by every spelling, each by reference to its definition. */
function properties(definitions: readonly KeyDefinition[], owner: Owner): Readonly<Record<string, JsonSchema>> {
  return Object.fromEntries(
    definitions.flatMap((one) =>
      [one.name, ...one.aliases].map((name) => [name, { $ref: `#/$defs/${owner}.${one.name}` }] as const),
    ),
  );
}

function schemas(definitions: readonly KeyDefinition[], owner: Owner): JsonSchema {
  return Object.fromEntries(definitions.map((one) => [`${owner}.${one.name}`, schemaOf(one)]));
}

function schemaOf({ form, meaning, preset, treatment }: KeyDefinition): JsonSchema {
  if (treatment.kind === "unsupported") return refused(treatment.remedy, treatment.harmless);
  if (treatment.kind === "ignored") return { description: `${meaning}: ${treatment.remedy}`, deprecated: true };
  const description = preset === undefined ? meaning : `${meaning}; default: ${preset}`;
  return { description, anyOf: [form.schema, { type: "null" }] };
}

function refused(remedy: string, harmless?: boolean): JsonSchema {
  const harmlessOnes = harmless === undefined ? [] : [{ enum: [harmless, String(harmless)] }];
  return { description: `not supported: ${remedy}`, deprecated: true, anyOf: [...NOTHING, ...harmlessOnes] };
}

function families(): JsonSchema {
  return Object.fromEntries(FAMILIES.map(({ pattern, remedy }) => [pattern.source, refused(remedy)]));
}
