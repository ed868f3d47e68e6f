import { readFile } from "node:fs/promises";
import path from "node:path";
import { projectFolder } from "../project";
import type { ContextFile } from "./context";

/** The script by which images make their certificates; it is part of every context that copies it. */
export async function certificateScript(): Promise<ContextFile> {
  const name = "certificates.sh";
  return { name, content: await readFile(path.join(projectFolder(), "sandbox", "images", name)), executable: false };
}
