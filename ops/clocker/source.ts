import { DISK } from "../../blueprint/files";
import type { Diagnostic } from "../../blueprint/model";
import { unreadable } from "../../blueprint/read";

/** The text of a file that the command line names, or why there is none. */
export function readSource(file: string): { readonly text: string } | { readonly diagnostic: Diagnostic } {
  const source = DISK.read(file);
  if ("text" in source) return source;
  return {
    diagnostic: unreadable(file, { remedy: "give the path of a file, from where the command runs", ...source }),
  };
}
