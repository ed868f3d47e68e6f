import { z } from "zod";
import { containsUnknown } from "../../runtime/unknown";
import { isObject } from "./json";

const INT_MAX = 2_147_483_647;

/** A reader that takes an unknown for whatever `choose` would read, and gives it back. */
export function chosen(choose: (value: unknown) => z.ZodType): z.ZodType {
  return z.unknown().transform((value, context) => {
    if (typeof value === "string" && containsUnknown(value)) return value;
    const result = choose(value).safeParse(value);
    if (result.success) return result.data;
    for (const issue of result.error.issues) {
      context.issues.push({ code: "custom", message: reason(issue, value), path: [...issue.path], input: value });
    }
    return z.NEVER;
  });
}

function known(schema: z.ZodType): z.ZodType {
  return chosen(() => schema);
}

/** The issue with the value that caused it, unless that may be a secret: any text that is not one of a few names. */
function reason(issue: z.core.$ZodIssue, value: unknown): string {
  if (issue.code === "custom" || issue.path.length > 0) return issue.message;
  if (value === undefined) return "is missing";
  if (typeof value === "number" || typeof value === "boolean" || issue.code === "invalid_value")
    return `${issue.message}; it is ${JSON.stringify(value)}`;
  return issue.message;
}

export interface TextLimits {
  readonly least?: number;
  readonly most?: number;
  readonly pattern?: RegExp;
  /** What the pattern means. */
  readonly hint?: string;
}

export function text({ least = 0, most, pattern, hint }: TextLimits = {}): z.ZodType {
  let schema = z.string().min(least);
  if (most !== undefined) schema = schema.max(most);
  if (pattern) schema = schema.regex(pattern, hint);
  return known(schema);
}

export const flag = known(z.boolean());

/** A whole number of Marathon's 32-bit fields. */
export function whole(least = 0, most = INT_MAX): z.ZodType {
  return known(z.number().int().min(least).max(most));
}

/** A whole number of Marathon's 64-bit fields. */
export const long = known(z.number().int().min(0));

export function decimal(least = 0, most = Number.MAX_VALUE): z.ZodType {
  return known(z.number().min(least).max(most));
}

/** One of the names in any case, given back as listed. */
export function oneOf(...names: [string, ...string[]]): z.ZodType {
  const listed = (value: unknown) =>
    typeof value === "string" ? (names.find((name) => name.toLowerCase() === value.toLowerCase()) ?? value) : value;
  return known(z.preprocess(listed, z.enum(names)));
}

export function listOf(item: z.ZodType, least = 0): z.ZodType {
  return known(z.array(item).min(least));
}

export function mapOf(item: z.ZodType): z.ZodType {
  return known(z.record(z.string(), item));
}

type Shape = Readonly<Record<string, z.ZodType>>;

/** An object of these fields; those not named are left out. `defaults` are of fields that need not be given. */
export function object(required: Shape, optional: Shape = {}, defaults: Readonly<Record<string, unknown>> = {}) {
  const given = Object.entries(optional).map(([key, schema]) => [key, schema.optional()]);
  const schema = z.object({ ...required, ...Object.fromEntries(given) });
  return known(schema.transform((value) => ({ ...defaults, ...value })));
}

export function has(value: unknown, key: string): boolean {
  return isObject(value) && value[key] !== undefined;
}
