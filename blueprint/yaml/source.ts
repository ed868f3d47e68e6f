import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Pair,
  parseAllDocuments,
  type Node as YamlNode,
} from "yaml";
import type { Problems } from "../diagnostics";
import type { Position } from "../model";
import { type Entry, joinPath, type ListNode, type MapNode, type Node, quote, type ScalarNode } from "./nodes";

/** More values than any real blueprint has; what exceeds it is a few lines of aliases that multiply. */
const MAX_VALUES = 100_000;

type Resolve = (alias: YamlNode) => YamlNode | undefined;

/** Turns YAML text into nodes with positions. Gives nothing if the text is not YAML; every reason is in `problems`. */
export function parseYaml(text: string, file: string, problems: Problems): Node | undefined {
  const lines = new LineCounter();
  const top: Position = { file, line: 1, column: 1, path: "" };
  const place = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1), path: "" };
  };
  try {
    const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
    if ("empty" in documents) return empty(problems, top);
    const [document, second] = documents;
    const errors = documents.flatMap((one) => one.errors);
    if (errors.some((error) => error.code === "RESOURCE_EXHAUSTION")) return tooDeep(problems, top);
    for (const error of errors) {
      problems.error(
        "yaml-syntax",
        place(error.pos[0]),
        `cannot read the blueprint as YAML: ${lowerFirst(error.message)}`,
        error.code === "BLOCK_AS_IMPLICIT_KEY"
          ? "a line holds one key and its value: quote a text that holds ': ' or ends in ':', and write a map that is a value on lines of its own, indented, or in braces"
          : "correct the line; a value that holds ': ', ' #' or begins with a sign such as * & % @ has to be quoted",
      );
    }
    if (errors.length > 0) return undefined;
    for (const warning of document?.warnings ?? []) {
      problems.error(
        "yaml-tag",
        place(warning.pos[0]),
        `cannot read the blueprint: ${lowerFirst(warning.message)}`,
        "remove the tag or directive; a blueprint holds text, numbers, booleans, lists and maps only",
      );
    }
    if (second !== undefined) {
      problems.error(
        "several-documents",
        place(second.range[0]),
        "the file holds more than one YAML document",
        "keep one application a file: remove what follows the line '---'",
      );
    }
    if (document?.contents == null || (isScalar(document.contents) && document.contents.value === null)) {
      return empty(problems, top);
    }
    const resolve: Resolve = (node) => (isAlias(node) ? node.resolve(document) : node);
    const converter = new Converter(text, place, resolve, problems);
    const root = converter.convert(document.contents, "");
    return converter.isExhausted ? tooMany(problems, top) : root;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return tooDeep(problems, top);
  }
}

function tooDeep(problems: Problems, at: Position): undefined {
  problems.error(
    "yaml-too-deep",
    at,
    "cannot read the blueprint: its values are nested too deeply",
    "flatten the nested lists and maps",
  );
  return undefined;
}

function empty(problems: Problems, at: Position): undefined {
  problems.error("empty-blueprint", at, "the blueprint is empty", "write at least `services:` with one service");
  return undefined;
}

class Converter {
  private count = 0;
  private readonly open = new Set<YamlNode>();

  constructor(
    private readonly text: string,
    private readonly place: (offset: number) => Position,
    private readonly resolve: Resolve,
    private readonly problems: Problems,
  ) {}

  get isExhausted(): boolean {
    return this.count > MAX_VALUES;
  }

  convert(source: YamlNode | null, path: string, fallback = 0): Node {
    const at = { ...this.place(source?.range?.[0] ?? fallback), path };
    if (source === null) return { kind: "scalar", value: null, text: "", secret: false, at };
    const node = this.resolve(source);
    if (node === undefined || this.open.has(node)) return this.badAlias(source, node !== undefined, at);
    if (++this.count > MAX_VALUES) return { kind: "scalar", value: null, text: "", secret: false, at };
    this.open.add(node);
    try {
      if (isMap(node)) return this.convertMap(node.items, at);
      if (isSeq(node)) {
        const items = node.items.map((item, index) =>
          this.convert(item as YamlNode | null, `${path}[${index}]`, node.range?.[0]),
        );
        return { kind: "list", items, secret: false, at } satisfies ListNode;
      }
      return this.convertScalar(node, at);
    } finally {
      this.open.delete(node);
    }
  }

