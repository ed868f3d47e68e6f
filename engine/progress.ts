/**
 * Tells about a long step: a line at its start, one every `everyMs` with the elapsed time and what `detail` says, one at its end.
 */
export async function reportProgress<T>(
  log: (line: string) => void,
  step: string,
  work: (setDetail: (detail: string) => void) => Promise<T>,
  everyMs = 15_000,
): Promise<T> {
  const started = Date.now();
  const elapsed = (): string => formatElapsed(Date.now() - started);
  let detail = "";
  log(`${step} …`);
  const timer = setInterval(() => log(`${step}: ${elapsed()}${detail === "" ? "" : `, ${detail}`}`), everyMs);
  try {
    const result = await work((text) => {
      detail = text;
    });
    log(`${step}: done in ${elapsed()}`);
    return result;
  } finally {
    clearInterval(timer);
  }
}

export function formatElapsed(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
