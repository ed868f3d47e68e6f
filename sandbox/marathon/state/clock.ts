/** Version stamps: UTC with milliseconds, each later than the one before. */
export class Clock {
  private last = 0;

  next(): string {
    this.last = Math.max(Date.now(), this.last + 1);
    return new Date(this.last).toISOString();
  }
}

export function now(): string {
  return new Date().toISOString();
}
