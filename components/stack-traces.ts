/**
 * Drops stack frames such as `…/node_modules/@scope/file.ts:1:2` from errors that nobody handles. Node 20 spends half a minute on
 * colouring one, and Pulumi's own source-mapped frames are of that form, so every failing preview would hang that long.
 */
export function shortenStackTraces(): void {
  process.prependListener("uncaughtException", shorten);
  process.prependListener("unhandledRejection", shorten);
}

function shorten(error: unknown): void {
  if (error instanceof Error && error.stack !== undefined) {
    error.stack = error.stack.replace(/^.*node_modules[\\/]@[^\\/\n]+[\\/][^\\/\n]*$\n?/gm, "");
  }
}
