import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseJson } from "../../../sandbox/marathon/http/parse-json";
import { refusal } from "./refusals";

const VALUE = "expected a valid value (number, String, array, object, 'true', 'false' or 'null')";

describe("texts that are no JSON", () => {
  it.each([
    ["hello", "Unrecognized token 'hello': was expecting ('true', 'false' or 'null')"],
    ['{"id": tru}', "Unrecognized token 'tru': was expecting ('true', 'false' or 'null')"],
    ['{"id"', "Unexpected end-of-input within/between Object entries"],
    ['{"id":"/t', "Unexpected end-of-input in VALUE_STRING"],
    [
      '{"id":"/t"',
      'Unexpected end-of-input: expected close marker for Object (start marker at [Source: (byte[])"{"id":"/t""; line: 1, column: 1])',
    ],
    [
      "[1,",
      'Unexpected end-of-input: expected close marker for Array (start marker at [Source: (byte[])"[1,"; line: 1, column: 1])',
    ],
    ['{"a":1,}', "Unexpected character ('}' (code 125)): was expecting double-quote to start field name"],
    ["{a:1}", "Unexpected character ('a' (code 97)): was expecting double-quote to start field name"],
    ['{"a" 1}', "Unexpected character ('1' (code 49)): was expecting a colon to separate field name and value"],
    ['{"a":1 "b":2}', "Unexpected character ('\"' (code 34)): was expecting comma to separate Object entries"],
    ["[1 2]", "Unexpected character ('2' (code 50)): was expecting comma to separate Array entries"],
    ["'a'", `Unexpected character (''' (code 39)): ${VALUE}`],
    ["[1,]", `Unexpected character (']' (code 93)): ${VALUE}`],
    [
      '{"a":[1}',
      `Unexpected close marker '}': expected ']' (for Array starting at [Source: (byte[])"{"a":[1}"; line: 1, column: 6])`,
    ],
    ["[01]", "Invalid numeric value: Leading zeroes not allowed"],
    ['["\\q"]', "Unrecognized character escape 'q' (code 113)"],
    [
      '["a\nb"]',
      "Illegal unquoted character ((CTRL-CHAR, code 10)): has to be escaped using backslash to be included in string value",
    ],
  ])("%j", (text, details) =>
    expect(refusal(() => parseJson(text))).toEqual({ status: 400, message: "Invalid JSON", details }),
  );

  it("a text of spaces is no content", () => {
    expect(refusal(() => parseJson(" \n"))).toMatchObject({ message: "Please specify data in JSON format" });
  });

  it("a text that nests without end is refused", () => {
    expect(refusal(() => parseJson("[".repeat(100_000))).status).toBe(400);
  });
});

describe("texts that are JSON", () => {
  it("any value is read back as it was written", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(parseJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it("what follows the first value does not count", () => {
    expect(parseJson('{"a":1} and so on')).toEqual({ a: 1 });
  });

  it("any other text is refused as one", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          parseJson(text);
        } catch (error) {
          expect(error).toMatchObject({ status: 400 });
        }
      }),
    );
  });
});
