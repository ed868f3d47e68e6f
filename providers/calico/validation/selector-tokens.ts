/** `has`, `label` and `text` carry a value; the other kinds are the words and signs themselves. */
export interface Token {
  readonly kind: TokenKind;
  readonly value: string;
  /** Where it begins in the text, from 0. */
  readonly at: number;
}

type TokenKind = "label" | "text" | "has" | "all" | "global" | "end" | Operator | Sign;
export type Operator = "==" | "!=" | "contains" | "starts with" | "ends with" | "in" | "not in";
type Sign = "(" | ")" | "{" | "}" | "," | "!" | "&&" | "||";

/** A text that is no selector, and where. */
export class SelectorProblem extends Error {
  constructor(
    readonly problem: string,
    readonly at: number,
  ) {
    super(problem);
  }
}

const MAX_LABEL = 512;
const LABEL = /[A-Za-z0-9_./-]+/y;
const SPACE = /[ \t]*/y;
const WORDS: readonly [Operator, RegExp][] = [
  ["contains", /contains(?![A-Za-z0-9_./-])/y],
  ["starts with", /starts[ \t]*with[ \t]*(?![ \tA-Za-z0-9_./-])/y],
  ["ends with", /ends[ \t]*with[ \t]*(?![ \tA-Za-z0-9_./-])/y],
  ["not in", /not[ \t]*in[ \t]*(?![ \tA-Za-z0-9_./-])/y],
  ["in", /in(?![A-Za-z0-9_./-])/y],
];
const TESTS = "==, !=, contains, starts with, ends with, in { … }, not in { … }";

/** Calico's tokens of a selector, closed by `end`. Throws SelectorProblem. */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = skipSpace(text, 0);
  while (at < text.length) {
    const [token, end] = next(text, at, tokens.at(-1));
    tokens.push(token);
    at = skipSpace(text, end);
  }
  tokens.push({ kind: "end", value: "", at });
  return tokens;
}

function next(text: string, at: number, last: Token | undefined): [Token, number] {
  const char = text[at] ?? "";
  const two = text.slice(at, at + 2);
  if (two === "==" || two === "!=" || two === "&&" || two === "||") return sign(two, at);
  if (char === "(" || char === ")" || char === "{" || char === "}" || char === "," || char === "!")
    return sign(char, at);
  if (char === '"' || char === "'") return quoted(text, at, char);
  if (char === "=" || char === "&" || char === "|") {
    throw new SelectorProblem(`a single '${char}' means nothing; write '${char}${char}'`, at);
  }
  if (last?.kind === "label") return word(text, at, last.value);
  return call(text, at) ?? label(text, at);
}

function sign(kind: Sign | "==" | "!=", at: number): [Token, number] {
  return [{ kind, value: "", at }, at + kind.length];
}

function quoted(text: string, at: number, quote: string): [Token, number] {
  const end = text.indexOf(quote, at + 1);
  if (end < 0) throw new SelectorProblem(`the text that begins here has no closing ${quote}`, at);
  return [{ kind: "text", value: text.slice(at + 1, end), at }, end + 1];
}

function word(text: string, at: number, after: string): [Token, number] {
  for (const [kind, pattern] of WORDS) {
    const end = match(pattern, text, at);
    if (end !== undefined) return [{ kind, value: "", at }, end];
  }
  if (/\s/.test(text[at] ?? "")) throw new SelectorProblem(`white space is space and tab only; ${ONE_LINE}`, at);
  throw new SelectorProblem(`a test must follow the label '${after}': ${TESTS}`, at);
}

const ONE_LINE = "write the selector on one line";

/** `has(x)`, `all()`, `global()`: white space may stand within the parentheses, not before them. */
function call(text: string, at: number): [Token, number] | undefined {
  const name = ["has", "all", "global"].find((word) => text.startsWith(`${word}(`, at));
  if (!name) return undefined;
  let end = skipSpace(text, at + name.length + 1);
  let value = "";
  if (name === "has") {
    const [token, after] = label(text, end);
    value = token.value;
    end = skipSpace(text, after);
  }
  if (text[end] !== ")") throw new SelectorProblem(`'${name}(' has no ')' here; write ${USAGE[name]}`, end);
  return [{ kind: name as "has" | "all" | "global", value, at }, end + 1];
}

const USAGE: Record<string, string> = { has: "has(label)", all: "all()", global: "global()" };

function label(text: string, at: number): [Token, number] {
  const end = match(LABEL, text, at);
  const char = text[at];
  if (end === undefined) {
    if (char !== undefined && /\s/.test(char))
      throw new SelectorProblem(`white space is space and tab only; ${ONE_LINE}`, at);
    const found = char === undefined ? "nothing" : `'${char}'`;
    throw new SelectorProblem(`${found} stands where a label is expected; labels are made of A-Z a-z 0-9 _ . / -`, at);
  }
  if (end - at > MAX_LABEL) {
    throw new SelectorProblem(`a label of ${end - at} characters; at most ${MAX_LABEL} are allowed`, at);
  }
  return [{ kind: "label", value: text.slice(at, end), at }, end];
}

function skipSpace(text: string, at: number): number {
  return match(SPACE, text, at) ?? at;
}

function match(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}
