/** A way to the engine that is closed: `message` says what is missing, `remedy` what to do. Expected, hence shown without a stack. */
export class EngineError extends Error {
  constructor(
    message: string,
    readonly remedy: string,
  ) {
    super(message);
    this.name = "EngineError";
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
