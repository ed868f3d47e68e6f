import { BuildProblem } from "./source";

const TEMPLATE = /<#[a-z]|<@\w|\$\{[^}]*\?[a-z_]+/;

/**
 * A Dockerfile with what its `${key}` of the given keys stand for; other variables are the Dockerfile's own.
 * @throws BuildProblem if a key stands nowhere, or the Dockerfile asks for more of a template language than that.
 */
export function substitute(text: string, substitutions: Readonly<Record<string, string>>): string {
  const keys = Object.keys(substitutions);
  const missing = keys.find((key) => !text.includes(`\${${key}}`));
  if (missing !== undefined) {
    throw new BuildProblem(
      `the Dockerfile has no \${${missing}}, which docker.dockerfile.substitutions gives a value`,
      `write \${${missing}} into the Dockerfile, or remove the key`,
    );
  }
  const directive = keys.length > 0 && TEMPLATE.exec(text)?.[0];
  if (directive) {
    throw new BuildProblem(
      `the Dockerfile has '${directive}', a directive of FreeMarker`,
      "a key of docker.dockerfile.substitutions stands for ${key} alone; write the Dockerfile without directives",
    );
  }
  const values = new Map(Object.entries(substitutions));
  return text.replace(/\$\{([^}]+)\}/g, (written, key: string) => values.get(key) ?? written);
}

/** The images that a Dockerfile builds on, as far as its arguments tell them. */
export function baseImages(text: string, args: Readonly<Record<string, string>>): readonly string[] {
  const values = new Map<string, string>();
  const stages = new Set<string>(["scratch"]);
  const images = new Set<string>();
  for (const line of text.replace(/\\\r?\n/g, " ").split(/\r?\n/)) {
    const arg = /^\s*ARG\s+(\w+)(?:=(\S*))?/i.exec(line);
    // Only those before the first stage count for it.
    if (arg?.[1] !== undefined && images.size === 0) values.set(arg[1], args[arg[1]] ?? unquoted(arg[2] ?? ""));
    const from = /^\s*FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?/i.exec(line);
    if (from?.[1] === undefined) continue;
    const image = from[1].replace(
      /\$(?:\{(\w+)(?::-([^}]*))?\}|(\w+))/g,
      (_, braced, preset, bare) => values.get(braced ?? bare) || preset || "",
    );
    if (!stages.has(image.toLowerCase())) images.add(image);
    if (from[2] !== undefined) stages.add(from[2].toLowerCase());
  }
  return [...images].filter((image) => image !== "");
}

function unquoted(text: string): string {
  return text.replace(/^(["'])(.*)\1$/, "$2");
}
