import { join } from "node:path";
import { runCommand } from "../../engine/command";
import type { Engine } from "../../engine/environment";
import { findGo } from "../../engine/go";
import type { Plugin, Requirements } from "../../engine/requirements";

/** The part of a Pulumi package schema that says which properties there are. */
export interface PropertySchema {
  readonly type?: string;
  readonly $ref?: string;
  readonly items?: PropertySchema;
  readonly additionalProperties?: PropertySchema;
}

export interface ObjectSchema {
  readonly properties?: Readonly<Record<string, PropertySchema>>;
  readonly required?: readonly string[];
}

interface ResourceSchema extends ObjectSchema {
  readonly inputProperties?: Readonly<Record<string, PropertySchema>>;
  readonly requiredInputs?: readonly string[];
}

export interface PackageSchema {
  readonly name: string;
  readonly version: string;
  readonly provider: ResourceSchema;
  readonly resources: Readonly<Record<string, ResourceSchema>>;
  readonly functions: Readonly<Record<string, { readonly inputs?: ObjectSchema; readonly outputs?: ObjectSchema }>>;
  readonly types: Readonly<Record<string, ObjectSchema>>;
}

/** An official plugin tells its schema itself; ours carry none, it comes from a second program over the same source. */
export async function readSchema(engine: Engine, plugin: Plugin, requirements: Requirements): Promise<PackageSchema> {
  const env = { ...process.env, ...engine.env };
  if (engine.source !== "build") {
    const schema = JSON.parse(
      await output(engine.pulumi, ["package", "get-schema", `${plugin.name}@${plugin.version}`], { env, cwd: "/" }),
    ) as PackageSchema | Pick<PackageSchema, "name" | "version">;
    if ("resources" in schema) {
      return schema;
    }
  }
  const go = await findGo(requirements.go, process.env);
  const args = [
    ...["run", "-trimpath", "-mod=readonly", "-buildvcs=false", "-tags", "no_compose,osusergo,grpcnotrace,schema"],
    ...["-ldflags", `-X main.${plugin.name}Version=${plugin.version}`, `./${plugin.name}`],
  ];
  const goEnv = { ...env, CGO_ENABLED: "0", GOTOOLCHAIN: go.toolchain };
  const text = await output(go.file, args, { env: goEnv, cwd: join(requirements.root, "engine") });
  return JSON.parse(text) as PackageSchema;
}

/** Tokens that a bridged plugin's own binary serves. */
export async function servedTokens(binary: string, env: NodeJS.ProcessEnv): Promise<Set<string>> {
  const info = JSON.parse(await output(binary, ["-get-provider-info"], { env, cwd: "/" })) as Record<
    "resources" | "dataSources",
    Record<string, { tok: string }>
  >;
  return new Set([...Object.values(info.resources), ...Object.values(info.dataSources)].map((entry) => entry.tok));
}

async function output(
  file: string,
  args: readonly string[],
  options: { env: NodeJS.ProcessEnv; cwd: string },
): Promise<string> {
  const result = await runCommand(file, args, { ...options, timeoutMs: 600_000 });
  if (result.code !== 0) {
    throw new Error(`${file} ${args.join(" ")} failed:\n${result.stderr}`);
  }
  return result.stdout;
}
