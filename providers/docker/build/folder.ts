import { type Dirent, readFileSync } from "node:fs";
import { readdir, readFile, readlink, stat } from "node:fs/promises";
import path from "node:path";
import ignore from "@balena/dockerignore";
import { CONTEXT_LIMITS, type ContextEntry } from "./entry";
import { BuildProblem } from "./source";

/**
 * What lies below a folder, without what its `.dockerignore` leaves out; that of the Dockerfile's own name goes first. The Dockerfile
 * always goes along.
 */
export async function readFolder(folder: string, dockerfileName: string): Promise<ContextEntry[]> {
  const ignored = ignoredBy(folder, dockerfileName);
  const found: ContextEntry[] = [];
  let bytes = 0;
  const walk = async (below: string): Promise<void> => {
    for (const entry of await readdir(path.join(folder, below), { withFileTypes: true })) {
      const name = below === "" ? entry.name : `${below}/${entry.name}`;
      const left = name !== dockerfileName && ignored.file(name);
      if (left && !(entry.isDirectory() && ignored.mayContain(name))) continue;
      if (!left) {
        const file = path.join(folder, name);
        found.push(await entryOf(entry, name, file));
        bytes += entry.isFile() ? (await stat(file)).size : 0;
        checkLimits(folder, found.length, bytes);
      }
      if (entry.isDirectory()) await walk(name);
    }
  };
  await walk("");
  return found;
}

async function entryOf(entry: Dirent, name: string, file: string): Promise<ContextEntry> {
  if (entry.isDirectory()) return { type: "directory", name };
  if (entry.isSymbolicLink()) return { type: "symlink", name, target: await readlink(file) };
  if (!entry.isFile()) {
    throw new BuildProblem(
      `${file} is neither file, folder nor link`,
      "remove it, or name it in .dockerignore of the context",
    );
  }
  return { type: "file", name, executable: ((await stat(file)).mode & 0o111) !== 0, read: () => readFile(file) };
}

function checkLimits(folder: string, entries: number, bytes: number): void {
  if (entries <= CONTEXT_LIMITS.entries && bytes <= CONTEXT_LIMITS.bytes) return;
  const { entries: most, bytes: size } = CONTEXT_LIMITS;
  throw new BuildProblem(
    `the folder ${folder} holds more than is sent to a host (${most} files, ${size / 2 ** 20} MiB)`,
    "name in its .dockerignore what the Dockerfile does not copy",
  );
}

interface Ignored {
  file(name: string): boolean;
  /** Whether a folder that is left out may hold something that is not. */
  mayContain(name: string): boolean;
}

function ignoredBy(folder: string, dockerfileName: string): Ignored {
  const text =
    readIfThere(path.join(folder, `${dockerfileName}.dockerignore`)) ?? readIfThere(path.join(folder, ".dockerignore"));
  if (text === undefined) return { file: () => false, mayContain: () => true };
  const rules = ignore().add(text);
  // A rule can take back what another leaves out, and lead to the Dockerfile.
  const exceptions = /^\s*!/m.test(text);
  return {
    file: (name) => rules.ignores(name),
    mayContain: (name) => exceptions || dockerfileName.startsWith(`${name}/`),
  };
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
