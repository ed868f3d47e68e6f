import { execFileSync } from "node:child_process";
import { ensureEngine } from "../../../engine/environment";
import { sandboxDown } from "../../../sandbox/down";
import { sandboxUp } from "../../../sandbox/up";
import { ROOT, SANDBOX } from "./stack";

const log = (line: string): void => console.log(line);

/**
 * The engine and a sandbox of the tests' own. Both end with the tests, unless `CLOCKER_KEEP_SANDBOX` is set, which spares a developer
 * the start of the clouds.
 */
export async function setup(): Promise<() => Promise<void>> {
  execFileSync("npm", ["run", "--silent", "build"], { cwd: ROOT, stdio: "inherit" });
  await ensureEngine({ log });
  await sandboxUp({ name: SANDBOX, log });
  return async () => {
    if (process.env["CLOCKER_KEEP_SANDBOX"] === undefined) {
      await sandboxDown({ name: SANDBOX, volumes: true, images: false, log });
    }
  };
}
