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

/**
 * Spares the stack traces that Pulumi's SDK keeps with each of its promises, several a resource: to map them to sources takes half of a
 * large program's time. Only `PULUMI_DEBUG_PROMISE_LEAKS` shows them; with it they stay.
 */
export function skipPromiseTraces(): void {
  const format = Error.prepareStackTrace;
  if (format === undefined || process.env["PULUMI_DEBUG_PROMISE_LEAKS"]) return;
  Error.prepareStackTrace = (error, frames) =>
    frames[0]?.getFunctionName() === "debuggablePromise" ? String(error) : format(error, frames);
}
