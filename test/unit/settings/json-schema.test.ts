import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { stackFileSchema } from "../../../settings/json-schema";
import { parseSettings } from "../../../settings/load";
import { dockerLocation, marathonLocation, openstackLocation } from "./example";

const STACKS = join(__dirname, "..", "..", "..", "stacks");
const files = readdirSync(STACKS).filter((file) => /^Pulumi\..*\.yaml$/.test(file));
const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(stackFileSchema());

const SECURE = { secure: "v1:abc" };

/** Whether a stack file with these locations conforms. */
const conforms = (locations: Record<string, unknown>, rest: Record<string, unknown> = {}) =>
  validate({ config: { "clocker:locations": locations, ...rest }, encryptionsalt: "v1:x" });

describe("the JSON Schema of stack files", () => {
  it("is the one that is committed", () => {
    expect(readFileSync(join(STACKS, "schema.json"), "utf8")).toBe(
      `${JSON.stringify(stackFileSchema(), undefined, 2)}\n`,
    );
  });

  it.each(files)("accepts stacks/%s", (file) => {
    expect(validate(parse(readFileSync(join(STACKS, file), "utf8"))), JSON.stringify(validate.errors)).toBe(true);
  });

  it("accepts encrypted credentials and refuses clear ones", () => {
    expect(conforms({ machines: openstackLocation({ password: SECURE }) })).toBe(true);
    expect(conforms({ machines: openstackLocation() })).toBe(false);
    const auth = { type: "basic", username: "u" };
    expect(conforms({ tasks: marathonLocation({ auth: { ...auth, password: SECURE } }) })).toBe(true);
    expect(conforms({ tasks: marathonLocation({ auth: { ...auth, password: "clear" } }) })).toBe(false);
    expect(conforms({}, { "clocker:secrets": { database: { password: SECURE } } })).toBe(true);
    expect(conforms({}, { "clocker:secrets": { database: { password: "clear" } } })).toBe(false);
  });

  it("accepts any other value encrypted, whole structures too", () => {
    expect(conforms({ docks: SECURE, tasks: marathonLocation({ url: SECURE, auth: SECURE }) })).toBe(true);
  });

  it("refuses what the settings refuse", () => {
    expect(conforms({ docks: dockerLocation() })).toBe(true);
    expect(conforms({ docks: dockerLocation({ registrys: [] }) })).toBe(false);
    expect(conforms({ docks: { type: "aws" } })).toBe(false);
    expect(conforms({}, { "clocker:placment": {} })).toBe(false);
    expect(conforms({}, { "clocker:network": { sources: ["everybody"] } })).toBe(false);
  });

  it("leaves keys of other packages alone", () => {
    expect(conforms({}, { "pulumi:disable-default-providers": ["docker", "openstack"] })).toBe(true);
  });
});

describe("the example stack", () => {
  it("lacks nothing but its credentials", () => {
    const { config } = parse(readFileSync(join(STACKS, "Pulumi.example.yaml"), "utf8"));
    const values = Object.entries(config).map(([key, value]) => [key.replace("clocker:", ""), value]);
    const { diagnostics } = parseSettings({ ...Object.fromEntries(values), encryptedKeys: new Set<string>() });
    expect(diagnostics.map(({ code }) => code).sort()).toEqual(["docker-without-tls", "missing-credentials"]);
  });

  it("conforms with every command that its comments name carried out", () => {
    const text = readFileSync(join(STACKS, "Pulumi.example.yaml"), "utf8");
    const stack = parse(text);
    const commands = [...text.matchAll(/pulumi config set (--secret )?--path 'clocker:([^']+)' ?([\w.:/-]+)?/g)];
    expect(commands).toHaveLength(30);
    for (const [, secret, path = "", value = "text"] of commands) {
      const [key, ...steps] = path.split(/[.[\]]+/).filter((step) => step !== "");
      set(stack.config, [`clocker:${key}`, ...steps], secret === undefined ? value : SECURE);
    }
    expect(validate(stack), JSON.stringify(validate.errors)).toBe(true);
  });
});

/** Sets a value as `pulumi config set --path` does: a number for a step is an index. */
function set(parent: Record<string, unknown>, [step = "", ...rest]: string[], value: unknown): void {
  if (rest.length === 0) {
    parent[step] = value;
    return;
  }
  parent[step] ??= /^\d+$/.test(rest[0] ?? "") ? [] : {};
  set(parent[step] as Record<string, unknown>, rest, value);
}
