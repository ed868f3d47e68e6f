import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";

const ROOT = path.join(__dirname, "..", "..");
const DOCUMENT = readFileSync(path.join(ROOT, "docs", "calico-checks.md"), "utf8");
/** Rows that name no file mean this one. */
const REFUSALS = "test/contract/calico-refusals.test.ts";

interface Reference {
  readonly file: string;
  readonly title: string;
}

/** A row names a file once, before the first of its titles. */
function referencesIn(row: string): Reference[] {
  let file = REFUSALS;
  const references: Reference[] = [];
  for (const [, path, title] of row.matchAll(/`(test\/[^`]+)`|“([^”]+)”/g)) {
    if (path !== undefined) file = path;
    if (title !== undefined) references.push({ file, title });
  }
  return references;
}

const rows = DOCUMENT.split("\n").filter((line) => line.startsWith("| ") && line.includes("“"));
const references = rows.flatMap(referencesIn);

describe("the table of Calico's checks", () => {
  test("has a row for each check, in order", () => {
    const numbers = rows.flatMap((row) => /^\| (\d+) \|/.exec(row)?.[1] ?? []).map(Number);
    expect(numbers).toEqual(Array.from({ length: 47 }, (_, index) => index + 1));
  });

  test("names tests that there are", () => {
    const texts = new Map<string, string>();
    for (const { file } of references) texts.set(file, readFileSync(path.join(ROOT, file), "utf8"));
    const missing = references.filter(({ file, title }) => !texts.get(file)?.includes(`${JSON.stringify(title)},`));
    expect(missing).toEqual([]);
    expect(references.length).toBeGreaterThan(rows.length);
  });

  test("names every value that is refused", () => {
    const text = readFileSync(path.join(ROOT, REFUSALS), "utf8");
    const strings = [...text.matchAll(/^ {2,4}(?:\[?\s*|test\()"([^"]+)",/gm)].map(([, title]) => title ?? "");
    const titles = strings.filter((title) => !title.startsWith("spec."));
    const named = new Set(references.filter(({ file }) => file === REFUSALS).map(({ title }) => title));
    expect(titles.length).toBeGreaterThan(20);
    expect(titles.filter((title) => !named.has(title))).toEqual([]);
  });
});
