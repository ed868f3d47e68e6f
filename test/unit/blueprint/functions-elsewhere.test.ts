import { describe, expect, it } from "vitest";
import { diagnose } from "./diagnose";

describe("a function that a process cannot be given", () => {
  it.each([
    ['$brooklyn:sensor("main.uri")', "not-a-value", "the sensor itself stands in keys of enrichers"],
    [
      '$brooklyn:function.regexReplacement("a", "b")',
      "not-a-value",
      "the function itself stands in enricher.transformation of a Transformer",
    ],
    [
      "{$brooklyn:function.regexReplacement: [a, b]}",
      "not-a-value",
      "write regexReplacement(source, pattern, replacement)",
    ],
    [
      "{$brooklyn:object: {type: a}}",
      "unsupported-function",
      "which Brooklyn takes as configuration and as a constraint",
    ],
    ["{$brooklyn:entitySpec: {type: a}}", "unsupported-function", "memberSpec"],
    ['$brooklyn:member("a")', "unsupported-function", "it names a member of a cluster"],
  ])("%s is told with where it would be taken", (value, code, remedy) => {
    const told = diagnose(`services:\n- type: docker:web\n  id: web\n  env:\n    A: ${value}\n`);
    expect(told).toContain(`app.yaml:5:`);
    expect(told).toContain(`error ${code}: `);
    expect(told).toContain(remedy);
  });

  it("is judged where it is written, as the value itself is", () => {
    const told = diagnose(`services:
- type: docker:web
  id: web
  brooklyn.enrichers:
  - type: Transformer
    brooklyn.config: {sourceSensor: a, targetSensor: b, transformation: '$brooklyn:function.regexReplacement("(", "b")'}
`);
    expect(told).toContain("error bad-regex: cannot use the pattern of regexReplacement");
  });
});
