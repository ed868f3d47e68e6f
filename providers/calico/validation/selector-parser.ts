import type { Selector } from "./selector";
import { type Operator, SelectorProblem, type Token, tokenize } from "./selector-tokens";

/** Deeper nesting than any selector needs; keeps a hostile text from exhausting the stack. */
const MAX_DEPTH = 256;

const TESTS: ReadonlySet<string> = new Set<Operator>([
  "==",
  "!=",
  "contains",
  "starts with",
  "ends with",
  "in",
  "not in",
]);

/** Reads Calico's selector language; an empty text selects all. `at` is an index into the text. */
export function parseSelector(text: string): { selector: Selector } | { problem: string; at: number } {
  try {
    return { selector: new Parser(tokenize(text)).parse() };
  } catch (error) {
    if (error instanceof SelectorProblem) return { problem: error.problem, at: error.at };
    throw error;
  }
}

class Parser {
  private position = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  parse(): Selector {
    if (this.peek().kind === "end") return { type: "all" };
    const selector = this.or(0);
    const rest = this.peek();
    if (rest.kind !== "end") {
      throw new SelectorProblem("the selector could end here, yet more follows; join tests with '&&' or '||'", rest.at);
    }
    return selector;
  }

  private or(depth: number): Selector {
    if (depth > MAX_DEPTH) {
      throw new SelectorProblem(`parentheses are nested deeper than ${MAX_DEPTH}; write it flatter`, this.peek().at);
    }
    return this.chain("or", "||", () => this.chain("and", "&&", () => this.unary(depth)));
  }

  private chain(type: "and" | "or", sign: "&&" | "||", part: () => Selector): Selector {
    const operands = [part()];
    while (this.peek().kind === sign) {
      this.take();
      operands.push(part());
    }
    const [first] = operands;
    return operands.length === 1 && first ? first : { type, operands };
  }

  private unary(depth: number): Selector {
    let negated = false;
    while (this.peek().kind === "!") {
      this.take();
      negated = !negated;
    }
    const operand = this.primary(depth);
    if (!negated) return operand;
    return operand.type === "not" ? operand.operand : { type: "not", operand };
  }

  private primary(depth: number): Selector {
    const token = this.take();
    switch (token.kind) {
      case "all":
      case "global":
        return { type: token.kind };
      case "has":
        return { type: "has", label: token.value };
      case "label":
        return this.test(token);
      case "(": {
        const inner = this.or(depth + 1);
        this.expect(")", `this '(' is not closed; add ')'`, token.at);
        return inner;
      }
      default:
        throw new SelectorProblem(
          `${nameOf(token)} where a test is expected; write for example role == 'web', has(role), all() or ( … )`,
          token.at,
        );
    }
  }

  private test(label: Token): Selector {
    const operator = this.take();
    if (!TESTS.has(operator.kind)) {
      const called = ["has", "all", "global"].includes(label.value) && operator.kind === "(";
      const remedy = called
        ? `write '${label.value}(' without white space before the '('`
        : "a label alone selects nothing: write has(label) or label == 'value'";
      throw new SelectorProblem(`${nameOf(operator)} after the label '${label.value}'; ${remedy}`, operator.at);
    }
    if (operator.kind === "in" || operator.kind === "not in") {
      return { type: operator.kind, label: label.value, values: this.set() };
    }
    const type = operator.kind as "==" | "!=" | "contains" | "starts with" | "ends with";
    return { type, label: label.value, value: this.text() };
  }

  private set(): string[] {
    const open = this.peek();
    this.expect("{", `a set is expected, such as { 'a', 'b' }, not ${nameOf(open)}`, open.at);
    const values = new Set<string>();
    while (this.peek().kind === "text") {
      values.add(this.take().value);
      if (this.peek().kind !== ",") break;
      this.take();
    }
    const close = this.peek();
    this.expect("}", `${nameOf(close)} in a set; a set is { 'a', 'b' }: quoted texts between commas`, close.at);
    return [...values].sort();
  }

  private text(): string {
    const token = this.take();
    if (token.kind === "text") return token.value;
    const remedy = token.kind === "label" ? `put quotes around it: '${token.value}'` : "write 'text' or \"text\"";
    throw new SelectorProblem(`${nameOf(token)} where a quoted text is expected; ${remedy}`, token.at);
  }

  private expect(kind: Token["kind"], problem: string, at: number): void {
    if (this.peek().kind !== kind) throw new SelectorProblem(problem, at);
    this.take();
  }

  private peek(): Token {
    const token = this.tokens[this.position];
    if (!token) throw new SelectorProblem("the selector ends too early", this.tokens.at(-1)?.at ?? 0);
    return token;
  }

  private take(): Token {
    const token = this.peek();
    if (token.kind !== "end") this.position++;
    return token;
  }
}

function nameOf(token: Token): string {
  if (token.kind === "end") return "the selector ends";
  if (token.kind === "label") return `the unquoted word '${token.value}' stands`;
  if (token.kind === "text") return `the text '${token.value}' stands`;
  return `'${token.kind}' stands`;
}
