import { z } from "zod";
import { formatDiagnostic } from "../../blueprint/diagnostics";
import { Inputs } from "../../blueprint/inputs";
import type { Diagnostic } from "../../blueprint/model";
import { readBlueprint } from "../../blueprint/read";
import type { Plan } from "../../placement/model";
import { place } from "../../placement/place";
import { compilePolicy } from "../../placement/policy/compile";
import type { CompiledNetwork } from "../../placement/policy/model";
import { parseSettings, rawSettings } from "../../settings/load";
import type { Settings } from "../../settings/schema";
import { type StackState, stateOf } from "./state";

/** What a stack's configuration declares, beside what its state says of the running services. */
export interface Deployed {
  readonly settings: Settings;
  readonly plan: Plan;
  readonly compiled: CompiledNetwork;
  readonly state: StackState;
}

const configSchema = z.record(
  z.string(),
  z.object({ value: z.string().optional(), secret: z.boolean().optional() }).loose(),
);

/**
 * Reads a stack as the program does. Secrets stay in memory.
 * @param pulumi Runs a `pulumi` command on the stack and gives its standard output.
 * @throws Error if the stack is without Calico, its configuration has problems, or it was not brought up since they changed.
 */
export async function readDeployed(
  stack: string,
  pulumi: (args: readonly string[]) => Promise<string>,
): Promise<Deployed> {
  const { settings, encryptedKeys } = readConfig(
    JSON.parse(await pulumi(["config", "--json", "--show-secrets"])) as unknown,
  );
  if (settings.network.calico === undefined) {
    throw new Error(
      `stack '${stack}' has no clocker:network.calico: nothing refuses connections there, so there is nothing to hold against what is declared; set it and run pulumi up`,
    );
  }
  const { blueprint, diagnostics } = await readBlueprint(settings.blueprint, {
    overrides: settings.overrides,
    overridesSecret: encryptedKeys.has("clocker:overrides"),
    inputs: new Inputs(settings.inputs, encryptedKeys.has("clocker:inputs")),
  });
  const read = demand(blueprint, diagnostics);
  const placed = place(read, settings, stack);
  const plan = demand(placed.plan, placed.diagnostics);
  const compiled = compilePolicy(plan, settings);
  demand(compiled, compiled.problems);
  const state = stateOf(JSON.parse(await pulumi(["stack", "export", "--show-secrets"])) as unknown);
  for (const { service } of plan.services) {
    if (!state.has(service.id)) {
      throw new Error(
        `service '${service.id}' is declared, but stack '${stack}' does not run it: bring it up (pulumi up --stack ${stack})`,
      );
    }
  }
  return { settings, plan, compiled, state };
}

function readConfig(config: unknown): { settings: Settings; encryptedKeys: ReadonlySet<string> } {
  const entries = Object.entries(configSchema.parse(config));
  const texts = Object.fromEntries(entries.map(([key, { value }]) => [key, value ?? ""]));
  const encrypted = new Set(entries.filter(([, { secret }]) => secret === true).map(([key]) => key));
  const { settings, diagnostics, encryptedKeys } = parseSettings(rawSettings(texts, (key) => encrypted.has(key)));
  return { settings: demand(settings, diagnostics), encryptedKeys };
}

function demand<T>(product: T | undefined, diagnostics: readonly Diagnostic[]): T {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (product === undefined || errors.length > 0) {
    throw new Error(errors.map(formatDiagnostic).join("\n"));
  }
  return product;
}
