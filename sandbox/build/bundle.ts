import path from "node:path";
import { build } from "esbuild";
import { projectFolder } from "../project";
import type { ContextFile } from "./context";

/**
 * A program of the project as one file for Debian's Node 18, with all packages that it uses but native ones, which are optional.
 * `entry` is a path below the project's folder.
 */
export async function bundle(entry: string, name: string): Promise<ContextFile> {
  const result = await build({
    entryPoints: [path.join(projectFolder(), entry)],
    bundle: true,
    platform: "node",
    target: "node18",
    format: "cjs",
    external: ["*.node", "cpu-features"],
    write: false,
    logLevel: "silent",
  });
  return { name, content: Buffer.from(result.outputFiles[0]?.contents ?? ""), executable: false };
}
