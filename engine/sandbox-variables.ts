import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A variable of the sandbox is left out when the user chose another way for the same thing. */
const alternatives: Record<string, string> = { PULUMI_CONFIG_PASSPHRASE_FILE: "PULUMI_CONFIG_PASSPHRASE" };

/** Where the sandbox keeps its state and its passphrase, from `.sandbox/environment.json`; empty when there is no sandbox. */
export function sandboxVariables(root: string, environment: NodeJS.ProcessEnv): Record<string, string> {
  const file = join(root, ".sandbox", "environment.json");
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
