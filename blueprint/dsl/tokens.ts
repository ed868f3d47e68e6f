/** One token of a `$brooklyn:` expression; `offset` counts characters from the start of the text. */
export type Token =
  | { readonly kind: "name"; readonly text: string; readonly offset: number }
  | { readonly kind: "string"; readonly value: string; readonly offset: number }
  | { readonly kind: "number"; readonly value: number; readonly offset: number }
  | { readonly kind: "(" | ")" | "," | "." | "end"; readonly offset: number };

/** A text that is not an expression; `offset` is where reading stopped. */
export class ExpressionSyntaxError extends Error {
  constructor(
    message: string,
    readonly offset: number,
  ) {
    super(message);
  }
}

export const PREFIX = "$brooklyn:";

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", '"': '"', "\\": "\\", "'": "'" };

/** Splits an expression; the prefix is allowed before every name. Throws ExpressionSyntaxError. */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let offset = 0;
  while (offset < text.length) {
    const rest = text.slice(offset, offset + 64);
    const character = rest.charAt(0);
    if (/\s/.test(character)) {
      offset += 1;
    } else if (rest.startsWith(PREFIX)) {
      offset += PREFIX.length;
      if (!/[A-Za-z_]/.test(text.charAt(offset)))
        throw new ExpressionSyntaxError(`no function name after '${PREFIX}'`, offset);
    } else if (character === "(" || character === ")" || character === "," || character === ".") {
      tokens.push({ kind: character, offset });
      offset += 1;
    } else if (character === '"') {
      const { value, end } = quoted(text, offset);
      tokens.push({ kind: "string", value, offset });
      offset = end;
    } else {
      const token = word(text, offset);
      tokens.push(token);
      offset += token.length;
    }
  }
  tokens.push({ kind: "end", offset: text.length });
  return tokens;
}

/** The token as a message names it. */
export function describeToken(token: Token): string {
  if (token.kind === "end") return "the end of the text";
  if (token.kind === "name") return `'${token.text}'`;
  if (token.kind === "string") return "a string";
  return token.kind === "number" ? `the number ${token.value}` : `'${token.kind}'`;
}

function word(text: string, offset: number): Token & { length: number } {
  const pattern = /-?\d+(?:\.\d+)?(?![A-Za-z_\d])|[A-Za-z_][A-Za-z0-9_]*/y;
  pattern.lastIndex = offset;
  const found = pattern.exec(text)?.[0];
  if (found === undefined) {
    const hint = text.charAt(offset) === "'" ? '; strings stand in double quotes (")' : "";
    const character = String.fromCodePoint(text.codePointAt(offset) ?? 0);
    throw new ExpressionSyntaxError(`unexpected character ${character}${hint}`, offset);
  }
  return /^[-\d]/.test(found)
    ? { kind: "number", value: Number(found), offset, length: found.length }
    : { kind: "name", text: found, offset, length: found.length };
}

function quoted(text: string, start: number): { value: string; end: number } {
  let value = "";
  for (let offset = start + 1; offset < text.length; offset++) {
    const character = text.charAt(offset);
    if (character === '"') return { value, end: offset + 1 };
    if (character !== "\\") {
      value += character;
      continue;
    }
    offset += 1;
    const escaped = ESCAPES[text.charAt(offset)];
    if (escaped === undefined) {
      throw new ExpressionSyntaxError(
        `unknown escape \\${text.charAt(offset)}; use \\" \\\\ \\n \\t or \\r`,
        offset - 1,
      );
    }
    value += escaped;
  }
  throw new ExpressionSyntaxError('a string is not closed: its last " is missing', start);
}
