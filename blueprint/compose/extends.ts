import { beside } from "../archive/member";
import type { FrontEndContext } from "../front-end";
import { textNode } from "../yaml/make";
import { type Entry, isNull, type MapNode, type Node, quote, show, textOf } from "../yaml/nodes";
import { parseYaml } from "../yaml/source";
import { interpolate, type Variables } from "./interpolate";

/** The services of a file by name. */
export type Services = ReadonlyMap<string, Entry & { readonly value: MapNode }>;

/** Keys whose lists replace those of the base: the others take in what the base has. */
const REPLACED = new Set(["command", "entrypoint", "test"]);
const FORM = "write `extends: { service: name }`, with `file:` for a service of another file";

/** Puts what services extend into them, as deep as it goes. */
export class Extender {
  private readonly open: string[] = [];
  private readonly otherFiles = new Map<string, Services | undefined>();

  constructor(
    private readonly services: Services,
    private readonly variables: Variables,
    private readonly context: FrontEndContext,
  ) {}

  /** The service with everything that it extends; undefined after telling why that cannot be. */
  resolve(name: string, services = this.services, file = this.context.file): MapNode | undefined {
    const service = services.get(name)?.value;
    const entry = service?.entries.find(({ key }) => key === "extends");
    if (service === undefined || entry === undefined || isNull(entry.value)) return service;
    const key = `${file}#${name}`;
    if (this.open.includes(key)) return this.refuse(entry, `service ${quote(name)} extends itself`);
    this.open.push(key);
    try {
      const base = this.baseOf(entry, services, file);
      const own = { ...service, entries: service.entries.filter(({ key }) => key !== "extends") };
      return base && mergeMaps(base, own);
    } finally {
      this.open.pop();
    }
  }

  private baseOf(entry: Entry, services: Services, file: string): MapNode | undefined {
    const { value } = entry;
    const field = (key: string) =>
      value.kind === "map" ? value.entries.find((one) => one.key === key)?.value : undefined;
    const named = value.kind === "scalar" ? value : field("service");
    const name = named && textOf(named);
    if (name === undefined) return this.refuse(entry, `extends needs the name of a service, not ${show(value)}`);
    const other = field("file");
    const from = other && textOf(other);
    const sought = from === undefined ? file : beside(file, from);
    const known = from === undefined ? services : this.servicesOf(sought, entry);
    if (known === undefined) return undefined;
    if (!known.has(name)) {
      return this.refuse(entry, `extends names service ${quote(name)}, which ${quote(sought)} does not have`);
    }
    const base = this.resolve(name, known, sought);
    return base && from !== undefined ? rebase(base, from) : base;
  }

  private servicesOf(file: string, entry: Entry): Services | undefined {
    if (!this.otherFiles.has(file)) this.otherFiles.set(file, this.readServices(file, entry));
    return this.otherFiles.get(file);
  }

  private readServices(file: string, entry: Entry): Services | undefined {
    const { files, problems } = this.context;
    const source = files.read(file);
    if (!("text" in source)) return this.refuse(entry, `cannot read ${quote(file)}: ${source.problem}`);
    const root = parseYaml(source.text, file, problems);
    return root && servicesIn(interpolate(root, this.variables, problems));
  }

  private refuse(entry: Entry, message: string): undefined {
    this.context.problems.error("bad-extends", entry.keyAt, message, FORM);
    return undefined;
  }
}

/** The services of a Compose file that are maps. */
export function servicesIn(root: Node): Services {
  const services = root.kind === "map" ? root.entries.find(({ key }) => key === "services")?.value : undefined;
  const entries = services?.kind === "map" ? services.entries : [];
  return new Map(
    entries.flatMap((entry) => (entry.value.kind === "map" ? [[entry.key, { ...entry, value: entry.value }]] : [])),
  );
}

/** A service of another file, whose environment files lie beside that one. */
function rebase(service: MapNode, file: string): MapNode {
  const moved = (node: Node): Node => {
    if (node.kind === "list") return { ...node, items: node.items.map(moved) };
    if (node.kind === "map") {
      const entries = node.entries.map((one) => (one.key === "path" ? { ...one, value: moved(one.value) } : one));
      return { ...node, entries };
    }
    const name = textOf(node);
    return name === undefined ? node : textNode(beside(file, name), node.at, node.secret);
  };
  const entries = service.entries.map((one) => (one.key === "env_file" ? { ...one, value: moved(one.value) } : one));
  return { ...service, entries };
}

function mergeMaps(base: MapNode, own: MapNode): MapNode {
  const mine = new Map(own.entries.map((entry) => [entry.key, entry]));
  const kept = base.entries.map((entry) => {
    const over = mine.get(entry.key);
    return over === undefined ? entry : { ...over, value: merge(entry.key, entry.value, over.value) };
  });
  const known = new Set(base.entries.map(({ key }) => key));
  return { ...own, entries: [...kept, ...own.entries.filter(({ key }) => !known.has(key))] };
}

function merge(key: string, base: Node, own: Node): Node {
  if (REPLACED.has(key)) return own;
  if (base.kind === "map" && own.kind === "map") return mergeMaps(base, own);
  if (base.kind !== "list" || own.kind !== "list") return own;
  const mine = new Set(own.items.map(identity));
  return { ...own, items: [...base.items.filter((item) => !mine.has(identity(item))), ...own.items] };
}

/** What two items of a list have in common if the later one takes the place of the other: a variable's name, the whole otherwise. */
function identity(node: Node): string {
  if (node.kind !== "scalar")
    return JSON.stringify(node, (key, value) => (key === "at" || key === "keyAt" ? undefined : value));
  return /^[A-Za-z_][A-Za-z0-9_]*(?==)/.exec(node.text)?.[0] ?? node.text;
}
