import { readFile } from "node:fs/promises";
import { CALICO_VERSION, calicoBuild } from "../../engine/calico-programs";
import { bundle } from "../build/bundle";
import { ensureImage, type ImageSpec, imageExists, imageTag } from "../build/image";
import { isLoaded, loadImage } from "../build/load";
import { readFiles } from "../container-files";
import { ensureContainer } from "../containers";
import type { Engine } from "../engine/connect";
import { step } from "../progress";
import type { Sandbox } from "../sandbox";
import { SandboxError } from "../sandbox-error";
import type { DockerHost } from "./hosts";

/** The images of Calico that every Docker host has, by names that change with their content: so agents of an old one are made anew. */
export interface CalicoImages {
  readonly felix: string;
  /** The network driver for Docker. */
  readonly driver: string;
}

/** The program that machines install, as `felixUrl` and `felixSha256` of an OpenStack location want it. */
export interface FelixProgram {
  readonly url: string;
  /** 64 hex digits. */
  readonly sha256: string;
}

export interface Calico {
  readonly images: CalicoImages;
  readonly program: FelixProgram;
}

/** Label of Felix's image: the program itself is too big to be read for each start, so the name of its build stands for it. */
const BUILD = "clocker.sandbox.calico";

/** Makes Calico's images while the Docker hosts start, gives them to the hosts, and serves Felix to machines. */
export async function calicoUp(sandbox: Sandbox, hosts: Promise<readonly DockerHost[] | undefined>): Promise<Calico> {
  const { engine, log } = sandbox;
  const [driver, felix] = await Promise.all([driverImage(sandbox), felixImage(sandbox)]);
  const program = await serveFelix(sandbox, felix);
  for (const host of (await hosts) ?? []) {
    for (const tag of [driver, felix]) {
      if (await isLoaded(host.docker, tag, tag)) continue;
      await step(log, `${host.name}: load ${tag}`, () => loadImage(engine.docker, host.docker, tag, tag));
    }
  }
  return { images: { felix, driver }, program };
}

/** Whether an image on any base holds Felix as it would be built now. */
export async function hasFelixImage({ docker }: Engine): Promise<boolean> {
  const label = `${BUILD}=${calicoBuild("felix")}`;
  return (await docker.listImages({ filters: { label: [label] } })).length > 0;
}

/** @param felix Tag of its image */
async function serveFelix({ engine, plan, base, log }: Sandbox, felix: string): Promise<FelixProgram> {
  const image = await ensureImage(engine, { name: "calico-files", args: { BASE: base.tag, FELIX: felix } }, log);
  const container = await ensureContainer(engine, plan, { part: "calico-files", image }, log);
  const sums = await readFiles(container, "/www/SHA256SUMS");
  const [, sha256, file] = /^([0-9a-f]{64}) {2}(\S+)$/m.exec(sums?.get("SHA256SUMS")?.toString() ?? "") ?? [];
  if (!sha256 || !file) throw new SandboxError(`the image ${image} holds no Felix; remove it and try again`);
  return { url: `http://${plan.address["calico-files"]}/${file}`, sha256 };
}

async function driverImage({ engine, base, log }: Sandbox): Promise<string> {
  const generated = [await bundle("docker-calico/main.ts", "docker-calico.js")];
  return ensureImage(engine, { name: "docker-calico", args: { BASE: base.tag }, generated, expected: "1 min" }, log);
}

async function felixImage({ engine, base, log, felix }: Sandbox): Promise<string> {
  const spec: ImageSpec = {
    name: "calico-felix",
    args: { BASE: base.tag, VERSION: CALICO_VERSION },
    labels: { [BUILD]: calicoBuild("felix") },
    expected: "30 s",
  };
  const tag = await imageTag(spec);
  if (await imageExists(engine, tag)) return tag;
  const program = { name: "calico-felix", content: await readFile(await felix()), executable: true };
  return ensureImage(engine, { ...spec, ambient: [program] }, log);
}
