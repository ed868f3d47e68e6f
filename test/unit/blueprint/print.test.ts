import fc from "fast-check";
import { expect, it } from "vitest";
import { Problems } from "../../../blueprint/diagnostics";
import type { Position } from "../../../blueprint/model";
import { listNode, mapNode, textNode } from "../../../blueprint/yaml/make";
import type { Node } from "../../../blueprint/yaml/nodes";
import { printYaml } from "../../../blueprint/yaml/print";
import { parseYaml } from "../../../blueprint/yaml/source";

const AT: Position = { file: "any.yaml", line: 1, column: 1, path: "" };
const scalar = (value: string | number | boolean | null): Node => ({
  kind: "scalar",
  value,
  text: value === null ? "" : String(value),
  secret: false,
  at: AT,
});

/** Texts that YAML readers make something else of unless they are quoted. */
const TRICKY = [
  ...[
    "3.0",
    "0x1f",
    "0o17",
    "1e3",
    "1_000",
    "012",
    "+1",
    "-0",
    ".5",
    "5.",
    ".inf",
    "-.INF",
    ".nan",
    "12:30",
    "2026-01-01",
  ],
  ...[
    "null",
    "Null",
    "~",
    "true",
    "False",
    "yes",
    "no",
    "on",
    "off",
    "",
    " ",
    "-",
    "- a",
    "a: b",
    "a:",
    ": a",
    "a #b",
    "#a",
  ],
  ...[
    "<<",
    "*a",
    "&a",
    "!a",
    "!!str a",
    "%a",
    "@a",
    "`a",
    "|",
    ">",
    "---",
    "...",
    "[a",
    "{a",
    "a,b",
    "? a",
    "'a",
    '"a"',
    "\\",
  ],
  ...[
    "a\nb",
    "a\n",
    "\na",
    "a\n\nb\n",
    "  a\n b",
    "a\r\nb",
    "a\rb",
    "a\tb",
    "\ta",
    "a\u0085b",
    "a\u2028b",
    "\ufeffa",
    "\u0000",
  ],
  ...[
    "\u0007",
    "\u001b[31m",
    "\u00a0",
    "ä",
    "😀",
    "日本語",
    "\u200b",
    `$brooklyn:component("a")`,
    "a".repeat(300),
    "a b ".repeat(80),
  ],
] as const;

const text = fc.oneof(fc.constantFrom(...TRICKY), fc.string({ unit: "grapheme" }), fc.string({ unit: "binary" }));
// Adding 0 makes 0 of -0, which is not what the text 0 stands for.
const leaf: fc.Arbitrary<Node> = fc.oneof(
  { weight: 4, arbitrary: text.map((value) => textNode(value, AT)) },
  {
    weight: 1,
    arbitrary: fc
      .oneof(
        fc.integer(),
        fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
      )
      .map(scalar),
  },
  { weight: 1, arbitrary: fc.constantFrom(true, false, null).map(scalar) },
);
const key = fc.oneof(text, fc.nat().map(String));
const { node } = fc.letrec<{ node: Node }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.array(tie("node"), { maxLength: 4 }).map((items) => listNode(items, AT)),
    fc.uniqueArray(fc.tuple(key, tie("node")), { maxLength: 4, selector: ([name]) => name }).map((entries) =>
      mapNode(
        entries.map(([name, value]) => ({ key: name, keyAt: AT, value })),
        AT,
      ),
    ),
  ),
}));

/** What a node says, wherever it stands. */
function said(one: Node): unknown {
  if (one.kind === "list") return one.items.map(said);
  if (one.kind === "map") return { map: one.entries.map(({ key, value }) => [key, said(value)]) };
  return typeof one.value === "number" ? { number: one.value, text: one.text } : { value: one.value };
}

function reread(one: Node): unknown {
  const problems = new Problems();
  const read = parseYaml(printYaml(one), "any.yaml", problems);
  expect(problems.diagnostics).toEqual([]);
  return read && said(read);
}

it.each(TRICKY)("the text %j comes back from YAML, as a value and as a key", (tricky) => {
  const root = mapNode([{ key: tricky, keyAt: AT, value: textNode(tricky, AT) }], AT);
  expect(reread(root)).toEqual(said(root));
});

it("any document comes back from its YAML, places apart", () => {
  const document = node.map((one) => mapNode([{ key: "document", keyAt: AT, value: one }], AT));
  fc.assert(
    fc.property(document, (one) => {
      expect(reread(one)).toEqual(said(one));
    }),
    { numRuns: 400 },
  );
});

it("a number that is written in another way than JavaScript would keeps its text", () => {
  for (const written of ["3.0", "0x1f", "1e3", "0o17", "1.10"]) {
    const read = parseYaml(`a: ${written}\n`, "any.yaml", new Problems());
    const again = read && parseYaml(printYaml(read), "any.yaml", new Problems());
    expect(again).toMatchObject({ entries: [{ value: { text: written } }] });
  }
});
