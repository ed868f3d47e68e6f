import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DnsError } from "./dns-error";
import type { Tsig } from "./network-settings";

const DEADLINE_MS = 60_000;

export interface Ended {
  /** Undefined if it was stopped at the deadline. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs one of BIND's programs with its input. The key is in a file of this user alone for as long as it runs, never among the arguments.
 * @throws DnsError if the program is not installed.
 */
export async function runProgram(
  program: "dig" | "nsupdate",
  args: readonly string[],
  tsig: Tsig,
  input: string,
): Promise<Ended> {
  const folder = await mkdtemp(join(tmpdir(), "clocker-dns-"));
  try {
    const file = join(folder, "key");
    const text = `key "${tsig.name}" { algorithm ${tsig.algorithm}; secret "${tsig.secret}"; };\n`;
    await writeFile(file, text, { mode: 0o600, flag: "wx" });
    return await run(program, ["-k", file, ...args], folder, input);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function run(program: string, args: readonly string[], home: string, input: string): Promise<Ended> {
  return new Promise((resolve, reject) => {
    // Another HOME: a user's .digrc would change what dig prints.
    const env = { PATH: process.env["PATH"], HOME: home, LC_ALL: "C" };
    const child = spawn(program, args, { env, timeout: DEADLINE_MS, killSignal: "SIGKILL" });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (chunk) => (stdout += chunk));
    child.stderr.on("data", (chunk) => (stderr += chunk));
    // It may end before it has read everything; its exit code tells why.
    child.stdin.on("error", () => {});
    child.stdin.end(input);
    child.on("error", (error) => reject(missing(program, error)));
    child.on("close", (code) => resolve({ code: code ?? undefined, stdout, stderr }));
  });
}

function missing(program: string, error: Error): DnsError {
  return new DnsError(
    "PROGRAM",
    `${program} cannot be run (${(error as NodeJS.ErrnoException).code ?? error.message}): install it with the package bind9-dnsutils ` +
      "(Debian, Ubuntu), bind-utils (Fedora, RHEL, openSUSE), bind-tools (Alpine) or bind (Arch, Homebrew) so that it is on PATH",
  );
}
