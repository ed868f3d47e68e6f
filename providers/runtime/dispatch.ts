import { configuredSecrets } from "./config";
import type { Handler, Properties, StackConfig } from "./handler";
import { PartialFailure } from "./partial-failure";
import { redact } from "./redact";

const PROVIDER = "__provider";

/** Node's HTTP/2 never delivers a trailer above 64 kB, and the engine would wait for ever; the trailer is base64. */
const PARTIAL_FAILURE_LIMIT = 40_000;
const REASON_LIMIT = 2_000;

export type Method = keyof Handler;

/**
 * Calls one method of a handler as the engine's dynamic provider does: `args` are those of the provider's method, with
 * `__provider` among the properties. Results carry no `undefined`, errors no credential.
 */
export async function callHandler(
  handler: Handler,
  method: Method,
  args: readonly unknown[],
  config: StackConfig = { get: () => undefined },
): Promise<unknown> {
  try {
    return withoutUndefined(await invoke(handler, method, args, config));
  } catch (error) {
    throw presentable(error, args, configuredSecrets(config));
  }
}

async function invoke(handler: Handler, method: Method, args: readonly unknown[], config: StackConfig) {
  const [first, second, third] = args;
  switch (method) {
    case "check":
      return handler.check(properties(first), properties(second));
    case "diff":
      return handler.diff(String(first), properties(second), properties(third));
    case "create":
      return handler.create(properties(first), config);
    case "read":
      // An empty id tells the engine that the thing is gone.
      return (await handler.read(String(first), properties(second), config)) ?? { id: "", props: {} };
    case "update":
      return handler.update(String(first), properties(second), properties(third), config);
    case "delete":
      return handler.delete(String(first), properties(second), config);
  }
}

function properties(value: unknown): Properties {
  const { [PROVIDER]: _, ...rest } = { ...(value as Properties | undefined) };
  return rest;
}

/** A copy without `undefined`: the engine's wire format has none, and fails after the real change was made. */
function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutUndefined(item) ?? null);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, child]) => child !== undefined);
  return Object.fromEntries(entries.map(([key, child]) => [key, withoutUndefined(child)]));
}

function presentable(error: unknown, args: readonly unknown[], secrets: readonly string[]): Error {
  const original = error instanceof Error ? error : new Error(String(error));
  const message = redact(original.message, secrets);
  let result: Error;
  if (original instanceof PartialFailure) {
    const reasons = original.reasons.map((reason) => shorten(redact(reason, secrets)));
    result = new PartialFailure(shorten(message), { id: original.id, properties: stored(original, args), reasons });
  } else {
    result = new Error(message);
  }
  // The plugin prints the stack to the user; only a fault of the program is worth it.
  result.stack = isFault(original) ? redact(original.stack ?? "", secrets) : "";
  return result;
}

/** What the engine stores: with the provider's text, without which the next read or delete could not run. */
function stored(failure: PartialFailure, args: readonly unknown[]): Properties {
  const newest = args.findLast((arg): arg is Properties => typeof arg === "object" && arg !== null);
  const all = withoutUndefined({ ...failure.properties, [PROVIDER]: newest?.[PROVIDER] }) as Properties;
  const largestFirst = Object.entries(all)
    .filter(([key]) => key !== PROVIDER)
    .sort((a, b) => size(b[1]) - size(a[1]));
  for (const [key] of largestFirst) {
    if (size(all) <= PARTIAL_FAILURE_LIMIT) break;
    delete all[key];
  }
  return all;
}

function size(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

function shorten(text: string): string {
  return text.length <= REASON_LIMIT ? text : `${text.slice(0, REASON_LIMIT)}…`;
}

function isFault(error: Error): boolean {
  return error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError;
}
