import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { checkName } from "./address-plan";
import { LABEL, PART_LABEL, removeContainer } from "./containers";
import { findDescription } from "./description";
import { engineAnswers } from "./engine/answers";
import { connectEngine, type Engine, findEngine } from "./engine/connect";
import {
  PRIVATE_ENGINE,
  PRIVATE_ENGINE_DATA,
  removePrivateEngineData,
  stopPrivateEngine,
} from "./engine/private-engine";
import { type Log, step } from "./progress";
import { descriptionFile, stackFolder } from "./project";
import { removeImages } from "./remove-images";
import { SandboxError } from "./sandbox-error";

export interface DownOptions {
  /** Default `default`. */
  readonly name?: string;
  /** Remove the data too: guests, inner images, Marathon's state, the state of stacks on it. */
  readonly volumes?: boolean;
  /** Remove the sandbox's images too, and with them the private engine's data once no sandbox has any left. */
  readonly images?: boolean;
  readonly log: Log;
}

/** Removes a sandbox; running it again, or without a sandbox, is fine. The private engine ends with its last sandbox. */
export async function sandboxDown(options: DownOptions): Promise<void> {
  const { name = "default", volumes = false, images = false, log } = options;
  checkName(name);
  const engine = await engineOf(name, log);
  if (!engine) {
    await rm(descriptionFile(name), { force: true });
    log("no Docker Engine answers and none was started: there is nothing to remove");
    return;
  }
  await removeContainers(engine, name, volumes, log);
  await removeNetworks(engine, name);
  if (volumes) {
    await removeVolumes(engine, name, log);
    await rm(stackFolder(name), { recursive: true, force: true });
  }
  await rm(descriptionFile(name), { force: true });
  const others = await containerNames(engine);
  if (images && others.length > 0) log(`images stay: another sandbox uses them (${others.join(", ")})`);
  if (images && others.length === 0) await step(log, "remove images", () => removeImages(engine));
  if (engine.host === PRIVATE_ENGINE) await endPrivateEngine(engine, images, log);
  log(`sandbox '${name}' is down${volumes ? "" : "; its volumes stay, --volumes removes them"}`);
}

/** The engine that has the sandbox; a stopped private one is started, since containers in it would come back with it. */
async function engineOf(name: string, log: Log): Promise<Engine | undefined> {
  const recorded = (await findDescription(name))?.engine.host;
  if (recorded && recorded !== PRIVATE_ENGINE && !(await engineAnswers(recorded))) {
    throw new SandboxError(
      `the sandbox '${name}' is on the Docker Engine ${recorded}, which does not answer; start it`,
    );
  }
  const found = await findEngine(recorded);
  if (found || !existsSync(PRIVATE_ENGINE_DATA)) return found;
  return connectEngine(log, PRIVATE_ENGINE);
}

async function removeContainers(engine: Engine, name: string, volumes: boolean, log: Log): Promise<void> {
  const filters = JSON.stringify({ label: [`${LABEL}=${name}`] });
  const containers = await engine.docker.listContainers({ all: true, filters });
  await Promise.all(
    containers.map((container) => {
      // With its data gone too, nothing needs to end in order.
      const seconds = volumes ? 0 : container.Labels[PART_LABEL] === "openstack" ? 40 : 20;
      const title = `remove ${container.Labels[PART_LABEL] ?? container.Id.slice(0, 12)}`;
      return step(log, title, () => removeContainer(engine, container.Id, seconds));
    }),
  );
}

async function removeNetworks(engine: Engine, name: string): Promise<void> {
  const filters = JSON.stringify({ label: [`${LABEL}=${name}`] });
  for (const network of await engine.docker.listNetworks({ filters })) {
    await engine.docker.getNetwork(network.Id).remove();
  }
}

async function removeVolumes(engine: Engine, name: string, log: Log): Promise<void> {
  await step(log, "remove volumes", async () => {
    for (const volume of await volumeNames(engine, `${LABEL}=${name}`)) await engine.docker.getVolume(volume).remove();
  });
}

/** Ends the private engine unless somebody else uses it; with `data` its files go too, unless a sandbox has volumes left. */
async function endPrivateEngine(engine: Engine, data: boolean, log: Log): Promise<void> {
  const running = await containerNames(engine, false);
  if (running.length > 0) {
    log(`the private Docker Engine stays, since it has other containers: ${running.join(", ")}`);
    return;
  }
  const kept = await volumeNames(engine, LABEL);
  if (!(await stopPrivateEngine(log))) {
    log(`the private Docker Engine at ${PRIVATE_ENGINE} was not started by the sandbox and stays`);
    return;
  }
  if (data && kept.length === 0) await removePrivateEngineData(log);
  if (data && kept.length > 0)
    log(`the private Docker Engine's data stays, since it holds volumes: ${kept.join(", ")}`);
}

/** Containers of any sandbox, or with `sandboxesOnly` false all that run. */
async function containerNames(engine: Engine, sandboxesOnly = true): Promise<string[]> {
  const filters = sandboxesOnly ? { label: [LABEL] } : { status: ["running"] };
  const found = await engine.docker.listContainers({ all: true, filters: JSON.stringify(filters) });
  return found.map((container) => container.Names[0]?.slice(1) ?? container.Id);
}

async function volumeNames(engine: Engine, label: string): Promise<string[]> {
  const { Volumes } = await engine.docker.listVolumes({ filters: JSON.stringify({ label: [label] }) });
  return (Volumes ?? []).map((volume) => volume.Name);
}
