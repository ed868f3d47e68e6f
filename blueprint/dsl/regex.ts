/** A regular expression or a replacement of Java that is wrong, or that JavaScript cannot do. Never holds a value. */
export class JavaRegexError extends Error {}

export interface JavaRegex {
  /** `String.replaceAll` of Java. Throws JavaRegexError. */
  replaceAll(text: string, replacement: string): string;
  /** Throws JavaRegexError for a replacement that `replaceAll` does not take. */
  checkReplacement(replacement: string): void;
  /** True if the whole text matches. */
  matches(text: string): boolean;
}

/** What JavaScript writes in another way, outside and inside of a class. */
const ANY = "[^\\n\\r\\u0085\\u2028\\u2029]";
const LINE_END = "(?:\\r\\n|[\\n\\r\\u0085\\u2028\\u2029])";
const END = "(?![\\s\\S])";
const SPACE = " \\t\\n\\x0B\\f\\r";
const BLANK = " \\t\\xA0\\u1680\\u180e\\u2000-\\u200a\\u202f\\u205f\\u3000";

/** `\p{Name}` of Java, which counts ASCII only; Unicode's own one and two letter names are the same in JavaScript. */
const POSIX: Readonly<Record<string, string>> = {
  Lower: "a-z",
  Upper: "A-Z",
  ASCII: "\\x00-\\x7F",
  Alpha: "a-zA-Z",
  Digit: "0-9",
  Alnum: "a-zA-Z0-9",
  Punct: "!-\\/:-@\\[-`\\{-~",
  Graph: "!-~",
  Print: " -~",
  Blank: " \\t",
  Cntrl: "\\x00-\\x1F\\x7F",
  XDigit: "0-9a-fA-F",
  Space: SPACE,
};

/** Reads a pattern of `java.util.regex`. Throws JavaRegexError. */
export function parseRegex(pattern: string): JavaRegex {
  const { source, flags } = new Translator(pattern).translate();
  const compile = (text: string, more: string): RegExp => {
    try {
      return new RegExp(text, flags + more);
    } catch {
      throw new JavaRegexError("it is not a regular expression");
    }
  };
  const expression = compile(source, "g");
  const whole = compile(`(?<![\\s\\S])(?:${source})${END}`, "");
  const groups = new RegExp(`${source}|`, flags).exec("");
  const count = (groups?.length ?? 1) - 1;
  const names = new Set(Object.keys(groups?.groups ?? {}));
  return {
    replaceAll(text, replacement) {
      const parts = parseReplacement(replacement, count, names);
      return text.replace(expression, (...match) => {
        const named = match.at(-1);
        const groupNames: Record<string, string | undefined> = typeof named === "object" ? named : {};
        return parts
          .map((part) => part.text ?? (part.name === undefined ? match[part.index ?? 0] : groupNames[part.name]) ?? "")
          .join("");
      });
    },
    checkReplacement: (replacement) => void parseReplacement(replacement, count, names),
    matches: (text) => whole.test(text),
  };
}

interface ReplacementPart {
  readonly text?: string;
  readonly index?: number;
  readonly name?: string;
}

/** `$1` takes as many digits as there are groups for; a backslash makes the next character plain. */
function parseReplacement(replacement: string, count: number, names: ReadonlySet<string>): readonly ReplacementPart[] {
  const parts: ReplacementPart[] = [];
  for (const [token, escaped, name, digits = ""] of replacement.matchAll(
    /\\([\s\S])|\$\{([A-Za-z][A-Za-z0-9]*)\}|\$(\d+)|[^\\$]+|[\\$]/g,
  )) {
    if (escaped !== undefined) parts.push({ text: escaped });
    else if (name !== undefined) {
      if (!names.has(name)) throw new JavaRegexError("the replacement names a group that the pattern does not have");
      parts.push({ name });
    } else if (digits !== "") {
      let length = 1;
      if (Number(digits[0]) > count) throw new JavaRegexError(`the replacement has a group above the last, ${count}`);
      while (length < digits.length && Number(digits.slice(0, length + 1)) <= count) length += 1;
      parts.push({ index: Number(digits.slice(0, length)) }, { text: digits.slice(length) });
    } else if (token === "$" || token === "\\") {
      throw new JavaRegexError(`a '${token}' in the replacement stands for nothing; write '\\${token}' for itself`);
    } else parts.push({ text: token });
  }
  return parts;
}

class Translator {
  private index = 0;
  private readonly flags = new Set(["u"]);

  constructor(private readonly pattern: string) {}

  translate(): { readonly source: string; readonly flags: string } {
    let source = "";
    this.readFlags();
    while (this.index < this.pattern.length) source += this.next();
    return { source, flags: [...this.flags].join("") };
  }

  /** `(?i)` and its like, which count for the whole where they stand first. */
  private readFlags(): void {
    const found = /^\(\?([a-zA-Z]+)\)/.exec(this.pattern);
    for (const flag of found?.[1] ?? "") {
      if (!"ism".includes(flag)) throw new JavaRegexError(`the flag '${flag}' is not supported; i, s and m are`);
      this.flags.add(flag);
    }
    this.index = found?.[0].length ?? 0;
  }

