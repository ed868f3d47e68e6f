import { spawn } from "node:child_process";
import { constants } from "node:fs";
import { access, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { type Log, type Note, step } from "../progress";
import { SandboxError } from "../sandbox-error";

const POLICY = "/usr/sbin/policy-rc.d";
const SYSTEM_FOLDERS = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

/** Path of a program on PATH or in the system's folders, undefined if it is not installed. */
async function findProgram(program: string): Promise<string | undefined> {
  for (const folder of [...(process.env["PATH"] ?? "").split(path.delimiter), ...SYSTEM_FOLDERS]) {
    const file = path.join(folder, program);
    const found = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return file;
  }
  return undefined;
}

/**
 * Path of a program, installed from Debian's packages if it is missing. That needs root on Debian or a relative of it; else
 * the error says `otherwise`.
 */
export async function ensureProgram(
  program: string,
  packages: readonly string[],
  otherwise: string,
  log: Log,
): Promise<string> {
  const found = await findProgram(program);
  if (found) return found;
  const names = packages.join(" ");
  if (process.getuid?.() !== 0 || !(await isDebian())) {
    throw new SandboxError(
      `${program} is not installed and cannot be installed by this user on this system; ${otherwise}`,
    );
  }
  await step(log, `apt-get install ${names}`, async (note) => {
    if ((await aptGet(["install", ...packages], note)) === 0) return;
    await aptGet(["update"], note);
    const code = await aptGet(["install", ...packages], note);
    if (code !== 0)
      throw new SandboxError(`apt-get install ${names} failed with code ${code}; run it by hand to see why`);
  });
  const installed = await findProgram(program);
  if (!installed) throw new SandboxError(`${program} is still missing after apt-get install ${names}; ${otherwise}`);
  return installed;
}

async function isDebian(): Promise<boolean> {
  const release = await readFile("/etc/os-release", "utf8").catch(() => "");
  return /^ID(_LIKE)?=.*debian/m.test(release);
}

/** Runs apt-get so that no package starts a service. */
async function aptGet(args: readonly string[], note: Note): Promise<number> {
  const own = await writeFile(POLICY, "#!/bin/sh\nexit 101\n", { mode: 0o755, flag: "wx" }).then(
    () => true,
    () => false,
  );
  try {
    const child = spawn("apt-get", ["-y", "--no-install-recommends", ...args], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    });
    const tell = (data: Buffer) => note(data.toString().trim().split("\n").at(-1)?.slice(0, 100) ?? "");
    child.stdout.on("data", tell);
    child.stderr.on("data", tell);
    return await new Promise((resolve) => {
      child.on("error", () => resolve(127));
      child.on("close", (code) => resolve(code ?? 1));
    });
  } finally {
    if (own) await rm(POLICY, { force: true });
  }
}
