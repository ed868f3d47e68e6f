import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { extract } from "tar-stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { contentHash, packContext, readContext } from "../../../sandbox/build/context";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "clocker-context-"));
  await mkdir(path.join(folder, "deep", "er"), { recursive: true });
  await writeFile(path.join(folder, "deep", "er", "start.sh"), "#!/bin/sh\n", { mode: 0o755 });
  await writeFile(path.join(folder, "Dockerfile"), "FROM scratch\n");
});

afterEach(() => rm(folder, { recursive: true }));

describe("readContext", () => {
  it("finds files at any depth, with slashes and the execute bit", async () => {
    const files = await readContext(folder);
    expect(files.map(({ name, executable }) => [name, executable])).toEqual([
      ["Dockerfile", false],
      ["deep/er/start.sh", true],
    ]);
  });
});

describe("contentHash", () => {
  const file = (name: string, text: string, executable = false) => ({ name, content: Buffer.from(text), executable });
  const files = [file("a", "1"), file("b", "2")];
  const hash = contentHash(files, { BASE: "x", SOURCE: "y" });

  it("does not depend on the order of files or arguments", () => {
    expect(contentHash([...files].reverse(), { SOURCE: "y", BASE: "x" })).toBe(hash);
    expect(hash).toMatch(/^[0-9a-f]{12}$/);
  });

  it.each([
    ["content", [file("a", "1"), file("b", "3")], { BASE: "x", SOURCE: "y" }],
    ["name", [file("a", "1"), file("c", "2")], { BASE: "x", SOURCE: "y" }],
    ["execute bit", [file("a", "1"), file("b", "2", true)], { BASE: "x", SOURCE: "y" }],
    ["argument", files, { BASE: "z", SOURCE: "y" }],
    ["set of files", [file("a", "1")], { BASE: "x", SOURCE: "y" }],
    ["border between two files", [file("a", "12"), file("b", "")], { BASE: "x", SOURCE: "y" }],
  ])("changes with another %s", (_, other, args) => {
    expect(contentHash(other, args)).not.toBe(hash);
  });
});

describe("packContext", () => {
  it("keeps names, contents and the execute bit", async () => {
    const reader = extract();
    packContext(await readContext(folder)).pipe(reader);
    const seen: [string, number | undefined, string][] = [];
    for await (const entry of reader) {
      const chunks: Buffer[] = [];
      for await (const chunk of entry) chunks.push(Buffer.from(chunk as Uint8Array));
      seen.push([entry.header.name, entry.header.mode, Buffer.concat(chunks).toString()]);
    }
    expect(seen).toEqual([
      ["Dockerfile", 0o644, "FROM scratch\n"],
      ["deep/er/start.sh", 0o755, "#!/bin/sh\n"],
    ]);
  });
});
