import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import { pack } from "tar-stream";

/** One file of a build context. */
export interface ContextFile {
  /** Path inside the context, with slashes. */
  readonly name: string;
  readonly content: Buffer;
  readonly executable: boolean;
}

/** All files below a folder, ascending by name. */
export async function readContext(folder: string): Promise<ContextFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  const read = files.map(async (file) => ({
    name: path.relative(folder, file).split(path.sep).join("/"),
    content: await readFile(file),
    executable: ((await stat(file)).mode & 0o100) !== 0,
  }));
  return sortByName(await Promise.all(read));
}

/** Twelve hex digits that change with any name, content, execute bit or argument of a build. */
export function contentHash(files: readonly ContextFile[], args: Readonly<Record<string, string>>): string {
  const hash = createHash("sha256");
  const parts = sortByName(files).map(({ name, content, executable }) => [
    name,
    executable,
    createHash("sha256").update(content).digest("hex"),
  ]);
  hash.update(JSON.stringify([parts, Object.entries(args).sort(([a], [b]) => compare(a, b))]));
  return hash.digest("hex").slice(0, 12);
}

/** The context as a tar stream. */
export function packContext(files: readonly ContextFile[]): Readable {
  const archive = pack();
  for (const { name, content, executable } of files) {
    // A fixed time keeps the engine's build cache valid.
    archive.entry({ name, mode: executable ? 0o755 : 0o644, mtime: new Date(0) }, content);
  }
  archive.finalize();
  return Readable.from(archive);
}

function sortByName(files: readonly ContextFile[]): ContextFile[] {
  return [...files].sort((a, b) => compare(a.name, b.name));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
