/** One file, folder or link of a build's context. */
export type ContextEntry =
  | { readonly type: "file"; readonly name: string; readonly executable: boolean; read(): Promise<Buffer> }
  | { readonly type: "directory"; readonly name: string }
  | { readonly type: "symlink"; readonly name: string; readonly target: string };

/** What is read of a context. */
export const CONTEXT_LIMITS = {
  /** Files, folders and links. */
  entries: 20_000,
  /** Bytes of all files. */
  bytes: 2 ** 28,
};

/** Whether a name leads out of the context. */
export function isOutside(name: string): boolean {
  return name.startsWith("/") || name.split("/").includes("..");
}
