import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { EXTREME } from "../../../bench/extreme-files";
import type { Diagnostic } from "../../../blueprint/model";
import { readBlueprint } from "../../../blueprint/read";
import { BREAKING, CHANGING, type Mutation } from "./mutations";

const ROOT = join(__dirname, "..", "..", "..");
const BROKEN_ALREADY = ["link-to-nobody.yaml"];
const GOOD = ["examples", "test/e2e/fixtures"].flatMap((folder) =>
  readdirSync(join(ROOT, folder))
    .filter((file) => file.endsWith(".yaml") && !BROKEN_ALREADY.includes(file))
    .map((file) => `${folder}/${file}`),
);
const catalog = { paths: [join(ROOT, "examples/catalog")] };
const folder = mkdtempSync(join(tmpdir(), "clocker-broken-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const failed: string[] = [];

/** The errors of a mutated file; fails unless each says where and what to do, and there is a blueprint without any. */
async function errorsOf(file: string, [what, mutate]: Mutation): Promise<readonly Diagnostic[]> {
  const path = join(folder, file.replaceAll("/", "-"));
  writeFileSync(path, mutate(readFileSync(join(ROOT, file), "utf8")));
  const { blueprint, diagnostics } = await readBlueprint(path, { catalog });
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  for (const { at, message, remedy, code } of errors) {
    expect(at.file).toBe(path);
    expect(code === "unreadable-file" || (at.line ?? 0) >= 1).toBe(true);
    expect(message).not.toBe("");
    expect(remedy).not.toBe("");
  }
  expect(blueprint === undefined).toBe(errors.length > 0);
  if (errors.length > 0) failed.push(`${file} with ${what}`);
  return errors;
}

describe.each(GOOD)("%s", (file) => {
  it("is good to begin with", async () => {
    expect(await errorsOf(file, ["nothing changed", (text) => text])).toEqual([]);
  });

  it.each(BREAKING)("is refused by name with %s", async (...mutation) => {
    expect(await errorsOf(file, mutation)).not.toEqual([]);
  });

  it.each(CHANGING)("is read or refused by name with %s", async (...mutation) => {
    await errorsOf(file, mutation);
  });
});

it.each(EXTREME)("a file is refused by name with %s", async (...mutation) => {
  expect(await errorsOf("examples/1-docker.yaml", mutation)).not.toEqual([]);
});

it("more than 200 of these files are broken", () => {
  expect(new Set(failed).size).toBeGreaterThan(200);
});
