import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { fillFolder } from "../../../engine/cache";
import { temporaryFolder } from "./fakes";

describe("a folder of the cache", () => {
  const keepAlive = (): void => undefined;

  afterEach(() => {
    process.off("SIGTERM", keepAlive);
  });

  it("appears only when it is whole", async () => {
    const cacheDir = temporaryFolder();
    const seen: string[][] = [];
    const folder = await fillFolder(cacheDir, "key", async (temporary) => {
      writeFileSync(join(temporary, "a"), "1");
      seen.push(readdirSync(cacheDir).filter((name) => !name.startsWith(".")));
    });
    expect(seen).toEqual([[]]);
    expect(readFileSync(join(folder, "a"), "utf8")).toBe("1");
    expect(readdirSync(cacheDir)).toEqual(["key"]);
  });

  it("takes the place of one that was damaged", async () => {
    const cacheDir = temporaryFolder();
    mkdirSync(join(cacheDir, "key"));
    writeFileSync(join(cacheDir, "key", "old"), "");
    await fillFolder(cacheDir, "key", async (temporary) => writeFileSync(join(temporary, "new"), ""));
    expect(readdirSync(join(cacheDir, "key"))).toEqual(["new"]);
  });

  it("leaves nothing when filling it fails", async () => {
    const cacheDir = temporaryFolder();
    const failing = fillFolder(cacheDir, "key", async (temporary) => {
      writeFileSync(join(temporary, "a"), "1");
      throw new Error("half-way");
    });
    await expect(failing).rejects.toThrow("half-way");
    expect(readdirSync(cacheDir)).toEqual([]);
  });

  it("leaves nothing when the process is told to stop meanwhile", async () => {
    const cacheDir = temporaryFolder();
    process.on("SIGTERM", keepAlive);
    const stopped = fillFolder(cacheDir, "key", async (temporary) => {
      writeFileSync(join(temporary, "a"), "1");
      process.emit("SIGTERM", "SIGTERM");
      expect(readdirSync(cacheDir)).toEqual([]);
      throw new Error("its program was stopped");
    });
    await expect(stopped).rejects.toThrow("its program was stopped");
  });

  it("is rid of what a killed run left behind, not of what a running one writes", async () => {
    const cacheDir = temporaryFolder();
    const dead = `.making-${hostname()}-${spawnSync("true").pid}-x`;
    const alive = `.making-${hostname()}-${process.ppid}-x`;
    const elsewhere = `.making-elsewhere-1-x`;
    for (const name of [dead, alive, elsewhere]) {
      mkdirSync(join(cacheDir, name));
    }
    await fillFolder(cacheDir, "key", async () => undefined);
    expect(readdirSync(cacheDir).sort()).toEqual([alive, elsewhere, "key"].sort());
  });
});
