import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evaluateSelector, printSelector, type Selector } from "../../../../providers/calico/validation/selector";
import { parseSelector } from "../../../../providers/calico/validation/selector-parser";
import { BAD, GOOD } from "./selector-cases";

function parsed(text: string): Selector {
  const result = parseSelector(text);
  if ("problem" in result) throw new Error(`${text}: ${result.problem} at ${result.at}`);
  return result.selector;
}

function selects(text: string, labels: Record<string, string>): boolean {
  return evaluateSelector(parsed(text), labels);
}

describe("a selector that Calico takes", () => {
  it.each(GOOD)("%j is read and printed as %j", (text, printed) => {
    expect(printSelector(parsed(text))).toBe(printed);
  });
});

it("two negations cancel out, also around parentheses", () => {
  expect(parsed("!(!has(a))")).toEqual(parsed("has(a)"));
});

describe("a text that Calico refuses", () => {
  it.each(BAD)("%j is refused at character %i with a message about %j", (text, at, about) => {
    const result = parseSelector(text);
    expect(result).toMatchObject({ at, problem: expect.stringContaining(about) });
  });

  it("is refused when parentheses nest too deep, and does not exhaust the stack", () => {
    const deep = (depth: number) => `${"(".repeat(depth)}has(a)${")".repeat(depth)}`;
    expect(parseSelector(deep(200))).toEqual({ selector: { type: "has", label: "a" } });
    expect(parseSelector(deep(100_000))).toMatchObject({ problem: expect.stringContaining("nested deeper") });
    expect(parseSelector(`${"!".repeat(100_000)}has(a)`)).toEqual({ selector: { type: "has", label: "a" } });
  });
});

describe("evaluation", () => {
  const labels = { role: "web", tier: "", constructor: "x" };

  it.each([
    ["", true],
    ["all()", true],
    ["global()", true],
    ["has(role)", true],
    ["has(tier)", true],
    ["has(toString)", false],
    ["has(constructor)", true],
    ["role == 'web'", true],
    ["role == 'Web'", false],
    ["other == ''", false],
    ["tier == ''", true],
    ["role != 'web'", false],
    ["role != 'db'", true],
    ["other != 'web'", true],
    ["role contains 'e'", true],
    ["role contains ''", true],
    ["other contains ''", false],
    ["role starts with 'we'", true],
    ["role starts with 'eb'", false],
    ["other starts with ''", false],
    ["role ends with 'eb'", true],
    ["role ends with 'we'", false],
    ["other ends with ''", false],
    ["role in {'db', 'web'}", true],
    ["role in {}", false],
    ["other in {'web'}", false],
    ["role not in {'web'}", false],
    ["role not in {}", true],
    ["other not in {'web'}", true],
    ["!has(other)", true],
    ["!has(role) || has(tier)", true],
    ["!(has(role) || has(tier))", false],
    ["has(role) || has(other) && has(none)", true],
    ["(has(role) || has(other)) && has(none)", false],
    ["!other == 'x' && role == 'web'", true],
  ])("%j answers %j", (text, expected) => {
    expect(selects(text, labels)).toBe(expected);
  });
});

const label = fc.stringMatching(/^[A-Za-z0-9_./-]{1,8}$/);
const value = fc.oneof(
  fc.stringMatching(/^[^"&|]{0,6}$/),
  fc.stringMatching(/^[^'&|]{0,6}$/),
  fc.constantFrom("a", "b", "ab", "&& has(x)"),
);
const test: fc.Arbitrary<Selector> = fc.oneof(
  fc.constantFrom<Selector>({ type: "all" }, { type: "global" }),
  label.map((name): Selector => ({ type: "has", label: name })),
  fc.record({
    type: fc.constantFrom(
      "==" as const,
      "!=" as const,
      "contains" as const,
      "starts with" as const,
      "ends with" as const,
    ),
    label,
    value,
  }),
  fc.record({
    type: fc.constantFrom("in" as const, "not in" as const),
    label,
    values: fc.uniqueArray(value, { maxLength: 4 }).map((values) => values.sort()),
  }),
);
const { selector } = fc.letrec<{ selector: Selector; compound: Selector }>((tie) => ({
  selector: fc.oneof({ depthSize: "small", withCrossShrink: true }, test, tie("compound")),
  compound: fc.oneof(
    tie("selector").map((operand): Selector => (operand.type === "not" ? operand : { type: "not", operand })),
    fc
      .record({
        type: fc.constantFrom("and" as const, "or" as const),
        operands: fc.array(tie("selector"), { minLength: 2, maxLength: 3 }),
      })
      .map((node): Selector => node),
  ),
}));
const labelSet = fc.dictionary(fc.oneof(label, fc.constantFrom("a", "b", "role")), value, { maxKeys: 4 });

describe("for every selector", () => {
  it("parsing what is printed gives the same selector", () => {
    fc.assert(
      fc.property(selector, (given) => {
        expect(parsed(printSelector(given))).toEqual(given);
      }),
    );
  });

  it("white space between tokens changes nothing", () => {
    fc.assert(
      fc.property(selector, fc.stringMatching(/^[ \t]{0,3}$/), (given, space) => {
        const loose = printSelector(given).replace(/ (&&|\|\|) /g, `${space}$1${space}`);
        expect(parsed(`${space}${loose}${space}`)).toEqual(given);
      }),
    );
  });

  it("negation turns the answer round", () => {
    fc.assert(
      fc.property(selector, labelSet, (given, labels) => {
        expect(evaluateSelector({ type: "not", operand: given }, labels)).toBe(!evaluateSelector(given, labels));
      }),
    );
  });

  it("'&&' and '||' are De Morgan's", () => {
    fc.assert(
      fc.property(selector, selector, labelSet, (a, b, labels) => {
        const not = (operand: Selector): Selector => ({ type: "not", operand });
        const left = evaluateSelector(not({ type: "and", operands: [a, b] }), labels);
        expect(left).toBe(evaluateSelector({ type: "or", operands: [not(a), not(b)] }, labels));
      }),
    );
  });

  it("'!=' is the negation of '==', and 'not in' that of 'in', also without the label", () => {
    fc.assert(
      fc.property(label, value, labelSet, (name, text, labels) => {
        const equal = evaluateSelector({ type: "==", label: name, value: text }, labels);
        expect(evaluateSelector({ type: "!=", label: name, value: text }, labels)).toBe(!equal);
        expect(evaluateSelector({ type: "in", label: name, values: [text] }, labels)).toBe(equal);
        expect(evaluateSelector({ type: "not in", label: name, values: [text] }, labels)).toBe(!equal);
      }),
    );
  });
});

describe("for every text", () => {
  it("parsing answers with a selector or a place within the text, and never throws", () => {
    const pieces = fc.constantFrom(
      "has(",
      ")",
      "(",
      "all()",
      " ",
      "\n",
      "a",
      "==",
      "=",
      "'x'",
      '"',
      "in",
      "{",
      "}",
      ",",
      "!",
      "&&",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(pieces).map((all) => all.join("")),
        ),
        (text) => {
          const result = parseSelector(text);
          if ("problem" in result) expect(result.at).toBeLessThanOrEqual(text.length);
          else expect(parsed(printSelector(result.selector))).toEqual(result.selector);
        },
      ),
    );
  });
});
