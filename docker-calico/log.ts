/** What a line is about, besides its message: plain values. */
type Facts = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Log {
  info(message: string, facts?: Facts): void;
  warn(message: string, facts?: Facts): void;
  error(message: string, facts?: Facts): void;
}

/** One JSON object a line: time, level, message and facts. */
export function lineLog(write: (line: string) => void): Log {
  const line = (level: string) => (message: string, facts?: Facts) =>
    write(`${JSON.stringify({ time: new Date().toISOString(), level, message, ...facts })}\n`);
  return { info: line("info"), warn: line("warn"), error: line("error") };
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
