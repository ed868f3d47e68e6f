import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { parse, stringify } from "yaml";
import { Inputs } from "../blueprint/inputs";
import { readBlueprint } from "../blueprint/read";
import type { Engine } from "../engine/environment";
import type { SandboxDescription } from "../sandbox/description";
import { stackFolder } from "../sandbox/project";
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
  /** Keep what the stack file says already, save for the locations, Calico's datastore and agents, and the name server. */
  readonly keepEdits?: boolean;
}

/**
 * Makes the stack of a sandbox: state in a folder of the sandbox, a passphrase made once, the clouds and the network of the sandbox.
 * Running it again writes the configuration anew, since addresses and certificates may have changed.
 * @returns the environment for `pulumi` commands on that stack.
 */
export async function prepareSandboxStack(options: SandboxStackOptions): Promise<Record<string, string>> {
  const { root, engine, sandbox, stack, blueprint } = options;
  const folder = stackFolder(sandbox.name, root);
  const state = path.join(folder, "state");
  const passphraseFile = path.join(folder, "passphrase");
  const file = path.join(root, "stacks", `Pulumi.${stack}.yaml`);
  await mkdir(state, { recursive: true, mode: 0o700 });
  if (!existsSync(passphraseFile)) {
    await writeFile(passphraseFile, randomBytes(24).toString("base64url"), { mode: 0o600 });
  }
  if (!existsSync(path.join(state, ".pulumi", "stacks", "clocker", `${stack}.json`))) {
    // What an earlier sandbox left was encrypted with another passphrase.
    await rm(file, { force: true });
  }
  const own = { PULUMI_BACKEND_URL: `file://${state}`, PULUMI_CONFIG_PASSPHRASE_FILE: passphraseFile };
  await writeFile(path.join(folder, "environment.json"), JSON.stringify({ env: own }, null, 2), { mode: 0o600 });
  const env = { ...engine.env, ...own };
  await runPulumi(engine, ["stack", "select", stack, "--create"], { cwd: root, env });

  const written = await readStackFile(file);
  const config: Record<string, unknown> = {
    blueprint,
    ...(options.keepEdits ? written.config : {}),
    network: networkOf(options, options.keepEdits ? written.config["network"] : undefined),
    locations: sandbox.locations,
    ...options.config,
  };
  config["overrides"] = await overridesFor(config, options);
  // What the stack file holds encrypted already is no text.
  const secrets = credentialPaths(config).flatMap((at) => {
    const value = valueAt(config, at);
    return typeof value === "object" ? [] : [{ at, value: String(value) }];
  });
  const plain = withoutPaths(
    config,
    secrets.map(({ at }) => at),
  );
  await writeFile(file, stackFileText(written.salt, plain));
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

/**
 * Stacks of one blueprint share the name server: each has a domain of its own there.
 * @param edited What the stack file says of the network; it keeps that, save for what leads to the sandbox.
 */
function networkOf({ sandbox: { network }, stack }: SandboxStackOptions, edited: unknown): object {
  const { calico, dns } = network;
  if (edited === undefined || edited === null) {
    return { ...network, ...(dns && { dns: { ...dns, domain: `${stack}.${dns.domain}` } }) };
  }
  const kept = edited as { calico?: object; dns?: object };
  const agents = calico && { etcd: calico.etcd, felixImage: calico.felixImage, driverImage: calico.driverImage };
  const server = dns && { server: dns.server, port: dns.port, tsig: dns.tsig };
  return {
    ...kept,
    ...(kept.calico && { calico: { ...kept.calico, ...agents } }),
    ...(kept.dns && { dns: { ...kept.dns, ...server } }),
  };
}

/** Every RedisStore gets the Redis that the sandbox has; what is overridden already stays. */
async function overridesFor(
  config: Record<string, unknown>,
  { root, sandbox }: SandboxStackOptions,
): Promise<Record<string, object>> {
  const given = (config["overrides"] ?? {}) as Record<string, object>;
  const inputs = new Inputs(config["inputs"] as Record<string, unknown> | undefined);
  const { blueprint } = await readBlueprint(path.resolve(root, String(config["blueprint"])), { inputs });
  const stores = (blueprint?.services ?? []).filter(
    ({ workload }) => workload.kind === "software" && workload.entity === "redis",
  );
  const redis = { "install.version": sandbox.redis.version, "download.url": sandbox.redis.archiveUrl };
  return { ...given, ...Object.fromEntries(stores.map(({ id }) => [id, { ...redis, ...given[id] }])) };
}

/** What a stack file holds: the salt of its passphrase and `clocker:*` by key without the prefix; empty if there is none. */
async function readStackFile(file: string): Promise<{ salt?: string; config: Record<string, unknown> }> {
  const text = await readFile(file, "utf8").catch(() => "");
  const { encryptionsalt, config } = (parse(text) ?? {}) as { encryptionsalt?: string; config?: object };
  const own = Object.entries(config ?? {}).map(([key, value]) => [key.replace(/^clocker:/, ""), value] as const);
  return { ...(encryptionsalt !== undefined && { salt: encryptionsalt }), config: Object.fromEntries(own) };
}

function stackFileText(salt: string | undefined, config: Record<string, unknown>): string {
  const entries = Object.entries(config).map(([key, value]) => [`clocker:${key}`, value]);
  const schema = "# yaml-language-server: $schema=schema.json\n";
  return (
    schema + stringify({ ...(salt !== undefined && { encryptionsalt: salt }), config: Object.fromEntries(entries) })
  );
}

function withoutPaths(config: Record<string, unknown>, paths: readonly PropertyKey[][]): Record<string, unknown> {
  const copy = structuredClone(config);
  for (const at of paths) {
    const parent = valueAt(copy, at.slice(0, -1)) as Record<PropertyKey, unknown>;
    delete parent[at.at(-1) ?? ""];
  }
  return copy;
}
