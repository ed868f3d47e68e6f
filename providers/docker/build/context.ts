import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { pack } from "tar-stream";
import { isArchive, readArchive } from "./archive";
import { substitute } from "./dockerfile";
import { CONTEXT_LIMITS, type ContextEntry } from "./entry";
import { readFolder } from "./folder";
import { type BuildOptions, BuildProblem, type BuildSource } from "./source";

const ENTRYPOINT = "entrypoint.sh";

/** All that a build on a host is given, read from this machine. */
export interface Context {
  /** Ascending by name. */
  readonly entries: readonly ContextEntry[];
  /** Text of the Dockerfile. */
  readonly dockerfile: string;
}

/**
 * The context of a build of this machine's files.
 * @throws BuildProblem that names the file and what to do.
 */
export async function readContext(source: BuildSource): Promise<Context> {
  const { dockerfile: place, dockerfileName } = source;
  if ("url" in place) throw new Error(`${place.url} is fetched by the engine`);
  const isContext = await holdsContext(place.path);
  const folder = isContext ? place.path : source.context;
  const entries = new Map<string, ContextEntry>();
  for (const entry of folder === undefined ? [] : await readPlace(folder, dockerfileName))
    entries.set(entry.name, entry);
  if (!isContext) entries.set(dockerfileName, fileEntry(dockerfileName, false, place.path));
  if (source.entrypoint !== undefined) {
    await checkFile(source.entrypoint);
    entries.set(ENTRYPOINT, fileEntry(ENTRYPOINT, true, source.entrypoint));
  }
  const found = entries.get(dockerfileName);
  if (found?.type !== "file") {
    throw new BuildProblem(
      `${folder} has no file '${dockerfileName}' to build from`,
      "say the Dockerfile's name in the context by docker.dockerfile.name",
    );
  }
  const dockerfile = substitute((await found.read()).toString("utf8"), source.substitutions);
  entries.set(dockerfileName, { ...found, read: async () => Buffer.from(dockerfile) });
  const ascending = [...entries.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  return { entries: ascending, dockerfile };
}

/** 64 hexadecimal digits that change with all that goes into the image; of what the engine fetches, with its address. */
export async function digestOf(source: BuildSource, options: BuildOptions): Promise<string> {
  const { args, labels, target = "" } = options;
  const content = "url" in source.dockerfile ? [source.dockerfile.url] : await described(await readContext(source));
  const sorted = (map: Readonly<Record<string, string>>) => Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1));
  const whole = [content, source.dockerfileName, sorted(args), sorted(labels), target];
  return createHash("sha256").update(JSON.stringify(whole)).digest("hex");
}

/** The context as a tar archive. Times are fixed, so that the engine's cache holds. */
export async function packContext({ entries }: Pick<Context, "entries">): Promise<NodeJS.ReadableStream> {
  const archive = pack();
  const write = async () => {
    const mtime = new Date(0);
    for (const entry of entries) {
      const { name, type } = entry;
      if (type === "directory") archive.entry({ name, type, mode: 0o755, mtime });
      else if (type === "symlink") archive.entry({ name, type, linkname: entry.target, mode: 0o777, mtime });
      else archive.entry({ name, mode: entry.executable ? 0o755 : 0o644, mtime }, await entry.read());
    }
    archive.finalize();
  };
  write().catch((error: Error) => archive.destroy(error));
  return archive as unknown as NodeJS.ReadableStream;
}

async function described({ entries }: Context): Promise<unknown[]> {
  const described: unknown[] = [];
  for (const entry of entries) {
    const { name, type } = entry;
    if (type === "file") described.push([name, entry.executable, hash(await entry.read())]);
    else described.push([name, type === "symlink" ? entry.target : null]);
  }
  return described;
}

function hash(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

async function holdsContext(place: string): Promise<boolean> {
  const found = await statOf(place);
  return found.isDirectory() || isArchive(place);
}

async function readPlace(place: string, dockerfileName: string): Promise<ContextEntry[]> {
  if ((await statOf(place)).isDirectory()) return readFolder(place, dockerfileName);
  if (!isArchive(place)) throw new BuildProblem(`${place} is neither a folder nor an archive`, "give one of the two");
  await checkFile(place);
  return readArchive(place, await readFile(place));
}

function fileEntry(name: string, executable: boolean, file: string): ContextEntry {
  return { type: "file", name, executable, read: () => readFile(file) };
}

async function checkFile(file: string): Promise<void> {
  const found = await statOf(file);
  if (!found.isFile()) throw new BuildProblem(`${file} is no file`, "give the path of a file");
  if (found.size <= CONTEXT_LIMITS.bytes) return;
  throw new BuildProblem(`${file} has ${found.size} bytes, more than ${CONTEXT_LIMITS.bytes}`, "make it smaller");
}

async function statOf(place: string) {
  try {
    return await stat(place);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason =
      code === "ENOENT" || code === "ENOTDIR" ? "there is no such file or folder" : `reading fails: ${code}`;
    throw new BuildProblem(`${place}: ${reason}`, "paths start from the folder of the file that names them");
  }
}