  private next(): string {
    const rest = this.pattern.slice(this.index);
    const character = String.fromCodePoint(rest.codePointAt(0) ?? 0);
    if (character === "\\") return this.escape(false);
    if (character === "[") return this.characterClass();
    if (/^(?:[*+?]|\{\d+(?:,\d*)?\})\+/.test(rest))
      throw new JavaRegexError("possessive quantifiers are not supported");
    if (rest.startsWith("(?>")) throw new JavaRegexError("atomic groups are not supported");
    if (/^\(\?[a-zA-Z-]+[:)]/.test(rest)) throw new JavaRegexError("flags are supported at the beginning only");
    const quantifier = /^\{\d+(?:,\d*)?\}/.exec(rest)?.[0];
    if (quantifier !== undefined) return this.take(quantifier.length, quantifier);
    if (character === "]" || character === "}") return this.take(1, `\\${character}`);
    if (character === "." && !this.flags.has("s")) return this.take(1, ANY);
    if (character === "$") {
      return this.take(1, this.flags.has("m") ? `(?=${LINE_END}|${END})` : `(?=${LINE_END}?${END})`);
    }
    return this.take(character.length, character);
  }

  private take(length: number, text: string): string {
    this.index += length;
    return text;
  }

  private characterClass(): string {
    const negated = this.pattern.startsWith("[^", this.index);
    let text = this.take(negated ? 2 : 1, negated ? "[^" : "[");
    for (let first = true; ; first = false) {
      const character = this.pattern.charAt(this.index);
      if (character === "") throw new JavaRegexError("a character class is not closed");
      if (character === "]" && !first) return text + this.take(1, "]");
      if (character === "[" || this.pattern.startsWith("&&", this.index)) {
        throw new JavaRegexError(
          "character classes inside of others are not supported; write '\\[' or '\\&' for itself",
        );
      }
      if (character === "\\") text += this.escape(true);
      else text += this.take(1, /[\]()|/{}]/.test(character) ? `\\${character}` : character);
    }
  }

  /** What stands after a backslash. */
  private escape(inClass: boolean): string {
    const rest = this.pattern.slice(this.index + 1);
    const character = String.fromCodePoint(rest.codePointAt(0) ?? 0);
    if (rest === "") throw new JavaRegexError("a backslash stands at its end");
    if (character === "Q") return this.quotation(rest);
    const code = /^(?:0([0-3]?[0-7]{1,2})|x([0-9a-fA-F]{2})|x\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4}))/.exec(rest);
    if (code !== null) {
      const value = code[1] === undefined ? parseInt(code[2] ?? code[3] ?? code[4] ?? "0", 16) : parseInt(code[1], 8);
      return this.take(1 + code[0].length, `\\u{${value.toString(16)}}`);
    }
    const property = /^([pP])(?:\{(\w+)\}|([A-Z]))/.exec(rest);
    if (property !== null) return this.take(1 + property[0].length, propertyOf(property, inClass));
    const known = inClass ? IN_CLASS[character] : OUTSIDE[character];
    if (known !== undefined) return this.take(2, known);
    const reference = inClass ? null : /^(?:[1-9]\d*|k<[A-Za-z][A-Za-z0-9]*>)/.exec(rest);
    if (reference !== null) return this.take(1 + reference[0].length, `\\${reference[0]}`);
    if (/[tnrfdDwWcbB]/.test(character) && !(inClass && /[bB]/.test(character))) {
      const control = character === "c" ? rest.slice(0, 2) : character;
      return this.take(1 + control.length, `\\${control}`);
    }
    if (/[A-Za-z0-9]/.test(character)) throw new JavaRegexError(`'\\${character}' is not supported`);
    return this.take(1 + character.length, plain(character));
  }

  private quotation(rest: string): string {
    const end = rest.indexOf("\\E");
    const text = rest.slice(1, end === -1 ? rest.length : end);
    return this.take(end === -1 ? 1 + rest.length : 3 + end, [...text].map(plain).join(""));
  }
}

const OUTSIDE: Readonly<Record<string, string>> = {
  a: "\\x07",
  e: "\\x1B",
  s: `[${SPACE}]`,
  S: `[^${SPACE}]`,
  h: `[${BLANK}]`,
  H: `[^${BLANK}]`,
  R: "(?:\\r\\n|[\\n-\\r\\u0085\\u2028\\u2029])",
  A: "(?<![\\s\\S])",
  z: END,
  Z: `(?=${LINE_END}?${END})`,
};

const IN_CLASS: Readonly<Record<string, string>> = { a: "\\x07", e: "\\x1B", s: SPACE, h: BLANK };

function propertyOf([, sign, long, short]: RegExpExecArray, inClass: boolean): string {
  const name = long ?? short ?? "";
  const range = Object.hasOwn(POSIX, name) ? POSIX[name] : undefined;
  if (range === undefined) {
    const unicode = /^(?:Is)?([A-Z][a-z]?)$/.exec(name)?.[1];
    if (unicode === undefined) throw new JavaRegexError("it has a property (\\p) that is not supported");
    return `\\${sign}{${unicode}}`;
  }
  if (!inClass) return sign === "P" ? `[^${range}]` : `[${range}]`;
  if (sign === "P") throw new JavaRegexError(`'\\P{${name}}' is not supported inside of a character class`);
  return range;
}

function plain(character: string): string {
  return /[A-Za-z0-9]/.test(character) ? character : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
