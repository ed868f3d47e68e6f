import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { CREDENTIALS } from "./credentials";
import { settingsSchema } from "./schema";

type JsonSchema = Record<string, unknown>;

const SECURE = { $ref: "#/$defs/secure" };

/**
 * The JSON Schema (draft 2020-12) of stack files for editors: `clocker:*` keys as the settings' schema has them, where any value below a
 * key may be encrypted and a credential has to be.
 */
export function stackFileSchema(): JsonSchema {
  const { $schema, properties, $defs } = z.toJSONSchema(settingsSchema, { io: "input" });
  const keys = Object.entries(properties ?? {}).map(([key, schema]): [string, unknown] => [
    `clocker:${key}`,
    describeChildren(schema as JsonSchema, [key]),
  ]);
  return {
    $schema,
    title: "Stack configuration of Clocker",
    type: "object",
    properties: {
      config: {
        type: "object",
        properties: Object.fromEntries(keys),
        propertyNames: { anyOf: [{ not: { pattern: "^clocker:" } }, { enum: keys.map(([key]) => key) }] },
      },
      secretsprovider: { type: "string" },
      encryptedkey: { type: "string" },
      encryptionsalt: { type: "string" },
    },
    $defs: {
      ...$defs,
      secure: {
        type: "object",
        description: "encrypted by pulumi config set --secret --path",
        properties: { secure: { type: "string" } },
        required: ["secure"],
        additionalProperties: false,
      },
    },
  };
}

/** The schema of a value with those of everything below it in their stack-file form. */
function describeChildren(schema: JsonSchema, path: readonly string[]): JsonSchema {
  const described: JsonSchema = { ...schema };
  for (const keyword of ["anyOf", "oneOf"]) {
    const alternatives = schema[keyword];
    if (Array.isArray(alternatives)) {
      described[keyword] = alternatives.map((alternative: JsonSchema) => describeChildren(alternative, path));
    }
  }
  if (isSchema(schema["properties"])) {
    described["properties"] = Object.fromEntries(
      Object.entries(schema["properties"]).map(([key, child]) => [
        key,
        describeValue(child as JsonSchema, [...path, key]),
      ]),
    );
  }
  for (const keyword of ["additionalProperties", "items"]) {
    const child = schema[keyword];
    if (isSchema(child)) {
      described[keyword] = describeValue(child, [...path, "*"]);
    }
  }
  return described;
}

function describeValue(schema: JsonSchema, path: readonly string[]): JsonSchema {
  const { description, default: preset, ...rest } = schema;
  const annotations = {
    ...(description !== undefined && { description }),
    ...(preset !== undefined && { default: preset }),
  };
  if (CREDENTIALS.some((pattern) => pattern.join("/") === path.join("/"))) {
    return { ...annotations, ...SECURE };
  }
  // What fixes the kind of a location stays plain, so that an editor can tell the kinds apart.
  if (path.at(-1) === "type") {
    return schema;
  }
  return { ...annotations, anyOf: [describeChildren(rest, path), SECURE] };
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null;
}

if (require.main === module) {
  const file = join(__dirname, "..", "..", "stacks", "schema.json");
  writeFileSync(file, `${JSON.stringify(stackFileSchema(), undefined, 2)}\n`);
}
