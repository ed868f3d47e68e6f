import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { JavaRegexError, parseRegex } from "../../../blueprint/dsl/regex";

/** The values are those of `"text".replaceAll("pattern", "replacement")` in Java. */
describe("a regular expression of Java", () => {
  it.each<[text: string, pattern: string, replacement: string, expected: string]>([
    ["a.b.c", "\\.", "-", "a-b-c"],
    ["http://a:80/", "^http://([^:/]+)(?::(\\d+))?/$", "$1 $2", "a 80"],
    ["ab", "(?<first>a)", "${first}${first}", "aab"],
    ["ab", "(a)", "$10", "a0b"],
    ["ab", "b", "\\$", "a$"],
    ["ab", "b", "\\\\", "a\\"],
    ["AbB", "(?i)b", "x", "Axx"],
    ["a\nb", "(?s)a.b", "x", "x"],
    ["a\u0085b", "a.b", "x", "a\u0085b"],
    ["a\nb", "(?m)^", ">", ">a\n>b"],
    ["a\n", "$", "!", "a!\n!"],
    ["a\n", "\\z", "!", "a\n!"],
    ["a\n", "\\Aa", "b", "b\n"],
    ["a b\u00a0c", "\\s", "_", "a_b\u00a0c"],
    ["a b\u00a0c", "\\h", "_", "a_b_c"],
    ["a.b*c", "\\Q.b*\\E", "", "ac"],
    ["aé1", "\\p{Alpha}", "x", "xé1"],
    ["aé1", "\\p{L}", "x", "xx1"],
    ["a-b", "[\\p{Punct}\\s]", "", "ab"],
    ["a]b}c", "]|}", "", "abc"],
    ["a[b", "[\\[]", "", "ab"],
    ["A", "\\x41|\\u0042|\\0103", "x", "x"],
    ["aa", "(a)\\1", "x", "x"],
    ["a/b:c", "[/:]", "\\-", "a-b-c"],
    ["xax", "(b)?a", "[$1]", "x[]x"],
  ])("replaces in %j the pattern %j by %j", (text, pattern, replacement, expected) => {
    expect(parseRegex(pattern).replaceAll(text, replacement)).toBe(expected);
  });

  it.each<[pattern: string, problem: string]>([
    ["a*+", "possessive quantifiers are not supported"],
    ["a{1,2}+", "possessive quantifiers are not supported"],
    ["(?>a)", "atomic groups are not supported"],
    ["a(?i)b", "flags are supported at the beginning only"],
    ["(?x)a", "the flag 'x' is not supported; i, s and m are"],
    ["[a-z&&[^b]]", "character classes inside of others are not supported; write '\\[' or '\\&' for itself"],
    ["\\G", "'\\G' is not supported"],
    ["\\p{javaLowerCase}", "it has a property (\\p) that is not supported"],
    ["[a", "a character class is not closed"],
    ["(a", "it is not a regular expression"],
    ["a\\", "a backslash stands at its end"],
  ])("%j is refused by name", (pattern, problem) => {
    expect(() => parseRegex(pattern)).toThrow(new JavaRegexError(problem));
  });

  it.each<[replacement: string, problem: string]>([
    ["$2", "the replacement has a group above the last, 1"],
    ["${b}", "the replacement names a group that the pattern does not have"],
    ["$x", "a '$' in the replacement stands for nothing; write '\\$' for itself"],
  ])("the replacement %j is refused by name", (replacement, problem) => {
    expect(() => parseRegex("(a)").replaceAll("a", replacement)).toThrow(new JavaRegexError(problem));
  });

  it("finds any quoted text as it is, and matches it alone", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (text) => {
        fc.pre(!text.includes("\\E"));
        const regex = parseRegex(`\\Q${text}\\E`);
        expect([regex.matches(text), regex.matches(`${text}x`), regex.replaceAll(text, "")]).toEqual([true, false, ""]);
      }),
    );
  });

  it("is an expression or an error of its own, whatever is written", () => {
    const pieces = fc.array(fc.oneof(fc.constantFrom(..."\\[](){}*+?.^$|&pQEk<>123aé"), fc.string({ maxLength: 2 })));
    fc.assert(
      fc.property(pieces, pieces, (pattern, replacement) => {
        try {
          parseRegex(pattern.join("")).replaceAll("aé1\n", replacement.join(""));
        } catch (error) {
          expect(error).toBeInstanceOf(JavaRegexError);
        }
      }),
    );
  });
});
