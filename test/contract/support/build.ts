import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { join } from "node:path";

/** The engine's provider process runs compiled handlers; a test of older ones would prove nothing. */
export function setup(): void {
  const handlers = join(process.cwd(), "bin/providers/handlers.js");
  const compiler = join(process.cwd(), "node_modules/typescript/bin/tsc");
  const before = statSync(handlers, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const { stdout } = spawnSync(process.execPath, [compiler, "-p", "tsconfig.build.json"], { encoding: "utf8" });
  const after = statSync(handlers, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  // Type errors elsewhere are the business of `npm run types`.
  if (after <= before) throw new Error(`the build made no ${handlers}:\n${stdout}`);
}
