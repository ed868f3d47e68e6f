import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A variable of the sandbox is left out when the user chose another way for the same thing. */
const alternatives: Record<string, string> = { PULUMI_CONFIG_PASSPHRASE_FILE: "PULUMI_CONFIG_PASSPHRASE" };

/**
 * Where the stacks on the sandbox keep their state and passphrase, from `.sandbox/<name>-stacks/environment.json`; empty when there
 * is no sandbox. `CLOCKER_SANDBOX` names one beside the default.
 */
export function sandboxVariables(root: string, environment: NodeJS.ProcessEnv): Record<string, string> {
  const file = join(root, ".sandbox", `${environment["CLOCKER_SANDBOX"] ?? "default"}-stacks`, "environment.json");
  if (!existsSync(file)) {
    return {};
  }
  const content: unknown = JSON.parse(readFileSync(file, "utf8"));
  const variables = typeof content === "object" && content !== null && "env" in content ? content.env : undefined;
  if (typeof variables !== "object" || variables === null) {
    throw new Error(`${file}: expected {"env": {NAME: value}}; remove the file and run "npm start" again`);
  }
  return Object.fromEntries(
    Object.entries(variables)
      .map(([name, value]) => [name, String(value)] as const)
      .filter(([name]) => environment[name] === undefined && environment[alternatives[name] ?? ""] === undefined),
  );
}
