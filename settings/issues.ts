import type { z } from "zod";
import type { Diagnostic } from "../blueprint/model";
import { listNames } from "../wording/names";
import { didYouMean } from "../wording/suggest";
import { isCredential } from "./credentials";
import { configPath, settingsProblem } from "./problem";
import { settingsSchema } from "./schema";

type Issue = z.core.$ZodIssue;

/** The value at a path, or undefined. */
export function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null && Object.hasOwn(value, key)
        ? (value as Record<PropertyKey, unknown>)[key]
        : undefined,
    root,
  );
}

/** What the schema found, in words of a stack file: path, value given, what is allowed, what to do. */
export function issueProblem(issue: Issue, input: unknown): Diagnostic[] {
  const path = configPath(issue.path.length === 0 ? ["*"] : issue.path);
  const value = valueAt(input, issue.path);
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => unknownKey(key, issue.path, input));
  }
  if (issue.code === "invalid_key") {
    return [
      settingsProblem(
        "error",
        "invalid-setting",
        path,
        `'${String(issue.path.at(-1))}' in ${configPath(issue.path.slice(0, -1))} is not ${issue.issues[0]?.message ?? "a name"}`,
        "rename it",
      ),
    ];
  }
  if (value === undefined) {
    return [
      settingsProblem(
        "error",
        "missing-setting",
        path,
        `${path} is missing`,
        `set it to ${allowed(issue)}: ${howToSet(issue.path)}`,
      ),
    ];
  }
  return [
    settingsProblem(
      "error",
      "invalid-setting",
      path,
      `${path} is ${show(value, issue)}`,
      `it must be ${allowed(issue)}${isUnquoted(value, issue) ? "; put it in quotes" : ""}`,
    ),
  ];
}

function howToSet(path: readonly PropertyKey[]): string {
  const secret = isCredential(path) ? "--secret " : "";
  return `pulumi config set ${secret}--path '${configPath(path)}'`;
}

function unknownKey(key: string, parent: readonly PropertyKey[], input: unknown): Diagnostic {
  const path = configPath([...parent, key]);
  const known = knownKeys(parent, input);
  return settingsProblem(
    "error",
    "unknown-setting",
    path,
    `unknown setting ${path}${didYouMean(key, known)}`,
    `known here: ${listNames(known)}; remove it: pulumi config rm --path '${path}'`,
  );
}

/** The keys that the schema has at a path, where the value decides between alternatives by its `type`. */
function knownKeys(path: readonly PropertyKey[], input: unknown): string[] {
  let schema: unknown = settingsSchema;
  for (let depth = 0; ; depth++) {
    schema = concrete(schema, valueAt(input, path.slice(0, depth)));
    const key = path[depth];
    const definition = definitionOf(schema);
    if (key === undefined) {
      return Object.keys(definition?.shape ?? {});
    }
    schema = definition?.shape?.[String(key)] ?? definition?.valueType ?? definition?.element;
  }
}

interface Definition {
  readonly type: string;
  readonly innerType?: unknown;
  readonly options?: readonly unknown[];
  readonly shape?: Readonly<Record<string, unknown>>;
  readonly valueType?: unknown;
  readonly element?: unknown;
}

function definitionOf(schema: unknown): Definition | undefined {
  return (schema as { def?: Definition } | undefined)?.def;
}

/** Without optional and default wrappers, and of a union the member that the value's `type` names. */
function concrete(schema: unknown, value: unknown): unknown {
  const definition = definitionOf(schema);
  if (definition?.innerType !== undefined) {
    return concrete(definition.innerType, value);
  }
  if (definition?.type !== "union") {
    return schema;
  }
  const type = valueAt(value, ["type"]);
  return definition.options?.find((option) => {
    const member = definitionOf(option)?.shape?.["type"] as z.ZodType | undefined;
    return member?.safeParse(type).success;
  });
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a map of settings",
  record: "a map",
};

/** What the schema allows instead, as words that follow "must be". */
function allowed(issue: Issue): string {
  switch (issue.code) {
    case "invalid_type":
      return issue.message.startsWith("Invalid input") ? (TYPE_WORDS[issue.expected] ?? issue.expected) : issue.message;
    case "too_small":
    case "too_big":
      return limit(issue);
    case "invalid_value":
      return `one of ${issue.values.map(String).join(", ")}`;
    case "invalid_union":
      return "options" in issue && issue.options !== undefined ? `one of ${issue.options.join(", ")}` : issue.message;
    default:
      return issue.message;
  }
}

function limit(issue: Extract<Issue, { code: "too_small" | "too_big" }>): string {
  const [word, bound] =
    issue.code === "too_small" ? ["at least", Number(issue.minimum)] : ["at most", Number(issue.maximum)];
  switch (issue.origin) {
    case "array":
      return `a list of ${word} ${bound} ${bound === 1 ? "entry" : "entries"}`;
    case "string":
      return bound === 1 ? "a text that is not empty" : `a text of ${word} ${bound} characters`;
    default:
      return `${word} ${bound}`;
  }
}

/** The value given, for a message; of credentials and whole structures only what kind of thing it is. */
function show(value: unknown, issue: Issue): string {
  if (isCredential(issue.path)) {
    return "not usable (its value is not shown)";
  }
  if (Array.isArray(value)) {
    return value.length === 0 ? "an empty list" : "a list";
  }
  if (typeof value === "object") {
    return value === null ? "empty" : Object.keys(value).length === 0 ? "an empty map" : "a map";
  }
  if (typeof value !== "string") {
    return String(value);
  }
  // A structure given as one text may hold credentials, and so may the user part of a URL.
  const structure = issue.code === "invalid_type" && STRUCTURES.includes(issue.expected);
  return structure ? "a text" : `'${value.replace(/\/\/[^/@\s]*@/, "//…@")}'`;
}

const STRUCTURES = ["array", "object", "record"];

function isUnquoted(value: unknown, issue: Issue): boolean {
  return issue.code === "invalid_type" && issue.expected === "string" && ["number", "boolean"].includes(typeof value);
}
