import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { stringify } from "yaml";
import type { Engine } from "../engine/environment";
import type { SandboxDescription } from "../sandbox/description";
import { credentialPaths } from "../settings/credentials";
import { runPulumi } from "./pulumi";

export interface SandboxStackOptions {
  readonly root: string;
  readonly engine: Engine;
  readonly sandbox: SandboxDescription;
  /** Stack name; the configuration goes to `stacks/Pulumi.<stack>.yaml`. */
  readonly stack: string;
  /** Path of the blueprint from the project's folder. */
  readonly blueprint: string;
  /** Further configuration, e.g. `{ "clocker:placement": { … } }`. */
  readonly config?: Readonly<Record<string, unknown>>;
}

/**
 * Makes the stack of a sandbox: state in a folder of the sandbox, a passphrase made once, the clouds of the sandbox as its locations.
 * Running it again writes the configuration anew, since addresses and certificates may have changed.
 * @returns the environment for `pulumi` commands on that stack.
 */
export async function prepareSandboxStack(options: SandboxStackOptions): Promise<Record<string, string>> {
  const { root, engine, sandbox, stack, blueprint } = options;
  const folder = path.join(root, ".sandbox");
  const state = path.join(folder, `state-${sandbox.name}`);
  const passphraseFile = path.join(folder, `passphrase-${sandbox.name}`);
  await mkdir(state, { recursive: true, mode: 0o700 });
  if (!existsSync(passphraseFile)) {
    await writeFile(passphraseFile, randomBytes(24).toString("base64url"), { mode: 0o600 });
  }
  const own = { PULUMI_BACKEND_URL: `file://${state}`, PULUMI_CONFIG_PASSPHRASE_FILE: passphraseFile };
  if (sandbox.name === "default") {
    await writeFile(path.join(folder, "environment.json"), JSON.stringify({ env: own }, null, 2), { mode: 0o600 });
  }
  const env = { ...engine.env, ...own };
  await runPulumi(engine, ["stack", "select", stack, "--create"], { cwd: root, env });

  const config: Record<string, unknown> = {
    "clocker:blueprint": blueprint,
    "clocker:locations": sandbox.locations,
    "clocker:network": sandbox.network,
    "clocker:overrides": sandbox.overrides,
    ...options.config,
  };
  const secrets = credentialPaths(config["clocker:locations"], "clocker:locations");
  const file = path.join(root, "stacks", `Pulumi.${stack}.yaml`);
  const salt = /^encryptionsalt: .*$/m.exec(await readFile(file, "utf8").catch(() => ""))?.[0];
  await writeFile(file, `${salt === undefined ? "" : `${salt}\n`}${stringify({ config: without(config, secrets) })}`);
  for (const secret of secrets) {
    await runPulumi(engine, ["config", "set", "--stack", stack, "--secret", "--path", secret.path], {
      cwd: root,
      env,
      input: secret.value,
    });
  }
  return env;
}
