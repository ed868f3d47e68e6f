import type { Json } from "../model/json";

/** A text that is no JSON; the message is worded as by Marathon's parser. */
export class JsonFault extends Error {}

interface Open {
  readonly kind: "Object" | "Array";
  readonly at: number;
}

const VALUE = "expected a valid value (number, String, array, object, 'true', 'false' or 'null')";
const WORDS: Readonly<Record<string, Json>> = { true: true, false: false, null: null };
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};
const DEEPEST = 2000;

/** Reads the first JSON value of a text; as in Marathon, what follows it does not count. Throws JsonFault. */
export class JsonParser {
  private at = 0;
  private readonly open: Open[] = [];

  constructor(private readonly text: string) {}

  parse(): Json {
    return this.value();
  }

  private value(): Json {
    this.space();
    const char = this.text[this.at];
    if (char === undefined) throw this.ended();
    if (char === "{") return this.object();
    if (char === "[") return this.array();
    if (char === '"') return this.string("VALUE_STRING");
    if (/[-0-9]/.test(char)) return this.number();
    if (/[A-Za-z_$]/.test(char)) return this.word();
    if (char === "}" || char === "]") throw this.wrongClose(char);
    throw this.unexpected(VALUE);
  }

  private object(): Json {
    this.enter("Object");
    const result: Record<string, Json> = {};
    if (this.next() === "}") return this.leave(result);
    for (;;) {
      if (this.next() === undefined) throw this.ended();
      if (this.next() !== '"') throw this.unexpected("was expecting double-quote to start field name");
      const key = this.string("FIELD_NAME");
      if (this.next() === undefined) throw new JsonFault("Unexpected end-of-input within/between Object entries");
      if (this.next() !== ":") throw this.unexpected("was expecting a colon to separate field name and value");
      this.at += 1;
      if (this.next() === undefined) throw new JsonFault("Unexpected end-of-input within/between Object entries");
      Object.defineProperty(result, key, { value: this.value(), enumerable: true, configurable: true, writable: true });
      if (this.closes("}", "Object")) return this.leave(result);
    }
  }

  private array(): Json {
    this.enter("Array");
    const result: Json[] = [];
    if (this.next() === "]") return this.leave(result);
    for (;;) {
      result.push(this.value());
      if (this.closes("]", "Array")) return this.leave(result);
    }
  }

  /** Whether the container ends here; otherwise goes on behind the comma. */
  private closes(close: string, kind: Open["kind"]): boolean {
    const char = this.next();
    if (char === close) return true;
    if (char === undefined) throw this.ended();
    if (char === "}" || char === "]") throw this.wrongClose(char);
    if (char !== ",") throw this.unexpected(`was expecting comma to separate ${kind} entries`);
    this.at += 1;
    return false;
  }

  private string(token: "VALUE_STRING" | "FIELD_NAME"): string {
    const ended =
      token === "VALUE_STRING" ? "Unexpected end-of-input in VALUE_STRING" : "Unexpected end-of-input in field name";
    let result = "";
    for (this.at += 1; ; this.at += 1) {
      const char = this.text[this.at];
      if (char === undefined) throw new JsonFault(ended);
      if (char === '"') break;
      if (char < " ")
        throw new JsonFault(
          `Illegal unquoted character ((CTRL-CHAR, code ${char.charCodeAt(0)})): ` +
            `has to be escaped using backslash to be included in ${token === "VALUE_STRING" ? "string value" : "name"}`,
        );
      result += char === "\\" ? this.escape(ended) : char;
    }
    this.at += 1;
    return result;
  }

  private escape(ended: string): string {
    this.at += 1;
    const char = this.text[this.at];
    if (char === undefined) throw new JsonFault(ended);
    const known = ESCAPES[char];
    if (known !== undefined) return known;
    if (char !== "u") throw new JsonFault(`Unrecognized character escape ${named(char)}`);
    const digits = this.text.slice(this.at + 1, this.at + 5);
    const odd = [...digits].find((digit) => !/[0-9A-Fa-f]/.test(digit));
    if (odd !== undefined)
      throw new JsonFault(`Unexpected character (${named(odd)}): expected a hex-digit for character escape sequence`);
    if (digits.length < 4) throw new JsonFault(ended);
    this.at += 4;
    return String.fromCharCode(Number.parseInt(digits, 16));
  }

  private number(): number {
    const found = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/.exec(this.text.slice(this.at, this.at + 1000))?.[0];
    if (/^-?0\d/.test(this.text.slice(this.at, this.at + 3)))
      throw new JsonFault("Invalid numeric value: Leading zeroes not allowed");
    const after = this.text[this.at + (found ?? "-").length];
    if (found === undefined || (after !== undefined && /[A-Za-z.]/.test(after))) {
      this.at += (found ?? "-").length;
      if (after === undefined) throw this.ended();
      throw this.unexpected(
        found === undefined
          ? "expected digit (0-9) to follow minus sign, for valid numeric value"
          : "Decimal point not followed by a digit",
      );
    }
    this.at += found.length;
    return Number(found);
  }

  private word(): Json {
    const word = /^[\w$]+/.exec(this.text.slice(this.at, this.at + 256))?.[0] ?? "";
    const value = Object.hasOwn(WORDS, word) ? WORDS[word] : undefined;
    if (value === undefined)
      throw new JsonFault(`Unrecognized token '${word}': was expecting ('true', 'false' or 'null')`);
    this.at += word.length;
    return value;
  }

  private next(): string | undefined {
    this.space();
    return this.text[this.at];
  }

  private space(): void {
    while (/[ \t\r\n]/.test(this.text[this.at] ?? "")) this.at += 1;
  }

  private enter(kind: Open["kind"]): void {
    if (this.open.length >= DEEPEST) throw new JsonFault(`Document nesting depth exceeds ${DEEPEST}`);
    this.open.push({ kind, at: this.at });
    this.at += 1;
  }

  private leave<T>(value: T): T {
    this.open.pop();
    this.at += 1;
    return value;
  }

  private unexpected(expected: string): JsonFault {
    return new JsonFault(`Unexpected character (${named(this.text[this.at] ?? "")}): ${expected}`);
  }

  private wrongClose(char: string): JsonFault {
    const open = this.open.at(-1);
    if (!open) return this.unexpected(VALUE);
    const own = open.kind === "Object" ? "}" : "]";
    // In its own kind of container a closing mark is wrong only behind a comma.
    if (char === own) return this.unexpected(VALUE);
    return new JsonFault(
      `Unexpected close marker '${char}': expected '${own}' (for ${open.kind} starting at ${this.position(open.at)})`,
    );
  }

  private ended(): JsonFault {
    const open = this.open.at(-1);
    if (!open) return new JsonFault("Unexpected end-of-input");
    return new JsonFault(
      `Unexpected end-of-input: expected close marker for ${open.kind} (start marker at ${this.position(open.at)})`,
    );
  }

  private position(at: number): string {
    const before = this.text.slice(0, at).split("\n");
    const column = (before.at(-1) ?? "").length + 1;
    return `[Source: (byte[])"${this.text}"; line: ${before.length}, column: ${column}]`;
  }
}

function named(char: string): string {
  return `'${char}' (code ${char.charCodeAt(0)})`;
}
