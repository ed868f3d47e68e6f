import { ARCHIVE_LIMITS, Archive } from "./archive/archive";
import { entryOfArchive } from "./archive/csar";
import { isArchiveName, memberPath } from "./archive/member";
import { DISK, readBytes, type SourceFiles, type SourceText } from "./files";
import type { Diagnostic } from "./model";

/** A text that is parsed, with the files that lie beside it. */
export interface SourceDocument {
  /** As positions show it: the path that was given, or `app.csar!path/inside.yaml`. */
  readonly file: string;
  readonly text: string;
  readonly files: SourceFiles;
}

/** `document` is there only if no diagnostic is an error; `files` tells the text of what diagnostics name. */
export interface Opened {
  readonly document?: SourceDocument;
  readonly files: SourceFiles;
  readonly diagnostics: readonly Diagnostic[];
}

type Problem = Exclude<SourceText, { readonly text: string }>;

/** A blueprint file, or the template in an archive. Never throws for what a file holds. */
export function openDocument(path: string, remedy: string, files: SourceFiles = DISK): Opened {
  if (isArchiveName(path)) return openArchive(path, remedy);
  const source = files.read(path);
  return "text" in source
    ? { document: { file: path, text: source.text, files }, files, diagnostics: [] }
    : { files, diagnostics: [unreadable(path, { remedy, ...source })] };
}

function openArchive(path: string, remedy: string): Opened {
  const refuse = (problem: Problem): Opened => ({
    files: DISK,
    diagnostics: [unreadable(path, { remedy, ...problem })],
  });
  const found = readBytes(path, ARCHIVE_LIMITS.bytes);
  if ("size" in found) {
    return refuse({
      problem: `the archive has ${found.size} bytes, and ${ARCHIVE_LIMITS.bytes} are the most that are read`,
      remedy: "push images to a registry, and leave them out of the archive",
    });
  }
  if ("problem" in found) return refuse(found);
  if (found.bytes.toString("latin1", 0, 2) !== "PK") {
    return refuse({
      problem: "its name is that of an archive, but it is no zip file",
      remedy: "if it is a template, let its name end in .yaml; otherwise pack it as a zip file",
    });
  }
  const archive = Archive.open(path, found.bytes);
  if (!(archive instanceof Archive)) return refuse(archive);
  const { entry, diagnostics } = entryOfArchive(path, archive);
  if (entry === undefined) return { files: archive, diagnostics };
  const file = memberPath({ archive: path, name: entry });
  const source = archive.read(file);
  if (!("text" in source)) {
    const problem = unreadable(file, { remedy: "correct the file in the archive", ...source });
    return { files: archive, diagnostics: [...diagnostics, problem] };
  }
  return { document: { file, text: source.text, files: archive }, files: archive, diagnostics };
}

/** Why a file gave no text. */
function unreadable(path: string, { problem, remedy = "", line }: Problem): Diagnostic {
  return {
    severity: "error",
    code: "unreadable-file",
    message: `cannot read the blueprint: ${problem}`,
    remedy,
    at: { file: path, ...(line !== undefined && { line, column: 1 }), path: "" },
  };
}
