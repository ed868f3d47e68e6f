import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { stringify } from "yaml";
import { readBlueprint } from "../blueprint/read";
import type { Engine } from "../engine/environment";
import type { SandboxDescription } from "../sandbox/description";
import { credentialPaths } from "../settings/credentials";
import { valueAt } from "../settings/issues";
import { configPath } from "../settings/problem";
import { runPulumi } from "./pulumi";

export interface SandboxStackOptions {
  readonly root: string;
  readonly engine: Engine;
  readonly sandbox: SandboxDescription;
  /** Stack name; the configuration goes to `stacks/Pulumi.<stack>.yaml`. */
  readonly stack: string;
  /** Path of the blueprint from the project's folder. */
  readonly blueprint: string;
  /** Further configuration, keys without `clocker:`, e.g. `{ placement: { … } }`. */
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
    blueprint,
    locations: sandbox.locations,
    network: sandbox.network,
    ...options.config,
    overrides: await overridesFor(root, options),
  };
  const secrets = credentialPaths(config).map((at) => ({ at, value: String(valueAt(config, at)) }));
  const file = path.join(root, "stacks", `Pulumi.${stack}.yaml`);
  await writeFile(
    file,
    await withSalt(
      file,
      withoutPaths(
        config,
        secrets.map(({ at }) => at),
      ),
    ),
  );
  for (const { at, value } of secrets) {
    // By standard input: a command line is for everybody to read.
    await runPulumi(engine, ["config", "set", "--stack", stack, "--secret", "--path", configPath(at)], {
      cwd: root,
      env,
      input: value,
    });
  }
  return env;
}

/** Every RedisStore gets the Redis that the sandbox has; what the caller overrides comes on top. */
async function overridesFor(root: string, options: SandboxStackOptions): Promise<Record<string, object>> {
  const given = (options.config?.["overrides"] ?? {}) as Record<string, object>;
  const { blueprint } = await readBlueprint(path.resolve(root, options.blueprint));
  const stores = (blueprint?.services ?? []).filter(({ workload }) => workload.kind === "redis");
  const { version, archiveUrl } = options.sandbox.redis;
  const redis = { "install.version": version, "download.url": archiveUrl };
  return { ...given, ...Object.fromEntries(stores.map(({ id }) => [id, { ...redis, ...given[id] }])) };
}

/** The stack file's text, with the salt that the passphrase was used with before. */
async function withSalt(file: string, config: Record<string, unknown>): Promise<string> {
  const salt = /^encryptionsalt: .*$/m.exec(await readFile(file, "utf8").catch(() => ""))?.[0];
  const entries = Object.entries(config).map(([key, value]) => [`clocker:${key}`, value]);
  return `${salt === undefined ? "" : `${salt}\n`}${stringify({ config: Object.fromEntries(entries) })}`;
}

function withoutPaths(config: Record<string, unknown>, paths: readonly PropertyKey[][]): Record<string, unknown> {
  const copy = structuredClone(config);
  for (const at of paths) {
    const parent = valueAt(copy, at.slice(0, -1)) as Record<PropertyKey, unknown>;
    delete parent[at.at(-1) ?? ""];
  }
  return copy;
}
