import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import type { Diagnostic } from "../../../blueprint/model";
import { readBlueprint } from "../../../blueprint/read";

const FOLDER = path.join(__dirname, "examples");
const EXPECTED = "expected.yaml";

interface Expected {
  /** A part of the model; absent: there is none. */
  readonly blueprint?: object;
  /** All that is said, as `line severity code`, with the file in front if it is another one. */
  readonly told: readonly string[];
}

const expected = parse(readFileSync(path.join(FOLDER, EXPECTED), "utf8")) as Readonly<Record<string, Expected>>;
const files = readdirSync(FOLDER).filter((name) => name.endsWith(".yaml") && name !== EXPECTED);

function line(file: string, { severity, code, at }: Diagnostic): string {
  const other = at.file === file ? "" : `${path.relative(FOLDER, at.file)} `;
  return `${other}${at.line} ${severity} ${code}`;
}

test("each example has its outcome in the table", () => {
  expect(Object.keys(expected).sort()).toEqual(files.map((name) => path.parse(name).name).sort());
});

test.each(Object.entries(expected))("%s of the Compose specification's kind", async (name, { blueprint, told }) => {
  const file = path.join(FOLDER, `${name}.yaml`);
  const read = await readBlueprint(file);
  expect(read.diagnostics.map((one) => line(file, one))).toEqual(told);
  for (const { message, remedy } of read.diagnostics) expect([message, remedy]).not.toContain("");
  if (blueprint === undefined) expect(read.blueprint).toBeUndefined();
  else expect(read.blueprint).toMatchObject(blueprint);
});
