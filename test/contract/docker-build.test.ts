import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { buildHandler } from "../../providers/docker/build/build-handler";
import { digestOf } from "../../providers/docker/build/context";
import type { BuildOptions, BuildSource } from "../../providers/docker/build/source";
import type { Properties, StackConfig } from "../../providers/runtime/handler";
import { ensureBase } from "../../sandbox/base";
import { readFiles } from "../../sandbox/container-files";
import { ENGINE_TIMEOUT, type TestEngine, testEngine } from "./support/engine";

const run = randomUUID();
const name = `clocker/test-${run.slice(0, 8)}`;
let engine: TestEngine;
let base: string;
let config: StackConfig;
let folder: string;

beforeAll(async () => {
  engine = await testEngine();
  base = (await ensureBase(engine, () => undefined)).tag;
  const locations = { docks: { type: "docker", hosts: { h1: { url: engine.host, address: "198.18.0.1" } } } };
  config = { get: (key) => (key === "clocker:locations" ? JSON.stringify(locations) : undefined) };
}, ENGINE_TIMEOUT);

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "clocker-build-"));
  await file("Dockerfile", `FROM ${base}\nARG MODE=plain\nRUN echo "built as $MODE" > /built\nCOPY . /app/\n`);
});

afterEach(async () => {
  rmSync(folder, { recursive: true });
  for (const { Id } of await engine.docker.listContainers({ all: true, filters: { label: [`test.run=${run}`] } })) {
    await engine.docker.getContainer(Id).remove({ force: true });
  }
  for (const { Id } of await engine.docker.listImages({ filters: { label: [`test.run=${run}`] } })) {
    await engine.docker.getImage(Id).remove({ force: true });
  }
});

async function file(place: string, content: string): Promise<void> {
  await mkdir(path.dirname(path.join(folder, place)), { recursive: true });
  await writeFile(path.join(folder, place), content);
}

async function inputs(options: Partial<BuildOptions> = {}, source: Partial<BuildSource> = {}): Promise<Properties> {
  const whole = { dockerfile: { path: folder }, dockerfileName: "Dockerfile", substitutions: {}, ...source };
  const all = { args: {}, labels: { "test.run": run }, ...options };
  const digest = await digestOf(whole, all);
  return { location: "docks", host: "h1", name, digest, source: whole, ...all, timeoutSeconds: 120 };
}

/** What an image holds at a path, file by file. */
async function contents(imageId: string, place: string): Promise<Record<string, string>> {
  const container = await engine.docker.createContainer({ Image: imageId, Labels: { "test.run": run } });
  const files = await readFiles(container, place);
  return Object.fromEntries([...(files ?? [])].map(([key, value]) => [key, String(value)]));
}

const images = () => engine.docker.listImages({ filters: { label: [`test.run=${run}`] } });

describe("docker.Build on a real Docker Engine", () => {
  test("builds a folder with arguments and labels, without what .dockerignore leaves out", async () => {
    await file("page.html", "hello");
    await file("logs/a.log", "noise");
    await file("app/note.txt", "kept");
    await file("app/note.log", "noise");
    await file(".dockerignore", "*\n!page.html\n!app/*.txt\n");
    const { id, outs } = await buildHandler.create(await inputs({ args: { MODE: "fast" } }), config);
    expect(outs["imageId"]).toBe(id);
    expect(Object.values(await contents(id, "/built"))).toEqual(["built as fast\n"]);
    expect(Object.values(await contents(id, "/app"))).toEqual([expect.stringMatching(/^FROM /), "kept", "hello"]);
    const [image] = await images();
    expect(image).toMatchObject({ Id: id, RepoTags: [expect.stringMatching(`^${name}:[0-9a-f]{16}$`)] });
  });

  test("what is unchanged is no change, wherever the files lie; a changed file is another image", async () => {
    const before = await inputs();
    const { id, outs } = await buildHandler.create(before, config);
    const moved = { ...before, source: { ...(before["source"] as object), dockerfile: { path: "/elsewhere" } } };
    expect(await buildHandler.diff(id, outs, moved)).toEqual({ changes: false, replaces: [] });
    expect(await buildHandler.read(id, outs, config)).toMatchObject({ id, props: outs });
    await file("page.html", "changed");
    const after = await inputs();
    expect(await buildHandler.diff(id, outs, after)).toEqual({ changes: true, replaces: ["digest"] });
    const next = await buildHandler.create(after, config);
    expect(next.id).not.toBe(id);
    await buildHandler.delete(id, outs, config);
    expect((await images()).map(({ Id }) => Id)).toEqual([next.id]);
  });

  test("an image goes with its resource, unless a container runs of it; one that is gone is told by read", async () => {
    const { id, outs } = await buildHandler.create(await inputs(), config);
    const container = await engine.docker.createContainer({ Image: id, Labels: { "test.run": run } });
    await buildHandler.delete(id, outs, config);
    expect(await images()).toHaveLength(1);
    await container.remove();
    await buildHandler.delete(id, outs, config);
    expect(await images()).toEqual([]);
    expect(await buildHandler.read(id, outs, config)).toBeUndefined();
    await buildHandler.delete(id, outs, config);
  });

  test("a step that fails is named with its last lines", async () => {
    await file("Dockerfile", `FROM ${base}\nRUN echo before; echo the-reason >&2; exit 3\n`);
    const failed = await buildHandler.create(await inputs(), config).catch((error) => error);
    expect(failed.message).toMatch(new RegExp(`^cannot build image ${name}:[0-9a-f]+: step \\[2/2\\] RUN echo before`));
    expect(failed.message).toMatch(/exit code: 3\. The last lines of the build:\n(?:.*\n)*the-reason/);
    expect(await images()).toEqual([]);
  });

  test("a build that takes too long is given up at its deadline", async () => {
    await file("Dockerfile", `FROM ${base}\nRUN echo started && sleep 60\n`);
    const build = { ...(await inputs()), timeoutSeconds: 4 };
    await expect(buildHandler.create(build, config)).rejects.toThrow("it took more than 4 s (docker.build.timeout)");
  });

  test("files that changed since they were looked at are not built", async () => {
    const before = await inputs();
    await file("page.html", "late");
    await expect(buildHandler.create(before, config)).rejects.toThrow(/changed while the update ran: run it again/);
  });

  test("a Dockerfile of a server is fetched by the engine", async () => {
    const server: Server = createServer((_request, response) => {
      response.end(`FROM ${base}\nRUN echo fetched > /built\n`);
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    try {
      const address = server.address();
      const port = typeof address === "object" ? address?.port : undefined;
      const url = `http://127.0.0.1:${port}/Dockerfile`;
      const { id } = await buildHandler.create(await inputs({}, { dockerfile: { url } }), config);
      expect(Object.values(await contents(id, "/built"))).toEqual(["fetched\n"]);
    } finally {
      server.close();
    }
  });
});
