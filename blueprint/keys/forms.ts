export type JsonSchema = Readonly<Record<string, unknown>>;

/** What a key takes: in words for people, and as JSON Schema for editors, which is never narrower than the reader. */
export interface ValueForm {
  readonly words: string;
  readonly schema: JsonSchema;
}

const NO_EXPRESSION = "^(?!\\$brooklyn:)[\\s\\S]*\\S";
const PORT_SCHEMA = whole(1, 65_535);
const PROTOCOL = "(?:/(?:[tT][cC]|[uU][dD])[pP])?";
const EITHER_PORT_SCHEMA: JsonSchema = {
  anyOf: [PORT_SCHEMA, { type: "string", pattern: `^\\s*\\d{1,15}${PROTOCOL}\\s*$` }],
};
const TEXT_SCHEMA: JsonSchema = { type: ["string", "number", "boolean"], pattern: NO_EXPRESSION };
const VALUE_SCHEMA: JsonSchema = {
  anyOf: [
    { type: ["string", "number", "boolean", "null"] },
    { type: "object", minProperties: 1, propertyNames: { pattern: "^\\$brooklyn:" } },
  ],
};
const COMPONENT_SCHEMA: JsonSchema = {
  anyOf: [
    { type: "string", pattern: "^\\$brooklyn:" },
    { type: "object", minProperties: 1, propertyNames: { pattern: "^\\$brooklyn:" } },
  ],
};
const DURATION_SCHEMA = quantity("^\\s*\\d+(?:\\.\\d+)?\\s*(?:[A-Za-z].*)?$");
const SIZE_SCHEMA = quantity("^\\s*\\d+(?:\\.\\d+)?\\s*(?:[bkmgtBKMGT](?:[iI]?[bB])?)?\\s*$");

