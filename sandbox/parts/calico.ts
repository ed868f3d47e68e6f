import { readFile } from "node:fs/promises";
import { CALICO_VERSION, calicoBuild, ensureCalico } from "../../engine/calico-programs";
import { bundle } from "../build/bundle";
import { ensureImage, type ImageSpec, imageExists, imageTag } from "../build/image";
import { isLoaded, loadImage } from "../build/load";
import { step } from "../progress";
import type { Sandbox } from "../sandbox";
import type { DockerHost } from "./hosts";

/** The images of Calico that every Docker host has, by names that change with their content: so agents of an old one are made anew. */
export interface CalicoImages {
  readonly felix: string;
  /** The network driver for Docker. */
  readonly driver: string;
}

/** Makes Calico's images and gives them to the Docker hosts. */
export async function calicoUp(sandbox: Sandbox, hosts: readonly DockerHost[]): Promise<CalicoImages> {
  const { engine, log } = sandbox;
  const driver = await driverImage(sandbox);
  const felix = await felixImage(sandbox);
  for (const host of hosts) {
    for (const tag of [driver, felix]) {
      if (await isLoaded(host.docker, tag, tag)) continue;
      await step(log, `${host.name}: load ${tag}`, () => loadImage(engine.docker, host.docker, tag, tag));
    }
  }
  return { felix, driver };
}

async function driverImage({ engine, base, log }: Sandbox): Promise<string> {
  const generated = [await bundle("docker-calico/main.ts", "docker-calico.js")];
  return ensureImage(engine, { name: "docker-calico", args: { BASE: base.tag }, generated, expected: "1 min" }, log);
}

async function felixImage({ engine, base, log }: Sandbox): Promise<string> {
  const spec: ImageSpec = {
    name: "calico-felix",
    args: { BASE: base.tag, VERSION: CALICO_VERSION },
    // The program itself is too big to be read for each start: the name of its build stands for it.
    labels: { "clocker.sandbox.calico": calicoBuild() },
    expected: "30 s",
  };
  const tag = await imageTag(spec);
  if (await imageExists(engine, tag)) return tag;
  const { felix } = await ensureCalico({ log });
  const program = { name: "calico-felix", content: await readFile(felix), executable: true };
  return ensureImage(engine, { ...spec, ambient: [program] }, log);
}
