/** The numeric part of a version: `v3.218.0`, `go1.26.8`, `3.259.0-alpha.1` and `go1.27rc1` all begin with one. */
export type Version = readonly [major: number, minor: number, patch: number];

/** Undefined when the text holds no `major.minor`. */
export function parseVersion(text: string): Version | undefined {
  const match = /^\s*(?:v|go)?(\d+)\.(\d+)(?:\.(\d+))?/.exec(text);
  return match === null ? undefined : [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
}

export function isAtLeast(version: Version, minimum: Version): boolean {
  for (const [index, part] of version.entries()) {
    const other = minimum[index] ?? 0;
    if (part !== other) {
      return part > other;
    }
  }
  return true;
}

export function formatVersion(version: Version): string {
  return version.join(".");
}
