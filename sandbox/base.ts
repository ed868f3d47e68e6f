import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { contentHash, packContext } from "./build/context";
import { followProgress } from "./build/follow";
import { imageExists, REPOSITORY, removeImage } from "./build/image";
import { tryPull } from "./build/pull";
import type { Engine } from "./engine/connect";
import { ensureProgram } from "./engine/packages";
import { type Log, step } from "./progress";
import { reason, SandboxError } from "./sandbox-error";

/** The base of all images, and whether a registry gave it. */
export interface BaseImage {
  readonly tag: string;
  /** Undefined when the base was there already and no registry was asked. */
  readonly registryAnswers?: boolean;
}

const SLIM = "debian:bookworm-slim";

const SLIM_DOCKERFILE = `FROM ${SLIM}
ENV LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive
RUN printf 'Acquire::Languages "none";\\nAPT::Install-Recommends "false";\\n' > /etc/apt/apt.conf.d/90sandbox
`;

/** Settings of the imported file system's image. */
const IMPORT_CHANGES = ['CMD ["bash"]', "ENV LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive"];

// usr-is-merged instead of usrmerge, which would bring all of perl; the hook merges /usr from the beginning.
const MMDEBSTRAP = [
  "--variant=minbase",
  "--components=main",
  "--include=usr-is-merged",
  "--hook-dir=/usr/share/mmdebstrap/hooks/merged-usr",
  '--aptopt=Acquire::Languages "none"',
  '--aptopt=APT::Install-Recommends "false"',
  ...["man", "locale", "info", "doc"].map((folder) => `--dpkgopt=path-exclude=/usr/share/${folder}/*`),
  "--dpkgopt=path-include=/usr/share/doc/*/copyright",
  `--customize-hook=printf '#!/bin/sh\\nexit 101\\n' > "$1/usr/sbin/policy-rc.d"; chmod 755 "$1/usr/sbin/policy-rc.d"`,
  '--customize-hook=rm -f "$1/etc/resolv.conf" "$1/etc/hostname"',
  "bookworm",
  "-",
];

/** Gives the base image: one that is there, else Debian's from a registry, else one made of Debian's packages. */
export async function ensureBase(engine: Engine, log: Log): Promise<BaseImage> {
  const slim = `${REPOSITORY}/base:${slimHash()}`;
  const own = `${REPOSITORY}/base:${ownHash()}`;
  for (const tag of [slim, own]) {
    if (await imageExists(engine, tag)) return { tag };
  }
  const pulled = await step(log, `pull ${SLIM}`, () => tryPull(engine.docker, SLIM));
  if (pulled) {
    await step(log, "base image", () => buildSlim(engine, slim));
    return { tag: slim, registryAnswers: true };
  }
  log(`no registry gives ${SLIM}: the base image is made of Debian's packages`);
  await importOwn(engine, log);
  return { tag: own, registryAnswers: false };
}

async function buildSlim(engine: Engine, tag: string): Promise<void> {
  const stream = await engine.docker.buildImage(packContext(slimFiles()), { t: tag, forcerm: true });
  await followProgress(engine.docker, stream, () => undefined);
}

async function importOwn(engine: Engine, log: Log): Promise<void> {
  const otherwise = `connect the Docker Engine to a registry that has ${SLIM}, or run as root on Debian`;
  const program = await ensureProgram("mmdebstrap", ["mmdebstrap"], otherwise, log);
  await step(log, "base image from Debian's packages", async (note) => {
    const child = spawn(program, MMDEBSTRAP, { stdio: ["ignore", "pipe", "pipe"] });
    const errors: string[] = [];
    child.stderr.on("data", (data: Buffer) => {
      errors.push(data.toString());
      const line = /^I: (.*)$/m.exec(data.toString())?.[1];
      if (line) note(line);
    });
    const ended = new Promise<number>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code) => resolve(code ?? 1));
    });
    const tag = ownHash();
    const imported = engine.docker
      .importImage(child.stdout, { repo: `${REPOSITORY}/base`, tag, changes: IMPORT_CHANGES })
      .then((stream) => followProgress(engine.docker, stream, () => undefined));
    const [code, outcome] = await Promise.all([ended, imported.then(() => undefined, reason)]);
    if (code === 0 && outcome === undefined) return;
    await removeImage(engine, `${REPOSITORY}/base:${tag}`);
    const tail = errors.join("").trimEnd().split("\n").slice(-10).join("\n");
    throw new SandboxError(
      code === 0
        ? `cannot import the base image: ${outcome}`
        : `mmdebstrap failed with code ${code}; is a Debian mirror in reach?\n${tail}`,
    );
  });
}

function slimFiles() {
  return [{ name: "Dockerfile", content: Buffer.from(SLIM_DOCKERFILE), executable: false }];
}

function slimHash(): string {
  return contentHash(slimFiles(), {});
}

function ownHash(): string {
  const recipe = JSON.stringify({ args: MMDEBSTRAP, changes: IMPORT_CHANGES });
  return createHash("sha256").update(recipe).digest("hex").slice(0, 12);
}
