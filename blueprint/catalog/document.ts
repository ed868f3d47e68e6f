import { nearest } from "../../wording/suggest";
import type { Problems } from "../diagnostics";
import { asksNothing } from "../given";
import { typeEntry } from "../service";
import { type Entry, find, isNull, type MapNode, type Node, quote, show, textOf } from "../yaml/nodes";
import type { Catalog } from "./catalog";
import { CATALOG_KEYS, catalogKey, OTHER_ITEMS } from "./keys";
import { serviceOfPlan } from "./plan";

const KEY = "brooklyn.catalog";
/** Brooklyn's. */
const NO_VERSION = "0.0.0-SNAPSHOT";
const ID = /^[A-Za-z0-9](?:[\w./+-]*[A-Za-z0-9])?$/;
const VERSION = /^[A-Za-z0-9](?:[\w.+-]*[A-Za-z0-9])?$/;
const EXAMPLE = "write `brooklyn.catalog: {id: web, version: 1.0.0, item: {type: docker:nginx}}`";
const ITEM = "write a map with `type:` and keys of a service, or one with `services:`";

/** What entries of `items` have from those around them. */
interface Around {
  readonly version?: Entry;
  readonly itemType?: Entry;
}

/** True for a document that defines types and has no services of its own, or a file whose name says so. */
export function isCatalog(root: Node, file: string): boolean {
  if (root.kind !== "map" || find(root, KEY) === undefined) return false;
  return /\.bom$/i.test(file) || (find(root, "services") ?? find(root, "brooklyn.children")) === undefined;
}

/** Takes the items of a catalog document in, and tells what is wrong with each. */
export function readItems(root: Node, catalog: Catalog, problems: Problems): void {
  const entry = root.kind === "map" ? find(root, KEY) : undefined;
  if (root.kind !== "map" || entry?.value.kind !== "map") {
    const given = entry === undefined ? "the file has no brooklyn.catalog" : `${KEY} is ${show(entry.value)}`;
    const at = entry?.value.at ?? root.at;
    problems.error("bad-catalog", at, `${given}, and a catalog needs a map there`, `${EXAMPLE}, or move the file away`);
    return;
  }
  const reader = new Reader(catalog, problems);
  const plan = root.entries.filter((one) => one !== entry);
  const own = find(entry.value, "item") ?? find(entry.value, "items");
  if (own === undefined) reader.read(entry.value, {}, { ...root, entries: plan });
  else {
    for (const { key, keyAt } of plan) {
      const message = `${key} has no effect beside the ${own.key} of brooklyn.catalog`;
      problems.warning("ignored-key", keyAt, message, "move it into the item, or remove it");
    }
    reader.read(entry.value, {});
  }
}

class Reader {
  constructor(
    private readonly catalog: Catalog,
    private readonly problems: Problems,
  ) {}

  /** @param plan What the item is, in a document where it stands beside brooklyn.catalog. */
  read(node: MapNode, around: Around, plan?: MapNode): void {
    for (const entry of node.entries) this.checkKey(entry);
    const inner = { ...around };
    const version = this.text(node, "version");
    if (version !== undefined) inner.version = version;
    const itemType = this.text(node, "itemType");
    if (itemType !== undefined) inner.itemType = itemType;
    for (const name of ["name", "description", "iconUrl"]) this.text(node, name);
    const item = entryUnder(node, "item")?.value ?? plan;
    if (item !== undefined) this.add(node, item, inner);
    const items = entryUnder(node, "items");
    if (items !== undefined) this.readAll(items, inner);
    if (item !== undefined || items !== undefined) return;
    this.problems.error("bad-catalog", node.at, "an entry of the catalog has neither item nor items", ITEM);
  }

  private readAll({ key, value }: Entry, around: Around): void {
    if (value.kind !== "list") {
      const message = `${key} of brooklyn.catalog needs a list, not ${show(value)}`;
      this.problems.error("bad-type", value.at, message, "write a list of maps, each with id and item");
      return;
    }
    for (const entry of value.items) {
      if (entry.kind === "map") this.read(entry, around);
      else {
        this.problems.error(
          "bad-catalog",
          entry.at,
          `an entry of ${key} is ${show(entry)}: other catalogs are not fetched from classpaths or addresses`,
          "download the file and name it under clocker:catalog, or write a map with id and item",
        );
      }
    }
  }

