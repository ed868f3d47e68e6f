import { Difference } from "./difference";
import { elementsOf, isObject, type Json } from "./json";
import type { Row } from "./recording";
import { FIRST_UUID, IDENTIFIERS } from "./rules";

interface Change {
  readonly map: Map<string, string>;
  readonly key: string;
  readonly former: string | undefined;
}

/** One scenario's memory: which identifier of the server stands for which recorded one. */
export class Identities {
  private readonly known = new Map<string, string>();
  private readonly taken = new Map<string, string>();
  private readonly instances = new Map<string, string>();
  private readonly hosts = new Map<string, string>();
  /** Identifiers that only the requests name, which must come back as they are. */
  private readonly constant = new Set<string>();
  /** The server's instances that earlier rows have shown, and those that this row shows. */
  private readonly seen = new Set<string>();
  private fresh = new Map<string, string>();
  private changes: Change[] = [];

  /** A new row: what the former has shown is known from now on. */
  beginRow(): void {
    for (const instance of this.fresh.keys()) this.seen.add(instance);
    this.fresh = new Map();
    this.changes = [];
  }

  /** A point of the row to return to by `undo`; 0 is its beginning. */
  mark(): number {
    return this.changes.length;
  }

  undo(mark: number): void {
    for (const { map, key, former } of this.changes.splice(mark).reverse()) {
      if (former === undefined) map.delete(key);
      else map.set(key, former);
    }
  }

  /** Deployment ids, versions and mapped ports: one to one over the whole scenario. */
  bind(recorded: string, actual: string, path: string): void {
    const fixed = this.constant.has(recorded);
    const known = fixed ? recorded : this.known.get(recorded);
    if (known === undefined ? this.taken.has(actual) : known !== actual)
      throw new Difference(
        `${path}: '${actual}', expected '${known ?? "something new"}' which stands for recorded '${recorded}'`,
      );
    if (fixed || known !== undefined) return;
    this.put(this.known, recorded, actual);
    this.put(this.taken, actual, recorded);
  }

  /** Instances: one seen earlier where the recording's was seen earlier, else a new one. */
  bindInstance(recorded: string, actual: string, path: string): void {
    const fixed = this.constant.has(recorded);
    if (actual === (fixed ? recorded : this.instances.get(recorded))) return;
    if (fixed || this.instances.has(recorded) !== this.seen.has(actual)) {
      const word = (known: boolean): string => (known ? "a known one" : "a new one");
      throw new Difference(
        `${path}: instance ${actual} (${word(this.seen.has(actual))}), expected ${word(this.instances.has(recorded))}`,
      );
    }
    this.put(this.instances, recorded, actual);
    this.put(this.fresh, actual, "");
  }

  /** The server's version that stands for the recorded one. */
  of(recorded: string): string | undefined {
    return this.known.get(recorded);
  }

  /** The server's identifiers that stand for those in a recorded value. */
  namesIn(recorded: unknown): Set<string> {
    const names = JSON.stringify(recorded).match(IDENTIFIERS) ?? [];
    return new Set(names.flatMap((name) => this.known.get(name) ?? this.instances.get(name) ?? []));
  }

  /**
   * The text of a request with this server's identifiers. Those in `told` that no response has shown stay, and must
   * come back so.
   */
  translate(text: string, told: string): string {
    for (const name of told.match(IDENTIFIERS) ?? [])
      if (!this.instances.has(name) && !this.known.has(name)) this.constant.add(name);
    return text
      .replace(IDENTIFIERS, (name) => this.instances.get(name) ?? this.known.get(name) ?? name)
      .replace(/(?<=host=)\d+\.\d+\.\d+\.\d+/g, (host) => this.hosts.get(host) ?? host);
  }

  /** Remembers where the tasks of a response run, recorded and here. */
  learnHosts(recorded: Json, actual: Json): void {
    const here = hostsOf(actual);
    for (const [instance, host] of hostsOf(recorded)) {
      const now = here.get(this.instances.get(instance) ?? "");
      if (now !== undefined) this.hosts.set(host, now);
    }
  }

  private put(map: Map<string, string>, key: string, value: string): void {
    this.changes.push({ map, key, former: map.get(key) });
    map.set(key, value);
  }
}

/** What a request itself says: without the tasks of an app object that is sent back. */
export function toldBy({ request }: Row): string {
  const { body } = request;
  return JSON.stringify(
    isObject(body) ? Object.fromEntries(Object.entries(body).filter(([key]) => key !== "tasks")) : body,
  );
}

function hostsOf(value: Json): Map<string, string> {
  const hosts = new Map<string, string>();
  for (const task of elementsOf(value, "tasks")) {
    if (!isObject(task) || typeof task.id !== "string" || typeof task.host !== "string") continue;
    const instance = task.id.includes("instance-") ? FIRST_UUID.exec(task.id)?.[0] : undefined;
    if (instance !== undefined) hosts.set(instance, task.host);
  }
  return hosts;
}
