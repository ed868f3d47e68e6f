/** A file made of a good one. */
type Extreme = readonly [what: string, make: (text: string) => string];

const behind = (added: string) => (text: string) => `${text.trimEnd()}\n${added}\n`;
const nested = (depth: number) => `deep: ${"[".repeat(depth)}${"]".repeat(depth)}`;

/** Files that are large or deep, one of each: what reading a blueprint costs at most. */
export const EXTREME: readonly Extreme[] = [
  ["10 MB of comments", (text) => text + `# ${"x".repeat(98)}\n`.repeat(100_000)],
  ["500 kB in one value", behind(`x-any: ${"x".repeat(500_000)}`)],
  ["500 kB of services", (text) => text + `  - type: docker:redis:3\n    no-such-key: 1\n`.repeat(11_000)],
  ["lists in lists", behind(nested(20_000))],
  ["maps in maps", behind(`deep: ${"{ a: ".repeat(5000)}1${" }".repeat(5000)}`)],
  [
    "aliases that multiply",
    behind(
      Array.from({ length: 9 }, (_, level) =>
        level === 0
          ? "a0: &a0 [x, x, x]"
          : `a${level}: &a${level} [${Array(9)
              .fill(`*a${level - 1}`)
              .join(", ")}]`,
      ).join("\n"),
    ),
  ],
];