  private convertScalar(node: YamlNode, at: Position): ScalarNode {
    const value: unknown = isScalar(node) ? node.value : null;
    const text = isScalar(node) && node.source !== undefined ? node.source : String(value ?? "");
    const known = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
    const start = node.range?.[0] ?? 0;
    const textColumn = [0, 1].find(
      (shift) => !text.includes("\n") && this.text.slice(start + shift, start + shift + text.length) === text,
    );
    return { kind: "scalar", value: known ? value : null, text, textColumn, secret: false, at };
  }

  private convertMap(pairs: readonly Pair[], at: Position): MapNode {
    const own = new Map<string, Entry>();
    const merged: Entry[] = [];
    for (const pair of pairs) {
      const keyNode = pair.key as YamlNode | null;
      const keyAt = keyNode?.range ? this.place(keyNode.range[0]) : at;
      const resolved = keyNode === null ? undefined : this.resolve(keyNode);
      if (!isScalar(resolved) || resolved.value === null) {
        this.problems.error(
          "bad-key",
          { ...keyAt, path: at.path },
          "a key is empty or is itself a list or a map",
          "write a plain text before the colon; quote a key that holds special characters",
        );
        continue;
      }
      const key = resolved.source ?? String(resolved.value);
      const value = pair.value as YamlNode | null;
      if (key === "<<" && resolved.type === "PLAIN") {
        merged.push(...this.mergeEntries(value, at));
        continue;
      }
      const path = joinPath(at.path, key);
      const first = own.get(key);
      if (first !== undefined) {
        this.problems.error(
          "duplicate-key",
          { ...keyAt, path },
          `the key ${quote(key)} stands twice in one map, first on line ${first.keyAt.line}`,
          "remove one of the two",
        );
        continue;
      }
      const entry = { key, keyAt: { ...keyAt, path }, value: this.convert(value, path, keyNode?.range?.[1]) };
      own.set(key, entry);
    }
    for (const entry of merged) if (!own.has(entry.key)) own.set(entry.key, entry);
    return { kind: "map", entries: [...own.values()], secret: false, at };
  }

  /** Entries of a merge key `<<`: of one map or of a list of maps, where the first one wins. */
  private mergeEntries(source: YamlNode | null, at: Position): readonly Entry[] {
    const node = this.convert(source, at.path);
    const maps = node.kind === "list" ? node.items : [node];
    return maps.flatMap((map) => {
      if (map.kind === "map") return map.entries;
      this.problems.error(
        "bad-merge",
        map.at,
        "the merge key '<<' can take in maps only",
        "give it an alias of a map, e.g. `<<: *defaults`, or a list of such aliases",
      );
      return [];
    });
  }

  private badAlias(source: YamlNode, recursive: boolean, at: Position): ScalarNode {
    const name = isAlias(source) ? source.source : "";
    if (recursive) {
      this.problems.error(
        "recursive-alias",
        at,
        `the alias '*${name}' stands inside the value that it names`,
        "remove the alias, or write the value out",
      );
    } else {
      this.problems.error(
        "unknown-anchor",
        at,
        `the alias '*${name}' names no anchor`,
        `put '&${name}' before the value that is meant, further up in the file`,
      );
    }
    return { kind: "scalar", value: null, text: "", secret: false, at };
  }
}

function tooMany(problems: Problems, at: Position): undefined {
  problems.error(
    "too-many-values",
    at,
    `the blueprint has more than ${MAX_VALUES} values once its aliases are written out`,
    "use fewer aliases",
  );
  return undefined;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
