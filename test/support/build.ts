import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { join } from "node:path";

const BUILT = Symbol.for("clocker.tests.built");
const handled = globalThis as { [BUILT]?: true };

/** Compiles the project into `bin`, once for all projects of a run. @throws Error if nothing was made. */
export function buildOnce(): void {
  if (handled[BUILT]) return;
  const handlers = join(process.cwd(), "bin/providers/handlers.js");
  const compiler = join(process.cwd(), "node_modules/typescript/bin/tsc");
  const before = statSync(handlers, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const { stdout } = spawnSync(process.execPath, [compiler, "-p", "tsconfig.build.json"], { encoding: "utf8" });
  const after = statSync(handlers, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  // Type errors elsewhere are the business of `npm run types`.
  if (after <= before) throw new Error(`the build made no ${handlers}:\n${stdout}`);
  handled[BUILT] = true;
}
