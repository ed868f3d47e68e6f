import { readFileSync, statSync } from "node:fs";

/** Files that a blueprint is made of. Reading never throws. */
export interface SourceFiles {
  /** @param path As the blueprint or its caller gives it. */
  read(path: string): SourceText;
}

/** The text of a file, or why there is none and what to do. */
export type SourceText =
  | { readonly text: string }
  | { readonly problem: string; readonly remedy?: string; readonly line?: number };

/** Bytes; more than any blueprint that a person wrote. */
const MAX_BYTES = 2 ** 19;

/** What every zip archive begins with. */
const ARCHIVE = [0x50, 0x4b, 0x03, 0x04];

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  ENOTDIR: "there is no such file",
  EISDIR: "it is a folder",
  EACCES: "the file may not be read",
};

/** The files of this machine. */
export const DISK: SourceFiles = {
  read(path) {
    try {
      const stat = statSync(path);
      if (stat.isDirectory()) return { problem: "it is a folder" };
      if (!stat.isFile()) return { problem: "it is no regular file" };
      if (stat.size > MAX_BYTES) return tooLarge(stat.size);
      return decode(readFileSync(path));
    } catch (error) {
      const code = error instanceof Error && "code" in error ? String(error.code) : undefined;
      if (code === undefined) throw error;
      return { problem: REASONS[code] ?? `reading fails with ${code}` };
    }
  },
};

/** Text of UTF-8 bytes. */
function decode(bytes: Uint8Array): SourceText {
  if (bytes.length > MAX_BYTES) return tooLarge(bytes.length);
  if (ARCHIVE.every((byte, index) => bytes[index] === byte)) {
    return {
      problem: "it is an archive (CSAR or zip), which is not read yet",
      remedy: "unpack it, and give the template that TOSCA-Metadata/TOSCA.meta names as Entry-Definitions",
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
