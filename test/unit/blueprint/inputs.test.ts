import { describe, expect, test } from "vitest";
import { formatDiagnostic } from "../../../blueprint/diagnostics";
import { Inputs } from "../../../blueprint/inputs";
import { parseBlueprint } from "../../../blueprint/parse";
import { oneNode } from "../tosca/tosca";

const PARAMETERS = `
brooklyn.parameters: [{name: mode, default: production, constraints: [{regex: "[a-z]+"}]}, {name: size, type: integer}]
mode: given in the blueprint
services: [{type: "docker:web:1", id: web, env: {MODE: '$brooklyn:config("mode")', SIZE: '$brooklyn:config("size")'}}]
`;
const TEMPLATE = oneNode(
  'interfaces: {Standard: {create: {inputs: {MODE: {get_input: mode}, SIZE: {get_input: [shape, size]}, URL: {concat: ["http://", {get_input: mode}]}}}}}',
  "",
  `  inputs:
    mode: {type: string, constraints: [{min_length: 4}]}
    shape: {type: map, default: {size: 3}}`,
);
const COMPOSE = `services: {web: {image: "web:$\{TAG:-1}", environment: ["MODE=$\{mode}"], command: "run $\{mode}"}}\n`;

function secret(value: string) {
  return { kind: "secret", value };
}

function parse(text: string, values: Record<string, unknown>, secret = false) {
  const { blueprint, diagnostics } = parseBlueprint(text, "app.yaml", { inputs: new Inputs(values, secret) });
  return { blueprint, web: blueprint?.services[0], told: diagnostics.map(formatDiagnostic).join("\n") };
}

describe("a blueprint is given values from outside", () => {
  test("for its parameters, in place of its own and of defaults", () => {
    const { blueprint, told } = parse(PARAMETERS, { mode: "test", size: "7" });
    expect(told).toBe("");
    expect(blueprint?.config).toMatchObject({ mode: { value: "test" }, size: { value: 7 } });
  });

  test("for the inputs of a template, whole or by path, and nothing in them is a function", () => {
    const { web, told } = parse(TEMPLATE, { mode: "test", shape: { size: 9 } });
    expect(told).toBe("");
    expect(web?.env).toMatchObject({ MODE: { value: "test" }, SIZE: { value: 9 }, URL: { value: "http://test" } });
    const { web: bold } = parse(TEMPLATE, { mode: '$brooklyn:external("a", "b")' });
    expect(bold?.env["MODE"]).toEqual({ kind: "literal", value: '$brooklyn:external("a", "b")' });
  });

  test("for the variables of a Compose file", () => {
    const { web, told } = parse(COMPOSE, { mode: "test", TAG: "2" });
    expect(told).toBe("");
    expect(web).toMatchObject({ type: "docker:web:2", env: { MODE: { value: "test" } } });
  });

  test.each([
    [
      PARAMETERS,
      { mod: "test" },
      "clocker:inputs mod error unknown-input: a value is given for 'mod', which is no parameter of the blueprint\n  did you mean 'mode'?",
    ],
    [PARAMETERS, { colour: "x" }, "parameters of this blueprint: 'mode' and 'size'"],
    [PARAMETERS, { mode: "TEST" }, "clocker:inputs mode error bad-parameter: mode of the application cannot be 'TEST'"],
    [TEMPLATE, { mode: "test", shap: 1 }, "which is no input of the blueprint\n  did you mean 'shape'?"],
    [
      TEMPLATE,
      { mode: "abc" },
      "clocker:inputs mode error bad-value: input 'mode' cannot be 'abc': its definition says min_length 4",
    ],
    [
      TEMPLATE,
      {},
      "the input 'mode' has no value\n  write `default:` with one, or give it in the stack: pulumi config set --path 'clocker:inputs.mode'",
    ],
    [COMPOSE, { mode: "x", tg: "2" }, "which is no variable of the blueprint\n  did you mean 'TAG'?"],
    [COMPOSE, { mode: ["x"] }, "clocker:inputs mode error bad-type: the variable 'mode' needs a text, not a list"],
    ["services: []", { mode: "x" }, "which is no parameter of the blueprint"],
  ])("%# and is told of one that it does not take", (text, values, message) => {
    expect(parse(text, values).told).toContain(message);
  });

  test("that are secret, and stay so in all that is made of them", () => {
    expect(parse(PARAMETERS, { mode: "hidden" }, true).blueprint?.config["mode"]).toEqual(secret("hidden"));
    const { web } = parse(TEMPLATE, { mode: "hidden" }, true);
    expect(web?.env).toMatchObject({ MODE: secret("hidden"), URL: secret("http://hidden"), SIZE: { kind: "literal" } });
    const composed = parse(COMPOSE, { mode: "hidden" }, true).web;
    expect(composed?.env).toEqual({ MODE: secret("hidden") });
    expect(composed?.commands).toEqual([secret("run"), secret("hidden")]);
  });

  test("that are secret, with what is known only while things run", () => {
    const keys = `interfaces: {Standard: {create: {inputs: {URL: {concat: ["a%", {get_input: mode}, "@", {get_attribute: [db, ip_address]}]}}}}}`;
    const db =
      "    db: {type: tosca.nodes.DBMS, artifacts: {image: {file: db, type: tosca.artifacts.Deployment.Image.Container.Docker}}}";
    const { web, told } = parse(oneNode(keys, db, "  inputs: {mode: {type: string}}"), { mode: "hidden" }, true);
    expect(told).toBe("");
    const url = web?.env["URL"];
    const [address, ...texts] = url?.kind === "format" ? url.args : [];
    expect(address).toMatchObject({ kind: "attribute", service: "db" });
    expect(texts).toEqual(["a", "%", "hidden@"].map(secret));
    expect(url).toMatchObject({ pattern: "%2$s%3$s%4$s%1$s" });
  });

  test("that are secret, and are in no message", () => {
    for (const text of [PARAMETERS, TEMPLATE, COMPOSE.replace('"run', "\"run '"), COMPOSE.replace("web:$", "$")]) {
      const { told } = parse(
        text,
        { mode: "HIDDEN 'quoted", TAG: "no: HIDDEN", size: "HIDDEN", shape: "HIDDEN" },
        true,
      );
      expect(told).not.toBe("");
      expect(told).not.toContain("HIDDEN");
    }
  });
});
