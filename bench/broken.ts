import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { readBlueprint } from "../blueprint/read";
import { projectRoot } from "../engine/requirements";
import { EXTREME_ARCHIVES } from "./extreme-archives";
import { EXTREME } from "./extreme-files";

/** What one file may cost: seconds of processor time, and bytes at once. */
const LIMIT = { seconds: 2, bytes: 300e6 };

interface Cost {
  readonly seconds: number;
  readonly bytes: number;
  readonly codes: readonly string[];
}

/** In a process of its own, whose memory is that of the one file. */
async function readOne(file: string): Promise<void> {
  const before = process.cpuUsage();
  const { diagnostics } = await readBlueprint(file);
  const { user, system } = process.cpuUsage(before);
  const codes = [...new Set(diagnostics.map(({ code }) => code))];
  const cost: Cost = { seconds: (user + system) / 1e6, bytes: process.resourceUsage().maxRSS * 1024, codes };
  console.log(JSON.stringify(cost));
}

function measure(file: string): Cost {
  const { status, stdout, stderr } = spawnSync(process.execPath, [__filename, file], { encoding: "utf8" });
  if (status !== 0) throw new Error(`reading ${file} failed: ${stderr}`);
  return JSON.parse(stdout) as Cost;
}

function measureAll(): void {
  const good = readFileSync(path.join(projectRoot(), "examples", "1-docker.yaml"), "utf8");
  const folder = mkdtempSync(path.join(tmpdir(), "clocker-bench-"));
  try {
    console.log("blueprints and archives that are large or deep");
    const all = [
      ...EXTREME.map(([what, make]) => [what, ".yaml", () => make(good)] as const),
      ...EXTREME_ARCHIVES.map(([what, make]) => [what, ".csar", make] as const),
    ];
    for (const [index, [what, extension, make]] of all.entries()) {
      const file = path.join(folder, `${index}${extension}`);
      writeFileSync(file, make());
      const { seconds, bytes, codes } = measure(file);
      const over = seconds > LIMIT.seconds || bytes > LIMIT.bytes ? "  OVER" : "";
      const figures = `${seconds.toFixed(2).padStart(6)} s ${(bytes / 1e6).toFixed(0).padStart(4)} MB`;
      console.log(`  ${what.padEnd(24)}${figures}  ${codes.join(", ")}${over}`);
    }
    console.log(`Times are the processor's; ${LIMIT.seconds} s and ${LIMIT.bytes / 1e6} MB are what a file may cost`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const [, , file] = process.argv;
if (file === undefined) measureAll();
else void readOne(file);
