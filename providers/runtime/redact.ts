/** Replaces every secret in a text. Values shorter than three characters are left: they would blank out ordinary words. */
export function redact(text: string, secrets: Iterable<string>): string {
  const longestFirst = [...new Set(secrets)].filter((secret) => secret.length >= 3).sort((a, b) => b.length - a.length);
  let redacted = text;
  for (const secret of longestFirst) {
    for (const form of new Set([secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)])) {
      redacted = redacted.split(form).join("[secret]");
    }
  }
  return redacted;
}
