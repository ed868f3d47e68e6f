import path from "node:path";
import { openDocument, type SourceDocument } from "../../blueprint/document";
import { DISK, type SourceFiles } from "../../blueprint/files";
import type { Diagnostic } from "../../blueprint/model";
import { linesOf } from "./excerpt";

const REMEDY = "give the path of a file, from where the command runs";

/** The files that the command line names, with the lines of all that problems may lie in. */
export class Sources {
  private readonly lines = new Map<string, readonly string[]>();
  private readonly readers: SourceFiles[] = [];

  /** The text of a file, and what is told of it; there is no text if it cannot be read. */
  open(file: string): { readonly document?: SourceDocument; readonly diagnostics: readonly Diagnostic[] } {
    const { document, files, diagnostics } = openDocument(file, REMEDY);
    if (!this.readers.includes(files)) this.readers.push(files);
    if (document !== undefined) this.lines.set(document.file, linesOf(document.text));
    return { ...(document && { document }), diagnostics };
  }

  /** Lines of a file that was opened, or of another that it takes in, which is read once. */
  linesOf(file: string): readonly string[] | undefined {
    const known = this.lines.get(file);
    if (known !== undefined || !path.extname(file)) return known;
    const texts = [...this.readers, DISK].map((files) => files.read(file));
    const found = texts.find((source) => "text" in source);
    const lines = found && "text" in found ? linesOf(found.text) : [];
    this.lines.set(file, lines);
    return lines;
  }
}
