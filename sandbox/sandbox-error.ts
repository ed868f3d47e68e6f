/** A failure that the user can mend: its message says what failed, with which value, and what to do; it is shown without a stack. */
export class SandboxError extends Error {
  override readonly name = "SandboxError";
}

/** Text of anything thrown. */
export function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** HTTP status of an engine's answer, if the error is one. */
export function statusOf(error: unknown): number | undefined {
  if (typeof error !== "object" || error === null || !("statusCode" in error)) return undefined;
  return typeof error.statusCode === "number" ? error.statusCode : undefined;
}
