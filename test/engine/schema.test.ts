import type * as ts from "typescript";
import { beforeAll, describe, expect, it } from "vitest";
import { type Engine, ensureEngine } from "../../engine/environment";
import { pluginBinary } from "../../engine/layout";
import { projectRoot, readRequirements } from "../../engine/requirements";
import { type PackageSchema, readSchema, servedTokens } from "../support/plugin-schemas";
import { compareShapes } from "../support/sdk-shapes";
import { findUses, loadSources, type SdkUse, tokensOfSdk } from "../support/sdk-uses";

/** Not a resource of the Terraform provider, hence not in a plugin built from source. Our components must not use it. */
const absent = ["docker:index/image:Image"];

const root = projectRoot();
const requirements = readRequirements(root);

describe("the plugins and the npm packages agree", () => {
  let engine: Engine;
  let program: ts.Program;
  let uses: readonly SdkUse[];
  const schemas = new Map<string, PackageSchema>();

  beforeAll(async () => {
    engine = await ensureEngine({ log: (line) => console.log(`engine: ${line}`) });
    program = loadSources(root, ["components"]);
    uses = findUses(program, root);
    for (const plugin of requirements.plugins) {
      schemas.set(plugin.name, await readSchema(engine, plugin, requirements));
    }
  });

  const schemaOf = (name: string): PackageSchema => {
    const schema = schemas.get(name);
    if (schema === undefined) {
      throw new Error(`no schema of ${name}`);
    }
    return schema;
  };

  it.each(requirements.plugins)("our components use resources of $name", ({ name }) => {
    expect(uses.filter((use) => use.plugin === name && use.kind === "resource")).not.toEqual([]);
    expect(uses.filter((use) => use.plugin === name && use.kind === "provider")).not.toEqual([]);
  });

  it.each(requirements.plugins)("$name has the version that package.json pins", ({ name, version }) => {
    expect(schemaOf(name).version).toBe(version);
  });

  it.each(requirements.plugins)("every token of the npm package of $name is in the plugin", ({ name }) => {
    const sdk = tokensOfSdk(root, name);
    const { resources, functions } = schemaOf(name);
    expect(sdk.resources.size).toBeGreaterThan(5);
    expect(sdk.functions.size).toBeGreaterThan(5);
    expect([...sdk.resources].filter((token) => !(token in resources) && !absent.includes(token))).toEqual([]);
    expect([...sdk.functions].filter((token) => !(token in functions))).toEqual([]);
  });

  it("every token and property that our components use is in the plugin, with the same shape", () => {
    for (const use of uses) {
      const { differences, compared } = compareUse(program, schemaOf(use.plugin), use);
      expect(differences).toEqual([]);
      expect(compared, use.token).toBeGreaterThan(0);
    }
  });

  it("a property that the plugin lacks, one of another shape and a token that it lacks are found", () => {
    const token = "docker:index/container:Container";
    const port = "docker:index/ContainerPort:ContainerPort";
    const schema = schemaOf("docker");
    const container = schema.resources[token];
    const use = uses.find((candidate) => candidate.token === token);
    if (use === undefined || container === undefined) {
      throw new Error(`our components do not use ${token}`);
    }
    const { image: _image, ...inputProperties } = container.inputProperties ?? {};
    const changed: PackageSchema = {
      ...schema,
      resources: { [token]: { ...container, inputProperties } },
      types: {
        ...schema.types,
        [port]: { properties: { ...schema.types[port]?.properties, internal: { type: "string" } } },
      },
    };
    expect(compareUse(program, changed, use).differences).toEqual([
      expect.stringContaining("inputs.image: in the npm package, not in the plugin"),
      expect.stringContaining("inputs.ports[].internal: number in the npm package, string in the plugin"),
      expect.stringContaining("outputs.ports[].internal: number in the npm package, string in the plugin"),
    ]);
    expect(compareUse(program, { ...schema, resources: {} }, use).differences).toEqual([
      expect.stringContaining("not in the plugin"),
    ]);
  });

  it("the binaries serve the tokens that our components use", async () => {
    for (const plugin of requirements.plugins) {
      // An official plugin told the schema itself.
      const served =
        engine.source === "build"
          ? await servedTokens(pluginBinary(engine.env["PULUMI_HOME"] ?? "", plugin), process.env)
          : new Set([...Object.keys(schemaOf(plugin.name).resources), ...Object.keys(schemaOf(plugin.name).functions)]);
      const used = uses.filter((use) => use.plugin === plugin.name && use.kind !== "provider");
      expect(used.map((use) => use.token).filter((token) => !served.has(token))).toEqual([]);
      expect(used).not.toEqual([]);
    }
  });
});

function compareUse(program: ts.Program, schema: PackageSchema, use: SdkUse) {
  const where = `${use.token} (used at ${use.places[0]})`;
  const { inputs, outputs } = sidesOf(schema, use);
  if (inputs === undefined || outputs === undefined) {
    return { differences: [`${where}: not in the plugin`], compared: 0 };
  }
  const sides = [compareShapes(program, schema, use.inputs, inputs, `${where} inputs`)];
  if (use.kind !== "provider") {
    sides.push(compareShapes(program, schema, use.outputs, outputs, `${where} outputs`));
  }
  return {
    differences: sides.flatMap((side) => side.differences),
    compared: sides.reduce((sum, side) => sum + side.compared, 0),
  };
}

function sidesOf(schema: PackageSchema, use: SdkUse) {
  if (use.kind === "function") {
    const found = schema.functions[use.token];
    return { inputs: found === undefined ? undefined : (found.inputs ?? {}), outputs: found?.outputs };
  }
  const found = use.kind === "provider" ? schema.provider : schema.resources[use.token];
  return { inputs: found === undefined ? undefined : { properties: found.inputProperties }, outputs: found };
}
