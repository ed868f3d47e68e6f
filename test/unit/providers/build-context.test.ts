import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import AdmZip from "adm-zip";
import { pack } from "tar-stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { digestOf, readContext } from "../../../providers/docker/build/context";
import { baseImages, substitute } from "../../../providers/docker/build/dockerfile";
import type { BuildSource } from "../../../providers/docker/build/source";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "clocker-context-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

function write(name: string, content: string | Buffer, mode = 0o644): string {
  const place = path.join(folder, name);
  mkdirSync(path.dirname(place), { recursive: true });
  writeFileSync(place, content, { mode });
  return place;
}

function source(place: string, more: Partial<BuildSource> = {}): BuildSource {
  return { dockerfile: { path: place }, dockerfileName: "Dockerfile", substitutions: {}, ...more };
}

/** Names of a context with what is there: content, `/` for a folder, target of a link. */
async function listed(build: BuildSource): Promise<Record<string, string>> {
  const { entries } = await readContext(build);
  const described = entries.map(async (entry): Promise<[string, string]> => {
    if (entry.type === "directory") return [entry.name, "/"];
    if (entry.type === "symlink") return [entry.name, `-> ${entry.target}`];
    return [entry.name, `${entry.executable ? "x " : ""}${await entry.read()}`];
  });
  return Object.fromEntries(await Promise.all(described));
}

async function tar(entries: Readonly<Record<string, string>>): Promise<Buffer> {
  const archive = pack();
  for (const [name, content] of Object.entries(entries)) archive.entry({ name, mode: 0o755 }, content);
  archive.finalize();
  return buffer(archive);
}

const NO_OPTIONS = { args: {}, labels: {} };
const digest = () => digestOf(source(folder), NO_OPTIONS);

describe("the context of a build", () => {
  it("is a folder with its links, folders and what may be executed", async () => {
    write("Dockerfile", "FROM a");
    write("run.sh", "true", 0o755);
    mkdirSync(path.join(folder, "empty"));
    symlinkSync("run.sh", path.join(folder, "start"));
    expect(await listed(source(folder))).toEqual({
      Dockerfile: "FROM a",
      empty: "/",
      "run.sh": "x true",
      start: "-> run.sh",
    });
  });

  it.each([
    ["web.tar", (bytes: Buffer) => bytes],
    ["web.tar.gz", (bytes: Buffer) => gzipSync(bytes)],
    ["web.tgz", (bytes: Buffer) => gzipSync(bytes)],
  ])("is what is in %s", async (name, packed) => {
    const place = write(name, packed(await tar({ "./Dockerfile": "FROM a", "bin/run": "true" })));
    expect(await listed(source(place))).toEqual({ Dockerfile: "x FROM a", "bin/run": "x true" });
  });

  it("is what is in a zip archive", async () => {
    const zip = new AdmZip();
    zip.addFile("Dockerfile", Buffer.from("FROM a"), "", 0o644);
    zip.addFile("bin/run", Buffer.from("true"), "", 0o755);
    const place = write("web.zip", zip.toBuffer());
    expect(await listed(source(place))).toEqual({ Dockerfile: "FROM a", "bin/run": "x true" });
  });

  it("is a Dockerfile alone, or with a folder, a script and values of its own", async () => {
    const place = write("Web.dockerfile", "FROM a:${version}\nRUN echo $HOME ${OTHER}");
    expect(await listed(source(place))).toEqual({ Dockerfile: "FROM a:${version}\nRUN echo $HOME ${OTHER}" });
    write("files/page", "hello");
    const more = {
      context: path.join(folder, "files"),
      entrypoint: write("start", "exec web"),
      dockerfileName: "D",
      substitutions: { version: "8" },
    };
    expect(await listed(source(place, more))).toEqual({
      D: "FROM a:8\nRUN echo $HOME ${OTHER}",
      "entrypoint.sh": "x exec web",
      page: "hello",
    });
  });

  it("has a digest that changes with contents, names, modes, arguments, labels and target, not with places and times", async () => {
    write("Dockerfile", "FROM a");
    write("page", "hello");
    const seen = [await digest()];
    const other = source(folder);
    for (const options of [{ args: { A: "b" } }, { labels: { a: "b" } }, { target: "t" }]) {
      seen.push(await digestOf(other, { ...NO_OPTIONS, ...options }));
    }
    write("page", "hallo");
    seen.push(await digest());
    write("more", "");
    seen.push(await digest());
    rmSync(path.join(folder, "more"));
    write("more", "", 0o755);
    seen.push(await digest());
    expect(new Set(seen).size).toBe(seen.length);
    const before = await digest();
    write("Dockerfile", "FROM a");
    expect(await digest()).toBe(before);
  });

  it.each<[string, () => BuildSource | Promise<BuildSource>, RegExp]>([
    ["nothing there", () => source("/nowhere/web"), /^\/nowhere\/web: there is no such file or folder$/],
    ["a folder without Dockerfile", () => source(folder), /has no file 'Dockerfile' to build from$/],
    ["an archive of another kind", () => source(write("web.tar.xz", "")), /web\.tar\.xz is an archive of a kind/],
    ["a damaged archive", () => source(write("web.zip", "no")), /web\.zip is no archive, or a damaged one: /],
    ["an empty archive", () => source(write("web.tar", "")), /web\.tar is no archive, or a damaged one: /],
    [
      "an archive that leads out",
      async () => source(write("web.tar", await tar({ "../Dockerfile": "FROM a" }))),
      /has the entry '\.\.\/Dockerfile', which lies outside of it$/,
    ],
    [
      "a context that is a file",
      () => source(write("D", "FROM a"), { context: write("page", "") }),
      /page is neither a folder nor an archive$/,
    ],
  ])("with %s is refused", async (_what, build, message) => {
    await expect(readContext(await build())).rejects.toThrow(message);
  });
});

describe("values of a Dockerfile", () => {
  it("that stand nowhere, and directives of FreeMarker, are refused", () => {
    expect(() => substitute("FROM a", { version: "1" })).toThrow("the Dockerfile has no ${version}");
    expect(() => substitute("FROM a:${version}\n<#if x>", { version: "1" })).toThrow(
      "'<#i', a directive of FreeMarker",
    );
    expect(substitute("FROM a:${tag:-1}", {})).toBe("FROM a:${tag:-1}");
  });

  it("are not read again once they are filled in", () => {
    expect(substitute("A=${a} B=${b}", { a: "${b}", b: "$&" })).toBe("A=${b} B=$&");
  });

  it("tell the images that it builds on", () => {
    const text = [
      "ARG BASE=registry.example/base",
      'ARG TAG="1"',
      "FROM --platform=linux/amd64 $BASE:${TAG} AS build",
      "ARG TAG=9",
      "FROM scratch",
      "from build",
      "FROM other:${MISSING:-2} \\\n  as last",
    ].join("\n");
    expect(baseImages(text, { TAG: "3" })).toEqual(["registry.example/base:3", "other:2"]);
  });
});
