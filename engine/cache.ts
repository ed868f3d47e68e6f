import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { guarded } from "./interrupts";
import { isAlive } from "./processes";

const temporaryPrefix = ".making-";
const ownPrefix = `${temporaryPrefix}${hostname()}-`;
const abandonedAfterMs = 6 * 3_600_000;

/**
 * Fills `<cacheDir>/<key>` by way of a temporary folder that is renamed at the end, so that the folder is whole or absent,
 * also after Ctrl-C. Runs under the lock of the cache: what earlier runs left behind goes first.
 */
export async function fillFolder(
  cacheDir: string,
  key: string,
  fill: (folder: string) => Promise<void>,
): Promise<string> {
  mkdirSync(cacheDir, { recursive: true });
  removeAbandoned(cacheDir);
  const target = join(cacheDir, key);
  const temporary = mkdtempSync(join(cacheDir, `${ownPrefix}${process.pid}-`));
  const discard = (): void => rmSync(temporary, { recursive: true, force: true });
  try {
    await guarded(discard, async () => {
      await fill(temporary);
      rmSync(target, { recursive: true, force: true });
      renameSync(temporary, target);
    });
  } finally {
    discard();
  }
  return target;
}

function removeAbandoned(cacheDir: string): void {
  for (const name of readdirSync(cacheDir).filter((entry) => entry.startsWith(temporaryPrefix))) {
    const folder = join(cacheDir, name);
    const abandoned = name.startsWith(ownPrefix)
      ? !isAlive(Number.parseInt(name.slice(ownPrefix.length), 10))
      : Date.now() - statSync(folder).mtimeMs > abandonedAfterMs;
    if (abandoned) {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}