  private add(node: MapNode, item: Node, around: Around): void {
    const kind = around.itemType && textOf(around.itemType.value)?.toLowerCase();
    if (around.itemType !== undefined && kind !== "entity" && kind !== "template") {
      const refused = kind !== undefined && Object.hasOwn(OTHER_ITEMS, kind) ? OTHER_ITEMS[kind] : undefined;
      this.problems.error(
        refused === undefined ? "bad-catalog" : "unsupported-item",
        around.itemType.value.at,
        `the catalog has an item of the type ${show(around.itemType.value)}${refused === undefined ? "" : ", which is no type of a service"}`,
        refused ?? "write entity or template",
      );
      return;
    }
    const named = this.nameOf(node, item, around);
    const whole = item.kind === "map" ? serviceOfPlan(item, this.problems) : this.refuseItem(item);
    if (named === undefined || whole === undefined) return;
    if (typeEntry(whole) === undefined) {
      this.problems.error(
        "bad-catalog",
        whole.at,
        `the catalog item ${quote(named.id)} has neither type nor services`,
        ITEM,
      );
      return;
    }
    const id = find(whole, "id") ?? find(whole, "camp.plan.id");
    const written = id && textOf(id.value);
    const service = { ...whole, entries: whole.entries.filter((entry) => entry !== id || written === undefined) };
    const same = this.catalog.add({ ...named, service, ...(written !== undefined && { written }), at: node.at });
    if (same === undefined) return;
    this.problems.error(
      "duplicate-item",
      node.at,
      `the catalog item ${quote(`${named.id}:${named.version}`)} stands twice, first at ${same.at.file}:${same.at.line}`,
      "give one of the two another version or id",
    );
  }

  private refuseItem(item: Node): undefined {
    const text = item.kind === "scalar" && /^(?:classpath|https?):/.test(item.text);
    const reason = text ? ": plans are not fetched from classpaths or addresses" : "";
    this.problems.error(
      text ? "fetched-item" : "bad-catalog",
      item.at,
      `an item of the catalog is ${show(item)}, not a map${reason}`,
      text ? "download the plan and write it here as a map, under item" : ITEM,
    );
    return undefined;
  }

  /** Id and version, which `id:version` may say too. */
  private nameOf(node: MapNode, item: Node, around: Around): { id: string; version: string } | undefined {
    const own = this.text(node, "id") ?? (item.kind === "map" ? this.text(item, "id") : undefined);
    if (own === undefined) {
      const message = "an item of the catalog has no id, so that no service can name it";
      this.problems.error("bad-catalog", node.at, message, "write `id:` with the name of the type");
      return undefined;
    }
    const [, id = textOf(own.value) ?? "", suffix] = /^([^:]*):(.*)$/s.exec(textOf(own.value) ?? "") ?? [];
    const given = around.version && textOf(around.version.value);
    const version = suffix ?? given ?? NO_VERSION;
    const wrong = !ID.test(id)
      ? { value: own.value, what: "id" }
      : !VERSION.test(version)
        ? { value: suffix === undefined ? (around.version ?? own).value : own.value, what: "version" }
        : undefined;
    if (wrong !== undefined) {
      this.problems.error(
        "bad-catalog",
        wrong.value.at,
        `the ${wrong.what} of a catalog item cannot be ${show(wrong.value)}`,
        "use letters, digits, dots, hyphens and underscores, beginning and ending with a letter or digit",
      );
      return undefined;
    }
    if (suffix === undefined || entryUnder(node, "version") === undefined || suffix === given) return { id, version };
    this.problems.error(
      "bad-catalog",
      own.value.at,
      `the id of a catalog item is ${show(own.value)}, and its version ${quote(given ?? "")}`,
      "write the version once",
    );
    return undefined;
  }

  private checkKey({ key, keyAt, value }: Entry): void {
    const known = catalogKey(key);
    if (known === undefined) {
      const names = CATALOG_KEYS.map(({ name }) => name);
      const similar = nearest(key, names);
      this.problems.error(
        "unknown-key",
        keyAt,
        `brooklyn.catalog has the unknown key ${quote(key)}`,
        similar === undefined ? `use ${names.join(", ")}` : `did you mean '${similar}'?`,
      );
    } else if (known.refused !== undefined && !isNull(value) && !asksNothing(value, false)) {
      this.problems.error("unsupported-key", keyAt, `${key} of brooklyn.catalog is not supported`, known.refused);
    }
  }

  private text(node: MapNode, name: string): Entry | undefined {
    const entry = entryUnder(node, name);
    if (entry === undefined || textOf(entry.value) !== undefined) return entry;
    const message = `${entry.key} of a catalog item needs a text, not ${show(entry.value)}`;
    this.problems.error("bad-type", entry.value.at, message, "write a text");
    return undefined;
  }
}

function entryUnder(node: MapNode, name: string): Entry | undefined {
  return node.entries.find(({ key, value }) => catalogKey(key)?.name === name && !isNull(value));
}
