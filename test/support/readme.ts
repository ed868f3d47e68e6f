import { readFileSync } from "node:fs";
import path from "node:path";

const README = path.join(__dirname, "..", "..", "README.md");

/** The fenced blocks of the README in one language, in order. */
export function readmeBlocks(language: string): string[] {
  const text = readFileSync(README, "utf8");
  return [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)]
    .filter(([, found]) => found === language)
    .map(([, , block]) => block ?? "");
}
