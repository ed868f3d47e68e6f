import type { Diagnostic } from "../blueprint/model";
import { configPath, settingsProblem } from "./problem";

/** Every field that holds a credential, as a path below `clocker:`; `*` stands for any name or index. */
export const CREDENTIALS: readonly (readonly string[])[] = [
  ["locations", "*", "hosts", "*", "tls", "key"],
  ["locations", "*", "agents", "*", "tls", "key"],
  ["locations", "*", "registries", "*", "password"],
  ["locations", "*", "auth", "password"],
  ["locations", "*", "auth", "token"],
  ["locations", "*", "masterAuth", "password"],
  ["locations", "*", "masterAuth", "token"],
  ["locations", "*", "password"],
  ["locations", "*", "applicationCredentialSecret"],
  ["network", "calico", "etcd", "key"],
  ["network", "calico", "etcd", "password"],
  ["network", "dns", "tsig", "secret"],
  ["secrets", "*", "*"],
];

/** True if a value at this path is a credential, or lies within one. */
export function isCredential(path: readonly PropertyKey[]): boolean {
  return CREDENTIALS.some(
    (pattern) =>
      path.length >= pattern.length && pattern.every((part, index) => part === "*" || part === String(path[index])),
  );
}

/** Paths below `clocker:` of all credentials in a stack configuration. */
export function credentialPaths(raw: unknown): PropertyKey[][] {
  return CREDENTIALS.flatMap((pattern) => findPaths(raw, pattern));
}

/**
 * Credentials under keys of the stack configuration that hold nothing encrypted. A program is told only which whole keys hold encrypted
 * values, so a key that holds both kinds passes here; the JSON Schema of stack files finds those.
 */
export function clearTextCredentials(raw: unknown, encryptedKeys: ReadonlySet<string>): Diagnostic[] {
  return CREDENTIALS.filter(([key]) => !encryptedKeys.has(`clocker:${key}`)).flatMap((pattern) =>
    findPaths(raw, pattern).map((path) => {
      const written = configPath(path);
      return settingsProblem(
        "error",
        "clear-text-credential",
        written,
        `${written} is a credential in clear text`,
        `encrypt it: pulumi config set --secret --path '${written}'`,
      );
    }),
  );
}

function findPaths(value: unknown, pattern: readonly string[], path: readonly PropertyKey[] = []): PropertyKey[][] {
  const [part, ...rest] = pattern;
  if (part === undefined) {
    return value === undefined || value === null ? [] : [[...path]];
  }
  if (typeof value !== "object" || value === null) {
    return [];
  }
  const entries: [PropertyKey, unknown][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return entries
    .filter(([key]) => part === "*" || key === part)
    .flatMap(([key, child]) => findPaths(child, rest, [...path, key]));
}
