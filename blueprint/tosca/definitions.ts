import { beside, normalize } from "../archive/member";
import type { FrontEndContext } from "../front-end";
import { type Entry, find, isNull, type MapNode, type Node, quote, show, textOf } from "../yaml/nodes";
import { parseYaml } from "../yaml/source";
import { fullName, parentOf } from "./normative";

const SECTIONS = {
  nodes: "node_types",
  relationships: "relationship_types",
  artifacts: "artifact_types",
  capabilities: "capability_types",
  data: "data_types",
} as const;
type Kind = keyof typeof SECTIONS;
/** Kinds whose normative types are known by name alone. */
type Named = Exclude<Kind, "capabilities" | "data">;

const LOCAL = "write the path of a file, from the folder of this one";

/** The types and repositories of a template and of the files that it imports. */
export class Definitions {
  private readonly sections = new Map<string, Map<string, Entry>>();
  private readonly read = new Set<string>();

  constructor(
    root: MapNode,
    private readonly context: FrontEndContext,
  ) {
    this.read.add(normalize(context.file));
    this.add(root, context.file);
  }

  type(kind: Kind, name: string): MapNode | undefined {
    const value = this.sections.get(SECTIONS[kind])?.get(name)?.value;
    return value?.kind === "map" ? value : undefined;
  }

  /** A name's type and those of the file that it is derived from, the nearest first. */
  own(kind: Kind, written: string): readonly MapNode[] {
    const found: MapNode[] = [];
    for (let type = this.type(kind, written); type && !found.includes(type); ) {
      found.push(type);
      const parent = find(type, "derived_from")?.value;
      type = parent && this.type(kind, textOf(parent) ?? "");
    }
    return found;
  }

  names(kind: Kind): readonly string[] {
    return [...(this.sections.get(SECTIONS[kind])?.keys() ?? [])];
  }

  repository(name: string): Node | undefined {
    return this.sections.get("repositories")?.get(name)?.value;
  }

  /** The type and what it is derived from, the root last; undefined in place of one that nothing defines. */
  chain(kind: Named, written: string): readonly (string | undefined)[] {
    const chain: (string | undefined)[] = [];
    let name: string | undefined = written;
    while (name !== undefined && name !== "") {
      const own: MapNode | undefined = this.type(kind, name);
      const full: string = own === undefined ? fullName(kind, name) : name;
      if (chain.includes(full)) return chain;
      const parent = own === undefined ? parentOf(full) : parentName(own, kind);
      if (parent === undefined) return [...chain, undefined];
      chain.push(full);
      name = parent;
    }
    return chain;
  }

  private add(root: MapNode, file: string): void {
    for (const section of [...Object.values(SECTIONS), "repositories"]) {
      const value = find(root, section)?.value;
      if (value === undefined) continue;
      if (value.kind !== "map") {
        this.refuse(
          "bad-type",
          value,
          `${section} needs a map, not ${show(value)}`,
          "write a map of name to definition",
        );
        continue;
      }
      const known = this.sections.get(section) ?? new Map<string, Entry>();
      this.sections.set(section, known);
      for (const entry of value.entries) {
        const first = known.get(entry.key);
        if (first === undefined) known.set(entry.key, entry);
        else {
          this.context.problems.error(
            "duplicate-key",
            entry.keyAt,
            `${section} has ${quote(entry.key)} twice, the first in ${first.keyAt.file} on line ${first.keyAt.line}`,
            "give one of them another name",
          );
        }
      }
    }
    const imports = find(root, "imports")?.value;
    if (imports === undefined) return;
    if (imports.kind !== "list") {
      this.refuse("bad-type", imports, `imports needs a list, not ${show(imports)}`, "write e.g. `- types.yaml`");
      return;
    }
    for (const item of imports.items) this.import(item, file);
  }

  private import(item: Node, from: string): void {
    const [only, ...others] = item.kind === "map" ? item.entries : [];
    const named = only !== undefined && others.length === 0 && only.key !== "file" ? only.value : item;
    const file = named.kind === "map" ? find(named, "file")?.value : named;
    const name = file && textOf(file);
    if (file === undefined || name === undefined || name === "") {
      this.refuse("bad-import", item, "an import names no file", LOCAL);
      return;
    }
    for (const { key, keyAt, value } of named.kind === "map" ? named.entries : []) {
      if (key === "file" || isNull(value)) continue;
      this.refuse("bad-import", { ...value, at: keyAt }, `${quote(key)} of an import is not supported`, LOCAL);
      return;
    }
    if (/^[a-z][a-z0-9+.-]+:/i.test(name)) {
      const remedy = `download it beside this file, and ${LOCAL}`;
      this.refuse(
        "bad-import",
        file,
        `cannot import ${quote(name)}: nothing is fetched while a blueprint is read`,
        remedy,
      );
      return;
    }
    const target = beside(from, name);
    if (this.read.has(target)) return;
    this.read.add(target);
    const source = this.context.files.read(target);
    if (!("text" in source)) {
      this.refuse("bad-import", file, `cannot import ${quote(name)}: ${source.problem}`, source.remedy ?? LOCAL);
      return;
    }
    const root = parseYaml(source.text, target, this.context.problems);
    if (root === undefined) return;
    if (root.kind !== "map") {
      this.refuse("bad-import", root, `an imported file needs keys such as node_types, not ${show(root)}`, LOCAL);
      return;
    }
    const topology = find(root, "topology_template");
    if (topology !== undefined) {
      this.context.problems.warning(
        "ignored-key",
        topology.keyAt,
        "the topology_template of an imported file has no effect: only definitions are imported",
        "move its node templates into the template that imports it",
      );
    }
    this.add(root, target);
  }

  private refuse(code: string, node: Node, message: string, remedy: string): void {
    this.context.problems.error(code, node.at, message, remedy);
  }
}

/** What a type is derived from; a type that does not say is a root. */
function parentName(type: MapNode, kind: Named): string {
  const parent = find(type, "derived_from");
  return parent === undefined ? `tosca.${kind}.Root` : (textOf(parent.value) ?? "");
}
