import { existsSync, statfsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { EngineError } from "./errors";

export interface SpaceNeed {
  readonly folder: string;
  readonly bytes: number;
}

export interface Filesystem {
  readonly device: number;
  readonly freeBytes: number;
}

/** The file system on which a folder lies or will lie. */
export function filesystemOf(folder: string): Filesystem {
  let existing = folder;
  while (!existsSync(existing) && existing !== dirname(existing)) {
    existing = dirname(existing);
  }
  const { bavail, bsize } = statfsSync(existing);
  return { device: statSync(existing).dev, freeBytes: bavail * bsize };
}

/** Throws an EngineError when the folders that share a file system need more than is free there. */
export function requireSpace(
  needs: readonly SpaceNeed[],
  inspect: (folder: string) => Filesystem = filesystemOf,
): void {
  const byDevice = new Map<number, { freeBytes: number; needed: number; folders: string[] }>();
  for (const need of needs) {
    const { device, freeBytes } = inspect(need.folder);
    const sum = byDevice.get(device) ?? { freeBytes, needed: 0, folders: [] };
    sum.needed += need.bytes;
    sum.folders.push(need.folder);
    byDevice.set(device, sum);
  }
  for (const { freeBytes, needed, folders } of byDevice.values()) {
    if (freeBytes < needed) {
      throw new EngineError(
        `too little disk space: about ${gigabytes(needed)} are needed, ${gigabytes(freeBytes)} are free for ${folders.join(", ")}`,
        `free ${gigabytes(needed - freeBytes)} there, or move the folders with XDG_CACHE_HOME, GOCACHE and GOMODCACHE`,
      );
    }
  }
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