export const TEXT: ValueForm = { words: "text", schema: TEXT_SCHEMA };
export const VALUE: ValueForm = { words: "text or an expression", schema: VALUE_SCHEMA };
export const URL: ValueForm = { words: "http:// or https:// address, or an expression", schema: VALUE_SCHEMA };
export const TEXTS: ValueForm = { words: "list of texts", schema: { type: "array", items: TEXT_SCHEMA } };
export const BOOLEAN: ValueForm = {
  words: "true or false",
  schema: { anyOf: [{ type: "boolean" }, { type: "string", pattern: "^[Tt][Rr][Uu][Ee]$|^[Ff][Aa][Ll][Ss][Ee]$" }] },
};
export const WORDS: ValueForm = {
  words: "list of words, each a text or an expression",
  schema: { type: "array", items: VALUE_SCHEMA },
};
export const ENVIRONMENT: ValueForm = {
  words: "map of variable to text or expression",
  schema: { type: "object", propertyNames: { pattern: "^[^=\\s\\u0000]+$" }, additionalProperties: VALUE_SCHEMA },
};
export const LABELS: ValueForm = {
  words: "map of texts",
  schema: { type: "object", additionalProperties: { type: ["string", "number", "boolean"] } },
};
export const OUTPUTS: ValueForm = {
  words: "map of name to a value, whose parts may be expressions",
  schema: { type: "object" },
};
export const TEXT_MAP: ValueForm = {
  words: "map of texts",
  schema: { type: "object", additionalProperties: TEXT_SCHEMA },
};
export const PORT_RANGE: ValueForm = {
  words: "port, or a range such as `6379+`, whose first port is taken",
  schema: { anyOf: [PORT_SCHEMA, { type: "string", pattern: "^\\s*\\d+\\s*(?:[+,-].*)?$" }] },
};
export const PORTS: ValueForm = {
  words: 'port such as `80` or `53/udp`, list of ports, or text such as `"6379,80"`',
  schema: {
    anyOf: [
      EITHER_PORT_SCHEMA,
      { type: "array", items: EITHER_PORT_SCHEMA },
      { type: "string", pattern: "^[\\s\\dtcpudTCPUD/,[\\]]+$" },
    ],
  },
};
export const PORT_MAP: ValueForm = {
  words: "map of host port to container port, either with `/udp` for both",
  schema: {
    type: "object",
    propertyNames: { pattern: `^\\s*\\d{1,15}${PROTOCOL}\\s*$` },
    additionalProperties: EITHER_PORT_SCHEMA,
  },
};
export const LINKS: ValueForm = {
  words: "component, list of components, or map of alias to component",
  schema: {
    anyOf: [
      COMPONENT_SCHEMA,
      { type: "array", items: COMPONENT_SCHEMA },
      { type: "object", additionalProperties: COMPONENT_SCHEMA },
    ],
  },
};
export const DURATION: ValueForm = {
  words: "duration such as `90s` or `10m`; a bare number counts milliseconds",
  schema: DURATION_SCHEMA,
};
export const MEMORY: ValueForm = { words: "bytes, or a size such as `512m`", schema: SIZE_SCHEMA };
export const CPUS: ValueForm = {
  words: "number of processors from 0.01 to 1024",
  schema: quantity("^\\s*(?:\\d+(?:\\.\\d+)?|\\.\\d+)\\s*$"),
};
export const RESTART_POLICY: ValueForm = {
  words: "`no`, `always`, `unless-stopped`, `on-failure` or `on-failure:3`",
  schema: {
    anyOf: [{ const: false }, { type: "string", pattern: "^(?:no|always|unless-stopped|on-failure(?::\\d{1,9})?)$" }],
  },
};
export const HEALTH_CHECK: ValueForm = {
  words:
    "one of `command`, `http: { path, port }` and `tcp`, with `interval`, `timeout`, `startPeriod`, `retries`; or `none`",
  schema: {
    anyOf: [
      { const: "none" },
      {
        type: "object",
        properties: {
          command: { anyOf: [TEXT_SCHEMA, { type: "array", items: TEXT_SCHEMA, minItems: 1 }] },
          http: {
            type: "object",
            properties: { path: TEXT_SCHEMA, port: PORT_SCHEMA },
            required: ["port"],
            additionalProperties: false,
          },
          tcp: PORT_SCHEMA,
          interval: DURATION_SCHEMA,
          timeout: DURATION_SCHEMA,
          startPeriod: DURATION_SCHEMA,
          retries: whole(1, 1000),
        },
        oneOf: [{ required: ["command"] }, { required: ["http"] }, { required: ["tcp"] }],
        additionalProperties: false,
      },
    ],
  },
};
export const FILES: ValueForm = {
  words: "map of path to content, or to `{ content, mode }`",
  schema: {
    type: "object",
    propertyNames: { pattern: "^/" },
    additionalProperties: {
      anyOf: [
        VALUE_SCHEMA,
        {
          type: "object",
          properties: { content: VALUE_SCHEMA, mode: TEXT_SCHEMA },
          required: ["content"],
          additionalProperties: false,
        },
      ],
    },
  },
};
export const MACHINE: ValueForm = {
  words: "map of `minRam` (MB), `minCores` and `minDisk` (GB)",
  schema: {
    type: "object",
    properties: { minRam: SIZE_SCHEMA, minCores: whole(1, 1024), minDisk: SIZE_SCHEMA },
    additionalProperties: false,
  },
};
export const LOCATION: ValueForm = {
  words: "name of a location of the stack; `locations` takes a list too",
  schema: { anyOf: [TEXT_SCHEMA, { type: "array", items: TEXT_SCHEMA }] },
};
export const SERVICES: ValueForm = {
  words: "list of services",
  schema: { type: "array", items: { $ref: "#/$defs/service" } },
};
export const PARAMETERS: ValueForm = {
  words: "list of names, or of maps with `name`, `type`, `default` and `constraints`",
  schema: { type: "array" },
};
export const ADJUNCTS: ValueForm = {
  words: "list of maps with `type` and `brooklyn.config`",
  schema: {
    anyOf: [
      { type: "array", items: { type: "object" } },
      { type: "object", maxProperties: 0 },
    ],
  },
};
export const TAGS: ValueForm = { words: "list of texts", schema: { type: "array", items: TEXT_SCHEMA } };
export const MAP: ValueForm = { words: "map", schema: { type: "object" } };
export const ANY: ValueForm = { words: "any value", schema: {} };

/** A whole number between two bounds. */
export function integer(min: number, max: number): ValueForm {
  return { words: `whole number from ${min} to ${max}`, schema: whole(min, max) };
}

function whole(minimum: number, maximum: number): JsonSchema {
  return {
    anyOf: [
      { type: "integer", minimum, maximum },
      { type: "string", pattern: "^\\s*\\d{1,15}\\s*$" },
    ],
  };
}

function quantity(pattern: string): JsonSchema {
  return {
    anyOf: [
      { type: "number", minimum: 0 },
      { type: "string", pattern },
    ],
  };
}
