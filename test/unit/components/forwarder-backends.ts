/** The ports of a forwarder, each followed by where it leads. */
export function backendsOf(container: Readonly<Record<string, unknown>>): string[] {
  const [upload] = container["uploads"] as { content: string }[];
  return [...(upload?.content ?? "").matchAll(/^listen (\S+)$|^ {2}server \S+ (\S+)/gm)].map(
    ([, port, backend]) => port ?? backend ?? "",
  );
}
