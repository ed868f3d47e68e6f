import { tmpdir } from "node:os";
import { delimiter } from "node:path";
import { runCommand } from "./command";
import { EngineError } from "./errors";
import { findOnPath } from "./layout";
import { lastLine } from "./plugins";
import { formatVersion, isAtLeast, parseVersion, type Version } from "./versions";

/** A Go that can build the engine. */
export interface Go {
  readonly file: string;
  readonly version: string;
  /** Value of GOTOOLCHAIN for the build. */
  readonly toolchain: string;
  readonly moduleCache: string;
  readonly buildCache: string;
  /** GOPROXY without credentials. */
  readonly proxy: string;
}

const oldestSwitching: Version = [1, 21, 0];
const usualFolders = ["/usr/local/go/bin", "/usr/lib/go/bin", "/opt/homebrew/bin"];

/** Throws an EngineError when there is no Go or one too old. */
export async function findGo(
  needed: Version,
  environment: NodeJS.ProcessEnv,
  folders: readonly string[] = usualFolders,
): Promise<Go> {
  const remedy = `install Go ${formatVersion(needed)} or newer (https://go.dev/doc/install)`;
  const file = findOnPath("go", [environment["PATH"] ?? "", ...folders].join(delimiter));
  if (file === undefined) {
    throw new EngineError(`Go is missing: no go on PATH nor in ${folders.join(", ")}`, remedy);
  }
  // Outside the checkout, where no go.mod makes an older Go fetch another one just to answer.
  const result = await runCommand(file, ["env", "-json"], { env: environment, cwd: tmpdir(), timeoutMs: 60_000 });
  const settings = result.code === 0 ? parseSettings(result.stdout) : undefined;
  const version = parseVersion(settings?.["GOVERSION"] ?? "");
  if (settings === undefined || version === undefined) {
    throw new EngineError(`"${file} env" does not tell its version: ${lastLine(result.stderr)}`, remedy);
  }
  return {
    file,
    version: formatVersion(version),
    toolchain: chooseToolchain(file, version, needed, settings["GOTOOLCHAIN"] ?? ""),
    moduleCache: settings["GOMODCACHE"] ?? "",
    buildCache: settings["GOCACHE"] ?? "",
    proxy: (settings["GOPROXY"] ?? "").replace(/\/\/[^/@,|]*@/g, "//"),
  };
}

/** A Go that suffices builds itself; an older one may fetch its successor if its user lets it. */
export function chooseToolchain(file: string, version: Version, needed: Version, configured: string): string {
  const automatic = configured === "auto" || configured === "path" || configured.endsWith("+auto");
  if (isAtLeast(version, needed)) {
    return automatic ? "local" : configured || "local";
  }
  if (isAtLeast(version, oldestSwitching) && automatic) {
    return configured;
  }
  const remedies = [`install Go ${formatVersion(needed)} or newer (https://go.dev/doc/install)`];
  if (isAtLeast(version, oldestSwitching)) {
    remedies.push(`or let it fetch a newer Go by setting GOTOOLCHAIN=auto (it is "${configured}")`);
  }
  throw new EngineError(
    `${file} is Go ${formatVersion(version)}, the engine needs ${formatVersion(needed)}`,
    remedies.join(", "),
  );
}

function parseSettings(text: string): Record<string, string> | undefined {
  const value: unknown = JSON.parse(text);
  return typeof value === "object" && value !== null
    ? Object.fromEntries(Object.entries(value).map(([key, setting]) => [key, String(setting)]))
    : undefined;
}

/** Why a go command failed, from what it wrote to stderr; `otherwise` is what to do when that does not tell. */
export function explainGoFailure(
  step: string,
  stderr: string,
  go: Pick<Go, "proxy" | "version">,
  otherwise: string,
): EngineError {
  const lines = stderr.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("go: downloading "));
  const culprit = (pattern: RegExp): string | undefined => lines.find((line) => pattern.test(line))?.trim();

  const full = culprit(/no space left on device/);
  if (full !== undefined) {
    return new EngineError(`${step}: the disk is full: ${full}`, "free some gigabytes");
  }
  const tampered = culprit(/checksum mismatch|SECURITY ERROR/);
  if (tampered !== undefined) {
    return new EngineError(
      `${step}: a fetched module differs from the one in go.sum: ${tampered}`,
      `run "go clean -modcache" and try again; if it stays, the module proxy ${go.proxy} serves changed modules`,
    );
  }
  const network = culprit(
    /dial tcp|no such host|i\/o timeout|connection (?:refused|reset)|TLS handshake|proxyconnect|deadline exceeded|network is unreachable|server misbehaving|\b(?:40[347]|410|429|50\d) [A-Z]|module lookup disabled|x509:/,
  );
  if (network !== undefined) {
    return new EngineError(
      `${step}: Go cannot fetch a module: ${network}`,
      `allow https to the module proxy (GOPROXY is "${go.proxy}"), or set GOPROXY to one that can be reached`,
    );
  }
  const killed = culprit(/signal: killed|cannot allocate memory/);
  if (killed !== undefined) {
    return new EngineError(
      `${step}: the compiler was stopped, most likely for want of memory: ${killed}`,
      "give the machine 4 GB of memory, or set GOFLAGS=-p=1",
    );
  }
  return new EngineError(`${step} failed with Go ${go.version}:\n${lines.slice(-12).join("\n")}`, otherwise);
}
