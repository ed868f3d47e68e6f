/** The text of a systemd EnvironmentFile; every value is quoted, so that it arrives as it is. */
export function environmentFile(environment: Readonly<Record<string, string>>): string {
  const lines = Object.entries(environment)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}="${value.replace(/[\\"$\x60]/g, "\\$&")}"\n`);
  return lines.join("");
}
