import { z } from "zod";
import type { StackConfig } from "./handler";

const LOCATIONS = "clocker:locations";
const NETWORK = "clocker:network";
const SECRETS = "clocker:secrets";
const CREDENTIAL = /password|token|secret|^key$|^privateKey$/i;

/**
 * The part of a location's settings that a provider needs, read through `schema`.
 * @throws Error that lists the configured names if there is none of that name, or the fields that are wrong.
 */
export function locationSettings<T>(config: StackConfig, name: string, schema: z.ZodType<T>): T {
  const locations = parse(config, LOCATIONS);
  const location = locations[name];
  if (location === undefined) {
    const known = Object.keys(locations).sort();
    throw new Error(
      `location "${name}" is not configured: ${LOCATIONS} has ${known.length > 0 ? known.join(", ") : "none"}. ` +
        "Add it to the stack's configuration; it is needed until the last resource there is deleted.",
    );
  }
  const result = schema.safeParse(location);
  if (!result.success) {
    const problems = result.error.issues.map((issue) => `${[name, ...issue.path].join(".")}: ${issue.message}`);
    throw new Error(`${LOCATIONS} is not valid: ${problems.join("; ")}`);
  }
  return result.data;
}

/** Every credential of the stack configuration: what must never appear in a message. */
export function configuredSecrets(config: StackConfig | undefined): string[] {
  if (!config) return [];
  const secrets: string[] = [];
  try {
    collect(parse(config, LOCATIONS), false, secrets);
    collect(parse(config, NETWORK), false, secrets);
    collect(parse(config, SECRETS), true, secrets);
  } catch {
    // A text that is no JSON is reported, without its content, by whoever needs it.
  }
  return secrets;
}

function parse(config: StackConfig, key: string): Record<string, unknown> {
  const text = config.get(key);
  if (text === undefined) return {};
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
  } catch {
    throw new Error(`${key} in the stack's configuration must be an object`);
  }
}

function collect(value: unknown, credential: boolean, into: string[]): void {
  if (typeof value === "string") {
    if (credential) into.push(value);
  } else if (typeof value === "object" && value !== null) {
    for (const [key, child] of Object.entries(value)) collect(child, credential || CREDENTIAL.test(key), into);
  }
}
