import AdmZip from "adm-zip";
import { decode, MAX_BYTES, NO_FILE, type SourceFiles, type SourceText } from "../files";
import { memberOf } from "./member";

/** What is read of archives, far beyond any that holds templates and no images. */
export const ARCHIVE_LIMITS = {
  /** Bytes of the archive. */
  bytes: 2 ** 24,
  entries: 1000,
  /** Bytes of an entry's path. */
  name: 255,
  /** Bytes that are unpacked of one archive, all files together. */
  unpacked: 2 ** 23,
};

type Problem = Exclude<SourceText, { readonly text: string }>;

const PACK = "pack it again, e.g. `zip -r app.csar .` in the folder of the template";

/** The files of a zip archive, unpacked in memory when they are read. Nothing is written, and nothing outside is reached. */
export class Archive implements SourceFiles {
  private unpacked = 0;
  private readonly texts = new Map<string, SourceText>();

  private constructor(
    private readonly path: string,
    private readonly entries: ReadonlyMap<string, AdmZip.IZipEntry>,
  ) {}

  /** @returns the archive, or why it cannot be used. */
  static open(path: string, bytes: Buffer): Archive | Problem {
    const entries = readEntries(bytes);
    return entries instanceof Map ? new Archive(path, entries) : (entries as Problem);
  }

  /** Paths of the files. */
  get names(): readonly string[] {
    return [...this.entries.keys()];
  }

  read(path: string): SourceText {
    const member = memberOf(path);
    if (member === undefined || member.archive !== this.path) return { problem: "it lies outside of the archive" };
    const { name } = member;
    if (isOutside(name)) {
      return { problem: "it lies outside of the archive", remedy: "put the file into the archive" };
    }
    const known = this.texts.get(name) ?? this.unpack(name);
    this.texts.set(name, known);
    return known;
  }

  private unpack(name: string): SourceText {
    const entry = this.entries.get(name);
    if (entry === undefined) {
      const folder = [...this.entries.keys()].some((one) => one.startsWith(`${name.replace(/\/$/, "")}/`));
      return { problem: folder ? "it is a folder" : NO_FILE };
    }
    const { size } = entry.header;
    if (size > MAX_BYTES) return decode({ length: size });
    this.unpacked += size;
    if (this.unpacked > ARCHIVE_LIMITS.unpacked) {
      return {
        problem: `with it more than ${ARCHIVE_LIMITS.unpacked} bytes are unpacked of the archive`,
        remedy: "import fewer and smaller files",
      };
    }
    try {
      const data = entry.getData();
      if (data.length !== size) throw new Error(`it has ${data.length} bytes instead of ${size}`);
      return decode(data);
    } catch (error) {
      return { problem: `it is damaged in the archive: ${reasonOf(error)}`, remedy: PACK };
    }
  }
}

const OPTIONS = {
  decoder: { efs: true, decode: decodeName, encode: (text: string) => Buffer.from(text) },
};

function readEntries(bytes: Buffer): ReadonlyMap<string, AdmZip.IZipEntry> | Problem {
  let listed: readonly AdmZip.IZipEntry[];
  try {
    const zip = new AdmZip(bytes, OPTIONS);
    const count = zip.getEntryCount();
    if (count > ARCHIVE_LIMITS.entries) {
      return {
        problem: `it has ${count} entries, and ${ARCHIVE_LIMITS.entries} are the most that are read`,
        remedy: "leave out of the archive what the template does not name",
      };
    }
    listed = zip.getEntries();
  } catch (error) {
    return { problem: `it is no zip archive, or a damaged one: ${reasonOf(error)}`, remedy: PACK };
  }
  for (const entry of listed) {
    const { entryName: name } = entry;
    if (isOutside(name) || name.includes("\\")) {
      return { problem: `its entry ${quoted(name)} lies outside of it`, remedy: `give files plain paths, and ${PACK}` };
    }
    if ((entry.header.flags & 1) !== 0) {
      return { problem: `its entry ${quoted(name)} is encrypted`, remedy: `remove the password: ${PACK}` };
    }
  }
  return new Map(listed.filter(({ isDirectory }) => !isDirectory).map((entry) => [entry.entryName, entry]));
}

/** Before more is made of a name: one of many folders stands for as many entries. */
function decodeName(bytes: Uint8Array): string {
  if (bytes.length <= ARCHIVE_LIMITS.name) return Buffer.from(bytes).toString("utf8");
  throw new Error(`a path in it has ${bytes.length} bytes, and ${ARCHIVE_LIMITS.name} are the most that are read`);
}

function isOutside(name: string): boolean {
  return /^([/\\]|[a-z]:)/i.test(name) || name.split(/[/\\]/).includes("..");
}

function quoted(name: string): string {
  return `'${name.replace(/[\p{Cc}\p{Cf}]/gu, "?").slice(0, 80)}'`;
}

function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const text = message.replace(/^ADM-ZIP: /, "").replace(/\s*\{\d\}/g, "");
  return text.charAt(0).toLowerCase() + text.slice(1);
}
