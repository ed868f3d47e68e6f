import { once } from "node:events";
import { buffer } from "node:stream/consumers";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import AdmZip from "adm-zip";
import { extract, type Header } from "tar-stream";
import { CONTEXT_LIMITS, type ContextEntry, isOutside } from "./entry";
import { BuildProblem } from "./source";

const NAME = /\.(?:tar|tar\.gz|tgz|zip)$/i;
const OTHER = /\.(?:tar\.(?:bz2|xz|zst)|tbz2?|txz|7z|rar|jar)$/i;
const FORMS = "use a folder, or an archive whose name ends in .tar, .tar.gz, .tgz or .zip";
const LINK = 0o120000;
const KIND = 0o170000;

/**
 * Whether a file is an archive, by its name.
 * @throws BuildProblem for one that cannot be read.
 */
export function isArchive(path: string): boolean {
  if (OTHER.test(path)) throw new BuildProblem(`${path} is an archive of a kind that is not read`, FORMS);
  return NAME.test(path);
}

/** What is in an archive. Nothing is written. */
export async function readArchive(path: string, bytes: Buffer): Promise<ContextEntry[]> {
  try {
    const entries = /\.zip$/i.test(path) ? readZip(bytes) : await readTar(await unzipped(bytes));
    const bad = entries.find(({ name }) => isOutside(name));
    if (bad) throw new BuildProblem(`${path} has the entry '${bad.name}', which lies outside of it`, "pack it again");
    return entries;
  } catch (error) {
    if (error instanceof BuildProblem) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new BuildProblem(`${path} is no archive, or a damaged one: ${reason}`, FORMS);
  }
}

async function unzipped(bytes: Buffer): Promise<Buffer> {
  const compressed = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return compressed ? promisify(gunzip)(bytes, { maxOutputLength: CONTEXT_LIMITS.bytes }) : bytes;
}

async function readTar(bytes: Buffer): Promise<ContextEntry[]> {
  const found: ContextEntry[] = [];
  const reader = extract();
  const finished = once(reader, "finish");
  reader.on("entry", (header, stream, next) => {
    buffer(stream).then((content) => {
      const entry = tarEntry(header, content);
      if (entry !== undefined) found.push(entry);
      next();
    }, next);
  });
  reader.end(bytes);
  await finished;
  if (found.length === 0) throw new Error("it holds nothing");
  return found;
}

function tarEntry({ type, name: written, mode, linkname }: Header, content: Buffer): ContextEntry | undefined {
  const name = plain(written);
  if (name === "") return undefined;
  if (type === "directory") return { type, name };
  if (type === "symlink") return { type, name, target: linkname ?? "" };
  if (type === "file" || type === "contiguous-file") return fileOf(name, mode ?? 0, content);
  throw new BuildProblem(`its entry '${name}' is a ${type}`, "pack files, folders and symbolic links alone");
}

function readZip(bytes: Buffer): ContextEntry[] {
  const zip = new AdmZip(bytes);
  const total = zip.getEntries().reduce((sum, { header }) => sum + header.size, 0);
  if (total > CONTEXT_LIMITS.bytes || zip.getEntryCount() > CONTEXT_LIMITS.entries) {
    throw new Error(`it holds more than ${CONTEXT_LIMITS.entries} files or ${CONTEXT_LIMITS.bytes} bytes`);
  }
  return zip.getEntries().flatMap((entry): ContextEntry[] => {
    const name = plain(entry.entryName);
    if (name === "") return [];
    if (entry.isDirectory) return [{ type: "directory", name }];
    const mode = entry.attr >>> 16;
    const content = entry.getData();
    return [
      (mode & KIND) === LINK
        ? { type: "symlink", name, target: content.toString("utf8") }
        : fileOf(name, mode, content),
    ];
  });
}

function fileOf(name: string, mode: number, content: Buffer): ContextEntry {
  return { type: "file", name, executable: (mode & 0o111) !== 0, read: async () => content };
}

function plain(name: string): string {
  return name
    .replace(/^(?:\.\/)+/, "")
    .replace(/^\.$/, "")
    .replace(/\/+$/, "");
}
