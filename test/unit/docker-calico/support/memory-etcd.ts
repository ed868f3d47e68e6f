import { type Compare, EtcdClient, type Operation, type Stored } from "../../../../providers/calico/etcd-client";

/** etcd in memory, with the same transactions. */
export class MemoryEtcd extends EtcdClient {
  readonly #entries = new Map<string, { text: string; revision: number }>();
  #revision = 1;
  /** What every call fails with, if anything. */
  failure: Error | undefined;

  constructor() {
    super({ endpoints: ["http://127.0.0.1:1"] });
  }

  override async get(key: string): Promise<Stored | undefined> {
    this.#mayFail();
    const entry = this.#entries.get(key);
    return entry && { key, text: entry.text, value: JSON.parse(entry.text), revision: String(entry.revision) };
  }

  override async list(prefix: string): Promise<{ entries: readonly Stored[]; revision: string }> {
    const keys = [...this.#entries.keys()].filter((key) => key.startsWith(prefix)).sort();
    const entries = await Promise.all(keys.map((key) => this.get(key)));
    return { entries: entries.filter((entry) => entry !== undefined), revision: String(this.#revision) };
  }

  override async commit(compare: readonly Compare[], operations: readonly Operation[]) {
    this.#mayFail();
    const succeeded = compare.every((condition) => this.#holds(condition));
    if (succeeded && operations.length > 0) {
      this.#revision++;
      for (const operation of operations) {
        if ("delete" in operation) this.#entries.delete(operation.delete);
        else {
          const text = "text" in operation ? operation.text : JSON.stringify(operation.value);
          this.#entries.set(operation.put, { text, revision: this.#revision });
        }
      }
    }
    return { succeeded, revision: String(this.#revision) };
  }

  async put(key: string, value: unknown): Promise<void> {
    await this.commit([], [{ put: key, value }]);
  }

  /** Values by key. */
  async all(prefix = "/"): Promise<Record<string, unknown>> {
    const { entries } = await this.list(prefix);
    return Object.fromEntries(entries.map(({ key, value }) => [key.slice(prefix.length), value]));
  }

  #holds(condition: Compare): boolean {
    if ("prefix" in condition) {
      return [...this.#entries].every(([key, { revision }]) => {
        return !key.startsWith(condition.prefix) || revision <= Number(condition.unchangedSince);
      });
    }
    const entry = this.#entries.get(condition.key);
    return "absent" in condition ? !entry : String(entry?.revision) === condition.revision;
  }

  #mayFail(): void {
    if (this.failure) throw this.failure;
  }
}
