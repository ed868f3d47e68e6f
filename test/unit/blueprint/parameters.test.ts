import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { blueprintOf, diagnose } from "./diagnose";

/** A service with one parameter `p`, and what stands beside it. */
function text(parameter: string, config = "{}", more = ""): string {
  return `services:
- type: docker:web
  id: web
  brooklyn.parameters:
  - {name: p, ${parameter}}
  brooklyn.config: ${config}
  env: {A: '$brooklyn:config("p")'}
${more}`;
}

function value(parameter: string, config = "{}", more = ""): unknown {
  const found = blueprintOf(text(parameter, config, more)).services[0]?.config["p"];
  return found && "value" in found ? found.value : found;
}

describe("a parameter", () => {
  it.each<[type: string, given: string, expected: unknown]>([
    ["string", "1.50", "1.50"],
    ["java.lang.String", "true", "true"],
    ["integer", '"7"', 7],
    ["java.lang.Integer", "-2147483648", -2147483648],
    ["long", "9007199254740993", "9007199254740993"],
    ["float", "1.50", "1.50"],
    ["double", "-1e300", "-1e300"],
    ["boolean", '"TRUE"', true],
    ["java.lang.Boolean", "false", false],
    ["timestamp", "2016-01-14", "2016-01-14"],
    ["timestamp", '"2016-01-14 12:30:00 +0100"', "2016-01-14 12:30:00 +0100"],
    ["duration", "10m", "10m"],
    ["org.apache.brooklyn.util.time.Duration", "1h 30m", "1h 30m"],
    ["port", "8080+", 8080],
  ])("of type %s takes %s", (type, given, expected) => {
    expect(value(`type: ${type}`, `{p: ${given}}`)).toBe(expected);
    expect(value(`type: ${type}, default: ${given}`)).toBe(expected);
  });

  it.each<[type: string, given: string, message: string]>([
    ["integer", "2147483648", "needs a whole number from -2147483648 to 2147483647, not '2147483648'"],
    ["integer", "1.5", "needs a whole number"],
    ["long", "9223372036854775808", "needs a whole number"],
    ["float", "1e39", "needs a number, not '1e39'"],
    ["double", "one", "needs a number, not 'one'"],
    ["boolean", "yes", "needs true or false, not 'yes'"],
    ["timestamp", "2016-02-31", "needs a date, not '2016-02-31'"],
    ["timestamp", "soon", "needs a date, not 'soon'"],
    ["duration", "10 parsecs", "needs a duration, not '10 parsecs'"],
    ["port", "70000", "70000"],
    ["string", "[a]", "needs a text, not a list"],
  ])("of type %s refuses %s with its place", (type, given, message) => {
    expect(diagnose(text(`type: ${type}`, `{p: ${given}}`))).toMatch(/^app\.yaml:6:24 error bad-/);
    expect(diagnose(text(`type: ${type}`, `{p: ${given}}`))).toContain(message);
  });

  it("of a whole type takes exactly the numbers that its bits hold", () => {
    fc.assert(
      fc.property(fc.bigInt(-(2n ** 64n), 2n ** 64n), fc.constantFrom(31n, 63n), (number, bits) => {
        const told = diagnose(text(`type: ${bits === 31n ? "integer" : "long"}`, `{p: "${number}"}`));
        expect(told === "").toBe(number >= -(2n ** bits) && number < 2n ** bits);
      }),
      { numRuns: 50 },
    );
  });

  it.each<[claim: string, parameter: string, config: string, more: string, expected: unknown]>([
    ["the value given before its default", "default: a", "{p: b}", "", "b"],
    ["nothing without either", "type: string", "{}", "", null],
    ["the value by its bare name", "default: a", "{}", "  p: b\n", "b"],
    ["a secret or another expression as it is", "type: integer", "{p: '$brooklyn:literal(\"x\")'}", "", "x"],
    ["a value that matches its constraints", "constraints: [required, {regex: 'a+'}]", "{p: aa}", "", "aa"],
  ])("has %s", (_claim, parameter, config, more, expected) => {
    expect(value(parameter, config, more)).toBe(expected);
  });

  it.each<[claim: string, parameter: string, message: string]>([
    ["a required value that is missing", "constraints: [required]", "5:12 error missing-parameter: p of service 'web'"],
    ["a required value that is empty", 'constraints: required, default: " "', "error missing-parameter"],
    [
      "a default that breaks a constraint",
      "constraints: [{regex: a}], default: ab",
      "error bad-parameter: p of service",
    ],
    ["a predicate", "constraints: [{$brooklyn:object: {}}]", "error unsupported-constraint"],
    [
      "a pattern that cannot run",
      "constraints: [{regex: 'a*+'}]",
      "error bad-regex: a constraint of brooklyn.parameters[0]",
    ],
    [
      "another Java class",
      "type: java.util.Map",
      "error unsupported-parameter-type: brooklyn.parameters[0] of service",
    ],
    [
      "an unknown key",
      "defualt: a",
      "error unknown-key: brooklyn.parameters[0] of service 'web' has the unknown key 'defualt'",
    ],
    ["pinned that is neither true nor false", "pinned: maybe", "needs true or false"],
  ])("tells %s", (_claim, parameter, message) => {
    expect(diagnose(text(parameter))).toContain(message);
  });

  it.each<[string, string]>([
    ["1", "error bad-type: brooklyn.parameters of the application needs a list, not '1'"],
    ["[a, a]", "error duplicate-parameter: brooklyn.parameters of the application declares 'a' twice"],
    ["[{type: string}]", "error bad-type: brooklyn.parameters[0] of the application has no name"],
  ])("list %s is told", (parameters, message) => {
    expect(diagnose(`brooklyn.parameters: ${parameters}\nservices: [{type: docker:a}]\n`)).toContain(message);
  });

  const application = (outer: string, inner: string) => `${outer}brooklyn.parameters:
- greeting
- {name: size, type: integer, default: 3, label: Size, description: How many, pinned: true}
services:
- type: docker:web
  id: web
  env: {A: '$brooklyn:config("size")', B: '$brooklyn:config("greeting")'}
${inner}`;

  it("of the application is read by its services, who may have values of their own of its type", () => {
    const { config, services } = blueprintOf(application("greeting: hi\n", '  brooklyn.config: {size: "4"}\n'));
    expect(config).toMatchObject({ greeting: { value: "hi" }, size: { value: 3 } });
    expect(services[0]?.config["size"]).toEqual({ kind: "literal", value: 4 });
    expect(diagnose(application("", "  brooklyn.config: {size: four}\n"))).toContain(
      "error bad-parameter: size of service 'web'",
    );
  });

  it("of a service has the application's value before its default", () => {
    const inner = "  brooklyn.parameters: [{name: size, default: 9}, {name: other, default: 1}]\n";
    expect(blueprintOf(application("", inner)).services[0]?.config).not.toHaveProperty("size");
  });

  it("may give a default to a key that the type knows", () => {
    const tagged = "services:\n- type: docker:web\n  brooklyn.parameters: [{name: docker.image.tag, default: '3'}]\n";
    expect(blueprintOf(tagged).services[0]?.workload).toMatchObject({ image: { tag: "3" } });
    expect(blueprintOf(`${tagged}  imageTag: '4'\n`).services[0]?.workload).toMatchObject({ image: { tag: "4" } });
  });

  it("has the stack's override", () => {
    const { services } = blueprintOf(text("type: integer, default: 1"), { overrides: { web: { p: "5" } } });
    expect(services[0]?.config["p"]).toEqual({ kind: "literal", value: 5 });
  });
});
