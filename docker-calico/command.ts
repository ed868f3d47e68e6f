import { execFile } from "node:child_process";

/** Runs a program and gives what it printed. */
export type Run = (program: string, args: readonly string[]) => Promise<string>;

const TIME_LIMIT_MS = 20_000;

/** @throws Error with the program's own words if it fails, is missing or takes longer than 20 seconds. */
export const run: Run = (program, args) =>
  new Promise((resolve, reject) => {
    execFile(program, args, { timeout: TIME_LIMIT_MS, maxBuffer: 16 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (!error) return resolve(stdout);
      // iptables warns of the other kind of tables before it says what is wrong.
      const said =
        stderr.split("\n").find((line) => line.trim() !== "" && !line.startsWith("# Warning")) ||
        (error.killed ? "no end after 20 seconds" : error.message);
      reject(new Error(`${program} ${args.join(" ")} failed: ${said}`));
    });
  });
