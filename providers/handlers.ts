import { callHandler, type Method } from "./runtime/dispatch";
import type { Handler, StackConfig } from "./runtime/handler";

// Each handler is loaded on first use, so that no kind pays for the packages of another.
const handlers = {
  "docker.Readiness": async () => (await import("./docker/readiness-handler.js")).readinessHandler,
  "machine.Setup": async () => (await import("./machine/setup-handler.js")).setupHandler,
  "machine.SshKey": async () => (await import("./machine/ssh-key-handler.js")).sshKeyHandler,
  "marathon.App": async () => (await import("./marathon/app-handler.js")).appHandler,
} satisfies Record<string, () => Promise<Handler>>;

export type Kind = keyof typeof handlers;

let configuration: StackConfig | undefined;

/**
 * Entry point of the provider texts in the state (stub.cjs); its name and arguments stay as they are. One process serves
 * one stack. `configure` takes effect before this returns: the engine does not wait for it ahead of other calls.
 */
export async function dispatch(kind: string, method: Method | "configure", args: readonly unknown[]): Promise<unknown> {
  if (method === "configure") {
    configuration = (args[0] as { config: StackConfig }).config;
    return undefined;
  }
  const load = (handlers as Record<string, () => Promise<Handler>>)[kind];
  if (!load) {
    const known = Object.keys(handlers).sort().join(", ");
    throw new Error(
      `this version of Clocker has no provider for ${kind}; it has ${known}. Use the version that made it.`,
    );
  }
  return callHandler(await load(), method, args, configuration);
}
