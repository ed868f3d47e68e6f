import { createHash } from "node:crypto";
import { buffer } from "node:stream/consumers";
import type Docker from "dockerode";
import { pack } from "tar-stream";
import { reasonOf, statusOf } from "../../docker/connection";
import { inspect, lastLines } from "../../docker/container-state";
import type { Registry } from "../../docker/pull";
import { ensureImage } from "../../docker/pull";
import type { Deadline } from "../../runtime/deadline";
import { type Agent, FELIX, STATE_VOLUME } from "./agents";

const OURS = "clocker.calico";
const POLL_MS = 500;

/**
 * Makes the agent run as described and waits until it does its work. One that runs as described stays as it is; another one of ours is
 * replaced; one that somebody else made is an error.
 */
export async function install(
  engine: Docker,
  agent: Agent,
  registries: readonly Registry[],
  deadline: Deadline,
): Promise<void> {
  await ensureImage(engine, agent.image, registries, "Set clocker:network.calico.driverImage and felixImage");
  const revision = await revisionOf(engine, agent);
  const existing = await inspect(engine, agent.name);
  if (existing && existing.Config.Labels[OURS] === undefined) {
    throw new Error(
      `container ${agent.name} exists on this host and was not made by Clocker: remove it, or say calico: present if Calico runs there already`,
    );
  }
  if (existing?.Config.Labels[OURS] !== revision) {
    if (existing) await remove(engine, existing.Id);
    await create(engine, agent, revision);
  }
  const made = await inspect(engine, agent.name);
  // An interrupted run may have made it without its files.
  if (made?.State.Running !== true) await giveFiles(engine, agent);
  await start(engine, agent.name);
  await waitUntilServing(engine, agent, deadline);
}

/** Whether the agent runs as described. */
export async function isInstalled(engine: Docker, agent: Agent): Promise<boolean> {
  const info = await inspect(engine, agent.name);
  return info?.State.Running === true && info.Config.Labels[OURS] === (await revisionOf(engine, agent));
}

/** Removes the agents that we made, and what Felix leaves in the host's kernel. */
export async function uninstall(engine: Docker, agents: readonly Agent[]): Promise<void> {
  for (const { name } of agents) {
    const info = await inspect(engine, name);
    if (info?.Config.Labels[OURS] === undefined) continue;
    if (name === FELIX) await clean(engine, info.Image, info.Config.Env ?? []);
    await remove(engine, info.Id);
  }
  await engine
    .getVolume(STATE_VOLUME)
    .remove()
    .catch((error) => {
      if (statusOf(error) !== 404) throw error;
    });
}

/** Changes with the description, with the image behind its name, and with the files, so that another certificate reaches the agent. */
async function revisionOf(engine: Docker, { image, options, files }: Agent): Promise<string> {
  const found = await engine
    .getImage(image)
    .inspect()
    .catch(() => undefined);
  const text = JSON.stringify({ image: found?.Id ?? image, options, files });
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

async function create(engine: Docker, agent: Agent, revision: string): Promise<void> {
  const labels = { [OURS]: revision };
  try {
    await engine.createContainer({ ...agent.options, name: agent.name, Image: agent.image, Labels: labels });
  } catch (error) {
    // Another stack made it in this moment, and it is as we would have made it or replaced by the next run.
    if (statusOf(error) !== 409) throw new Error(`cannot make container ${agent.name}: ${reasonOf(error)}`);
  }
}

async function giveFiles(engine: Docker, { name, files }: Agent): Promise<void> {
  const archive = pack();
  for (const [path, content] of Object.entries(files)) archive.entry({ name: path.slice(1), mode: 0o600 }, content);
  archive.finalize();
  try {
    await engine.getContainer(name).putArchive(await buffer(archive), { path: "/" });
  } catch (error) {
    throw new Error(`cannot give container ${name} its files: ${reasonOf(error)}`);
  }
}

async function start(engine: Docker, name: string): Promise<void> {
  try {
    await engine.getContainer(name).start();
  } catch (error) {
    if (statusOf(error) !== 304) throw new Error(`cannot start container ${name}: ${reasonOf(error)}`);
  }
}

async function waitUntilServing(engine: Docker, { name, probe }: Agent, deadline: Deadline): Promise<void> {
  while (!deadline.expired) {
    if (await succeeds(engine, name, probe)) return;
    await deadline.sleep(POLL_MS);
  }
  const info = await inspect(engine, name);
  const lines = info ? await lastLines(engine, info) : "";
  throw new Error(
    `container ${name} does not do its work after ${deadline.seconds} s. ${lines === "" ? "It wrote nothing" : `Its last lines:\n${lines}`}`,
  );
}

async function succeeds(engine: Docker, name: string, command: readonly string[]): Promise<boolean> {
  try {
    const exec = await engine.getContainer(name).exec({ Cmd: [...command], AttachStdout: true, AttachStderr: true });
    const stream = await exec.start({});
    await buffer(stream);
    return (await exec.inspect()).ExitCode === 0;
  } catch (error) {
    // It does not run at the moment, for it has just started or ended.
    if (statusOf(error) === 409 || statusOf(error) === 404) return false;
    throw error;
  }
}

async function remove(engine: Docker, id: string): Promise<void> {
  const container = engine.getContainer(id);
  await container.stop({ t: 10 }).catch((error) => {
    if (statusOf(error) !== 304 && statusOf(error) !== 404) throw error;
  });
  await container.remove({ force: true, v: true }).catch((error) => {
    if (statusOf(error) !== 404) throw error;
  });
}

/** Felix leaves its rules behind on purpose, so that nothing opens while it is away; this is for when it goes for good. */
const CLEAN = `
tables="iptables-$1"
"$tables-save" | grep -v -e cali -e CLOCKER-CALICO | "$tables-restore" || exit 1
for set in $(ipset list -n 2>/dev/null | grep '^cali'); do ipset destroy "$set"; done
for link in vxlan.calico; do ip link delete "$link" 2>/dev/null; done
exit 0`;

async function clean(engine: Docker, image: string, env: readonly string[]): Promise<void> {
  const backend = env.find((entry) => entry.startsWith("FELIX_IPTABLESBACKEND="))?.split("=")[1] ?? "nft";
  await engine
    .getContainer(FELIX)
    .stop({ t: 10 })
    .catch((error) => {
      if (statusOf(error) !== 304) throw error;
    });
  const cleaner = await engine.createContainer({
    Image: image,
    Entrypoint: ["bash", "-c", CLEAN, "clean", backend],
    Labels: { [OURS]: "clean" },
    HostConfig: {
      NetworkMode: "host",
      CapDrop: ["ALL"],
      CapAdd: ["NET_ADMIN", "NET_RAW"],
      SecurityOpt: ["no-new-privileges"],
    },
  });
  try {
    await cleaner.start();
    const { StatusCode: code } = (await cleaner.wait()) as { StatusCode: number };
    const info = await inspect(engine, cleaner.id);
    if (code !== 0) {
      throw new Error(
        `what Felix left on the host could not be removed: ${info ? await lastLines(engine, info) : code}`,
      );
    }
  } finally {
    await cleaner.remove({ force: true, v: true });
  }
}
