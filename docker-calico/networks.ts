import { mkdirSync, readFileSync, renameSync } from "node:fs";
import { open } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import type { Labels } from "./labels";

export interface Network {
  readonly labels: Labels;
}

const schema = z.object({
  version: z.literal(1),
  networks: z.record(z.string(), z.object({ labels: z.record(z.string(), z.string()) })),
});

/** The Calico networks of this host's Docker, kept in a file: Docker tells of a network once and never again. */
export class Networks {
  readonly #file: string;
  readonly #networks: Map<string, Network>;
  #writing: Promise<void> = Promise.resolve();

  private constructor(file: string, networks: Map<string, Network>) {
    this.#file = file;
    this.#networks = networks;
  }

  /** @throws Error if the file cannot be read or was not written by this program. */
  static open(file: string): Networks {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    let text: string;
    try {
      text = readFileSync(file, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return new Networks(file, new Map());
      throw error;
    }
    const result = schema.safeParse(json(text));
    if (!result.success) {
      throw new Error(
        `${file} does not hold the networks of this driver; move it away: networks are then learnt from Docker again`,
      );
    }
    return new Networks(file, new Map(Object.entries(result.data.networks)));
  }

  get(id: string): Network | undefined {
    return this.#networks.get(id);
  }

  get ids(): string[] {
    return [...this.#networks.keys()];
  }

  async set(id: string, network: Network): Promise<void> {
    this.#networks.set(id, network);
    await this.#save();
  }

  async delete(id: string): Promise<void> {
    if (this.#networks.delete(id)) await this.#save();
  }

  #save(): Promise<void> {
    const next = this.#writing.then(() => this.#write());
    this.#writing = next.catch(() => undefined);
    return next;
  }

  /** Whoever reads sees the file of before or the whole new one, also after a power failure. */
  async #write(): Promise<void> {
    const temporary = `${this.#file}.new`;
    const handle = await open(temporary, "w", 0o600);
    try {
      await handle.writeFile(JSON.stringify({ version: 1, networks: Object.fromEntries(this.#networks) }));
      await handle.sync();
    } finally {
      await handle.close();
    }
    renameSync(temporary, this.#file);
  }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
