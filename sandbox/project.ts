import { existsSync } from "node:fs";
import path from "node:path";

/** The project's root folder, the same for sources and for what is compiled into `bin`. */
export function projectFolder(): string {
  for (let folder = __dirname; folder !== path.dirname(folder); folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, "package.json"))) return folder;
  }
  throw new Error(`no package.json above ${__dirname}`);
}

/** Where the description of a sandbox is kept: credentials in clear, readable by its owner alone. */
export function descriptionFile(name: string, root = projectFolder()): string {
  return path.join(root, ".sandbox", `${name}.json`);
}

/** Where the stacks on a sandbox keep their state and passphrase; they end with the sandbox's volumes. */
export function stackFolder(name: string, root = projectFolder()): string {
  return path.join(root, ".sandbox", `${name}-stacks`);
}
