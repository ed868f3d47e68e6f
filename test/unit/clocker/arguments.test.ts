import { describe, expect, test } from "vitest";
import { parseArguments } from "../../../ops/clocker/arguments";

describe("the command line of clocker", () => {
  test.each([
    { args: [], command: { kind: "help" } },
    { args: ["--help"], command: { kind: "help" } },
    {
      args: ["check", "a.yaml", "b.yaml"],
      command: { kind: "check", files: ["a.yaml", "b.yaml"], catalog: [], format: "text", inputs: {} },
    },
    {
      args: ["check", "--json", "a.yaml"],
      command: { kind: "check", files: ["a.yaml"], catalog: [], format: "json", inputs: {} },
    },
    {
      args: ["check", "a.yaml", "--sarif"],
      command: { kind: "check", files: ["a.yaml"], catalog: [], format: "sarif", inputs: {} },
    },
    {
      args: ["check", "a.yaml", "--no-color"],
      command: { kind: "check", files: ["a.yaml"], catalog: [], format: "text", colour: false, inputs: {} },
    },
    {
      args: ["check", "--catalog", "types", "a.yaml", "--catalog", "b.bom"],
      command: { kind: "check", files: ["a.yaml"], catalog: ["types", "b.bom"], format: "text", inputs: {} },
    },
    { args: ["fmt", "--check", "a.yaml"], command: { kind: "fmt", files: ["a.yaml"], check: true } },
    {
      args: ["convert", "c.yaml", "--output", "b.yaml"],
      command: { kind: "convert", file: "c.yaml", output: "b.yaml", inputs: {} },
    },
    {
      args: ["convert", "c.yaml", "--input", "port=80", "--input", "tags=[a, b]", "--input", "url=http://x?a=b"],
      command: { kind: "convert", file: "c.yaml", inputs: { port: "80", tags: ["a", "b"], url: "http://x?a=b" } },
    },
  ])("$args is understood", ({ args, command }) => {
    expect(parseArguments(args)).toEqual(command);
  });

  test.each([
    { args: ["chek", "a.yaml"], says: "did you mean 'check'?" },
    { args: ["deploy"], says: "allowed are check, fmt and convert" },
    { args: ["check"], says: "check needs a file" },
    {
      args: ["check", "--jsn", "a.yaml"],
      says: "allowed are --catalog, --json, --sarif, --color, --no-color, --input",
    },
    { args: ["check", "--json", "--sarif", "a.yaml"], says: "keep --json or --sarif" },
    { args: ["convert", "a.yaml", "b.yaml"], says: "convert takes one file, given are 2" },
    { args: ["check", "a.yaml", "--input", "port"], says: "--input needs name=value, not 'port'" },
    { args: ["check", "a.yaml", "--input", "tags=[a"], says: "the value of --input tags is no list or map in YAML" },
    { args: ["convert", "a.yaml", "--output"], says: "argument missing" },
  ])("$args is refused with what is allowed", ({ args, says }) => {
    expect(() => parseArguments(args)).toThrow(says);
  });
});
