import type { Scalar } from "../model";
import { describeToken, ExpressionSyntaxError, type Token, tokenize } from "./tokens";

/** Syntax of a `$brooklyn:` expression, before its functions are known. */
export type Syntax =
  | { readonly kind: "literal"; readonly value: Scalar; readonly offset: number }
  | { readonly kind: "chain"; readonly calls: readonly Call[]; readonly offset: number };

/** `name(args)`; a name without brackets has no `args`. */
export interface Call {
  readonly name: string;
  readonly args?: readonly Syntax[];
  readonly offset: number;
}

const MAX_DEPTH = 100;
const WORDS: Readonly<Record<string, Scalar>> = { true: true, false: false, null: null };

/** Parses the text of an expression with its prefix. Throws ExpressionSyntaxError. */
export function parseSyntax(text: string): Syntax {
  const parser = new Parser(tokenize(text));
  const syntax = parser.chain(0);
  parser.expectEnd();
  return syntax;
}

class Parser {
  private index = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  chain(depth: number): Syntax {
    const offset = this.peek().offset;
    const calls = [this.call(depth)];
    while (this.take(".")) calls.push(this.call(depth));
    return { kind: "chain", calls, offset };
  }

  expectEnd(): void {
    const token = this.peek();
    if (token.kind !== "end") {
      throw new ExpressionSyntaxError(`expected the end of the text but found ${describeToken(token)}`, token.offset);
    }
  }

  private argument(depth: number): Syntax {
    const token = this.peek();
    if (depth > MAX_DEPTH) throw new ExpressionSyntaxError("the expression is nested too deeply", token.offset);
    if (token.kind === "string" || token.kind === "number") {
      this.index += 1;
      return { kind: "literal", value: token.value, offset: token.offset };
    }
    const value = token.kind === "name" && this.tokens[this.index + 1]?.kind !== "(" ? WORDS[token.text] : undefined;
    if (value !== undefined) {
      this.index += 1;
      return { kind: "literal", value, offset: token.offset };
    }
    return this.chain(depth);
  }

  private call(depth: number): Call {
    const token = this.peek();
    if (token.kind !== "name") {
      throw new ExpressionSyntaxError(
        `expected a function name or a value but found ${describeToken(token)}`,
        token.offset,
      );
    }
    this.index += 1;
    const { text: name, offset } = token;
    if (!this.take("(")) return { name, offset };
    const args: Syntax[] = [];
    if (this.take(")")) return { name, args, offset };
    do args.push(this.argument(depth + 1));
    while (this.take(","));
    if (!this.take(")")) {
      const found = this.peek();
      throw new ExpressionSyntaxError(
        `expected ',' or ')' after an argument of ${name} but found ${describeToken(found)}`,
        found.offset,
      );
    }
    return { name, args, offset };
  }

  private peek(): Token {
    return this.tokens[this.index] ?? { kind: "end", offset: 0 };
  }

  private take(kind: Token["kind"]): boolean {
    if (this.peek().kind !== kind) return false;
    this.index += 1;
    return true;
  }
}
