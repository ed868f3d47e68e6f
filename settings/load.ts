import type { z } from "zod";
import type { Diagnostic } from "../blueprint/model";
import { clearTextCredentials } from "./credentials";
import { crossChecks } from "./cross-checks";
import { issueProblem, valueAt } from "./issues";
import { type Settings, settingsSchema } from "./schema";

const NAMESPACE = "clocker:";

/** The values of the stack configuration by key without `clocker:`, as they come, and which full keys hold something encrypted. */
export interface RawSettings {
  readonly encryptedKeys: ReadonlySet<string>;
  readonly [key: string]: unknown;
}

/** `settings` is there only if no diagnostic is an error. */
export interface ParsedSettings {
  readonly settings?: Settings;
  readonly diagnostics: readonly Diagnostic[];
  /** Full keys that hold something encrypted, e.g. `clocker:overrides`: values from there must stay secret. */
  readonly encryptedKeys: ReadonlySet<string>;
}

/**
 * The project's part of a stack's configuration.
 * @param all Texts by full key: structured values as JSON, all others as they are.
 */
export function rawSettings(all: Readonly<Record<string, string>>, isEncrypted: (key: string) => boolean): RawSettings {
  const keys = Object.keys(all).filter((key) => key.startsWith(NAMESPACE));
  return {
    ...Object.fromEntries(keys.map((key) => [key.slice(NAMESPACE.length), parseValue(all[key] ?? "")])),
    encryptedKeys: new Set(keys.filter(isEncrypted)),
  };
}

function parseValue(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) {
    return text;
  }
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Checks the stack configuration. All problems are reported at once; no message holds a credential. */
export function parseSettings(raw: RawSettings): ParsedSettings {
  const { encryptedKeys, ...values } = raw;
  const { result, input } = parse(values);
  const diagnostics = [
    ...(result.success ? [] : result.error.issues.flatMap((issue) => issueProblem(issue, input))),
    ...crossChecks(input),
    ...clearTextCredentials(input, encryptedKeys),
  ];
  const failed = diagnostics.some(({ severity }) => severity === "error");
  return { ...(result.success && !failed && { settings: result.data }), diagnostics, encryptedKeys };
}

/**
 * Parses, and once more with numbers and truth values in place of texts where the schema wants them: `pulumi config set` and encrypted
 * values are always text.
 */
function parse(values: Record<string, unknown>): { result: z.ZodSafeParseResult<Settings>; input: unknown } {
  const first = settingsSchema.safeParse(values);
  if (first.success) {
    return { result: first, input: values };
  }
  const input: unknown = structuredClone(values);
  for (const { code, path, ...issue } of first.error.issues) {
    const value = valueAt(input, path);
    if (code === "invalid_type" && typeof value === "string" && "expected" in issue) {
      setAt(input, path, readText(value, String(issue.expected)));
    }
  }
  return { result: settingsSchema.safeParse(input), input };
}

function readText(text: string, expected: string): unknown {
  if ((expected === "number" || expected === "int") && /^-?\d+(\.\d+)?$/.test(text)) {
    return Number(text);
  }
  return expected === "boolean" && (text === "true" || text === "false") ? text === "true" : text;
}

function setAt(root: unknown, path: readonly PropertyKey[], value: unknown): void {
  const last = path.at(-1);
  const parent = valueAt(root, path.slice(0, -1));
  if (last !== undefined && typeof parent === "object" && parent !== null) {
    (parent as Record<PropertyKey, unknown>)[last] = value;
  }
}
