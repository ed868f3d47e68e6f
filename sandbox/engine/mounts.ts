import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Unmounts what is mounted on the folder or below it. */
export async function unmountBelow(folder: string): Promise<void> {
  for (;;) {
    // Read anew each time: one unmount takes along what it was propagated to.
    const [last] = mountPoints(await readFile("/proc/self/mountinfo", "utf8"), folder);
    if (last === undefined) return;
    await run("umount", [last]);
  }
}

/** Where the table of mounts has something on the folder or below it, in the order in which it can be unmounted. */
export function mountPoints(mountinfo: string, folder: string): string[] {
  return mountinfo
    .split("\n")
    .map((line) => line.split(" ")[4] ?? "")
    .map((point) => point.replace(/\\([0-7]{3})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 8))))
    .filter((point) => point === folder || point.startsWith(`${folder}/`))
    .reverse();
}
