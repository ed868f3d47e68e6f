import type { Problems } from "../diagnostics";
import type { Position } from "../model";
import { type Node, quote, type ScalarNode } from "../yaml/nodes";

/** Variables by name. */
export interface Variables extends ReadonlyMap<string, string> {
  /** Names of those whose values are secret; default: none. */
  readonly secrets?: ReadonlySet<string>;
}

/** Deeper than any file that a person wrote. */
const MAX_DEPTH = 20;

/** The node with `$NAME`, `${NAME}`, `${NAME:-default}` and so on replaced in every value, as Compose does; keys stay. */
export function interpolate(node: Node, variables: Variables, problems: Problems): Node {
  if (node.kind === "list") return { ...node, items: node.items.map((item) => interpolate(item, variables, problems)) };
  if (node.kind === "map") {
    const entries = node.entries.map((entry) => ({ ...entry, value: interpolate(entry.value, variables, problems) }));
    return { ...node, entries };
  }
  return typeof node.value === "string" && node.value.includes("$")
    ? interpolateScalar(node, node.value, variables, problems)
    : node;
}

function interpolateScalar(node: ScalarNode, value: string, variables: Variables, problems: Problems): Node {
  const reader = new Interpolation(value, node.at, variables, problems);
  const text = reader.run();
  const secret = node.secret || reader.isSecret;
  return text === undefined ? node : { ...node, value: text, text, textColumn: undefined, secret };
}

/** Reads one text from its start to its end. */
class Interpolation {
  private position = 0;
  private readonly used = new Set<string>();

  constructor(
    private readonly text: string,
    private readonly at: Position,
    private readonly variables: Variables,
    private readonly problems: Problems,
  ) {}

  /** Whether a variable in it is secret. */
  get isSecret(): boolean {
    return [...this.used].some((name) => this.variables.secrets?.has(name));
  }

  /** The text with its variables replaced; undefined after telling what is wrong with it. */
  run(): string | undefined {
    return this.read(false, 0, true);
  }

  /** Up to the end, or inside of braces up to their end; `live`: whether what is read is used. */
  private read(inside: boolean, depth: number, live: boolean): string | undefined {
    if (depth > MAX_DEPTH) return this.refuse("its variables are nested too deeply");
    let result = "";
    while (this.position < this.text.length) {
      const character = this.text[this.position] ?? "";
      if (inside && character === "}") return result;
      this.position++;
      if (character !== "$") {
        result += character;
        continue;
      }
      const value = this.variable(depth, live);
      if (value === undefined) return undefined;
      result += value;
    }
    return inside ? this.refuse("a brace after $ is not closed") : result;
  }

  private variable(depth: number, live: boolean): string | undefined {
    if (this.take("$")) return "$";
    if (this.take("{")) return this.braced(depth, live);
    const name = this.name();
    return name === "" ? this.refuse("a $ stands before no name") : this.valueOf(name, live);
  }

  private braced(depth: number, live: boolean): string | undefined {
    const name = this.name();
    if (name === "") return this.refuse("the braces after $ hold no name");
    if (this.take("}")) return this.valueOf(name, live);
    const operator = /^:?[-?+]/.exec(this.text.slice(this.position))?.[0];
    if (this.position === this.text.length) return this.refuse("a brace after $ is not closed");
    if (operator === undefined) return this.refuse(`${quote(name)} is followed by what is no operator`);
    this.position += operator.length;
    const known = this.variables.get(name);
    const set = known !== undefined && !(operator.startsWith(":") && known === "");
    const kind = operator.at(-1);
    const used = live && (kind === "+" ? set : !set);
    const word = this.read(true, depth + 1, used);
    if (word === undefined) return undefined;
    this.position++;
    if (kind === "+") return set ? word : "";
    if (set) return known;
    if (kind === "-") return word;
    if (!live) return "";
    this.problems.error(
      "missing-variable",
      this.at,
      `the variable ${quote(name)} is needed and not set${word === "" ? "" : `: ${word}`}`,
      "set it in the file .env beside this file",
    );
    return undefined;
  }

  private valueOf(name: string, live: boolean): string {
    const value = this.variables.get(name);
    if (value === undefined && live) {
      this.problems.warning(
        "unset-variable",
        this.at,
        `the variable ${quote(name)} is not set and stands for nothing, as in Compose`,
        `set it in the file .env beside this file, give it a default: \${${name}:-default}, or write $$ for a dollar sign`,
      );
    }
    return value ?? "";
  }

  private name(): string {
    const name = /^[A-Za-z_][A-Za-z0-9_]*/.exec(this.text.slice(this.position))?.[0] ?? "";
    this.position += name.length;
    this.used.add(name);
    return name;
  }

  private take(character: string): boolean {
    const found = this.text[this.position] === character;
    if (found) this.position++;
    return found;
  }

  private refuse(reason: string): undefined {
    this.problems.error(
      "bad-interpolation",
      this.at,
      `cannot replace the variables of ${quote(this.text)}: ${reason}`,
      "write ${NAME}, ${NAME:-default}, ${NAME:?message} or ${NAME:+replacement}; $$ for a dollar sign",
    );
    return undefined;
  }
}
