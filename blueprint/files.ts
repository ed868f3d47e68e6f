import { readdirSync, readFileSync, statSync } from "node:fs";

/** Files that a blueprint is made of. Reading never throws. */
export interface SourceFiles {
  /** @param path As the blueprint or its caller gives it. */
  read(path: string): SourceText;
  /** Names in a folder; undefined for what is none, or where there are no folders. */
  list?(path: string): readonly string[] | undefined;
}

/** The text of a file, or why there is none and what to do. */
export type SourceText =
  | { readonly text: string }
  | { readonly problem: string; readonly remedy?: string; readonly line?: number };

/** Bytes; more than any blueprint that a person wrote. */
export const MAX_BYTES = 2 ** 19;

export const NO_FILE = "there is no such file";

/** What every zip archive begins with. */
const ARCHIVE = [0x50, 0x4b, 0x03, 0x04];

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: NO_FILE,
  ENOTDIR: NO_FILE,
  EISDIR: "it is a folder",
  EACCES: "the file may not be read",
};

/** The files of this machine. */
export const DISK: SourceFiles = {
  read(path) {
    const found = readBytes(path, MAX_BYTES);
    if ("bytes" in found) return decode(found.bytes);
    return "size" in found ? decode({ length: found.size }) : found;
  },
  list(path) {
    try {
      return readdirSync(path);
    } catch (error) {
      if (!(error instanceof Error && "code" in error)) throw error;
      return undefined;
    }
  },
};

/** The content of a file of at most so many bytes, or why there is none; `size` is that of a larger one. */
export function readBytes(
  path: string,
  most: number,
): { readonly bytes: Buffer } | { readonly size: number } | { readonly problem: string } {
  try {
    const stat = statSync(path);
    if (stat.isDirectory()) return { problem: "it is a folder" };
    if (!stat.isFile()) return { problem: "it is no regular file" };
    return stat.size > most ? { size: stat.size } : { bytes: readFileSync(path) };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : undefined;
    if (code === undefined) throw error;
    return { problem: REASONS[code] ?? `reading fails with ${code}` };
  }
}

/** Text of UTF-8 bytes, of which only the number has to be known if there are too many. */
export function decode(bytes: Uint8Array | { readonly length: number }): SourceText {
  if (bytes.length > MAX_BYTES || !(bytes instanceof Uint8Array)) return tooLarge(bytes.length);
  if (ARCHIVE.every((byte, index) => bytes[index] === byte)) {
    return {
      problem: "it is a zip archive and no text",
      remedy:
        "if it is a TOSCA archive, let its name end in .csar; otherwise unpack it, and give the file that is meant",
    };
  }
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch {
    return {
      problem: "it is not text in UTF-8",
      remedy: "save the file as UTF-8",
      line: firstBadLine(bytes),
    };
  }
}

function tooLarge(bytes: number): SourceText {
  return {
    problem: `it has ${bytes} bytes, and ${MAX_BYTES} are the most that are read`,
    remedy: "split the application, or move what is no blueprint out of the file",
  };
}

/** The line of the first byte sequence that is no UTF-8; the bytes of a line feed stand for nothing else in UTF-8. */
function firstBadLine(bytes: Uint8Array): number {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const end = bytes.indexOf(0x0a, start);
    try {
      decoder.decode(bytes.subarray(start, end === -1 ? bytes.length : end));
    } catch {
      return line;
    }
    if (end === -1) break;
    start = end + 1;
  }
  return line;
}
