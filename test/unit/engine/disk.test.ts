import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { filesystemOf, requireSpace } from "../../../engine/disk";
import { temporaryFolder } from "./fakes";

const disks = (free: Record<string, number>) => (folder: string) => {
  const device = folder.startsWith("/a") ? 1 : 2;
  return { device, freeBytes: free[String(device)] ?? 0 };
};

describe("disk space", () => {
  it("is enough when each file system holds what goes there", () => {
    const needs = [
      { folder: "/a/x", bytes: 2e9 },
      { folder: "/b/x", bytes: 3e9 },
    ];
    expect(() => requireSpace(needs, disks({ 1: 2e9, 2: 3e9 }))).not.toThrow();
  });

  it("is summed up for folders on one file system, and the error names need, rest and folders", () => {
    const needs = [
      { folder: "/a/x", bytes: 2e9 },
      { folder: "/a/y", bytes: 1.5e9 },
    ];
    expect(() => requireSpace(needs, disks({ 1: 3e9 }))).toThrow(
      expect.objectContaining({
        message: "too little disk space: about 3.5 GB are needed, 3.0 GB are free for /a/x, /a/y",
        remedy: expect.stringContaining("free 0.5 GB there"),
      }),
    );
  });

  it("is that of the nearest folder that exists", () => {
    const folder = temporaryFolder();
    expect(filesystemOf(join(folder, "not", "yet")).device).toBe(filesystemOf(folder).device);
    expect(filesystemOf(folder).freeBytes).toBeGreaterThan(0);
  });
});
