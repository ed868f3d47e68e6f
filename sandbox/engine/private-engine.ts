import { spawn } from "node:child_process";
import { mkdir, open, readFile, rm, rmdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { INNER_NETWORKS } from "../address-plan";
import { type Log, step, waitFor } from "../progress";
import { SandboxError } from "../sandbox-error";
import { engineAnswers } from "./answers";
import { type NetworkBefore, prepareNetwork, restoreNetwork } from "./host-network";
import { unmountBelow } from "./mounts";
import { ensureProgram } from "./packages";
import { identify, isRunning, type ProcessIdentity } from "./process-identity";
import { endOrphans } from "./shims";

const FOLDER = "/run/clocker-engine";
/** Where it keeps images, volumes and its log. */
export const PRIVATE_ENGINE_DATA = "/var/lib/clocker-engine";
const SOCKET = `${FOLDER}/docker.sock`;
const RECORD = `${FOLDER}/engine.json`;
const EXEC_ROOT = `${FOLDER}/exec`;
const DATA_ROOT = `${PRIVATE_ENGINE_DATA}/data`;
const LOG_FILE = `${PRIVATE_ENGINE_DATA}/dockerd.log`;
const BRIDGE = "clocker0";
const NAMESPACE = "clocker";
const PLUGINS_NAMESPACE = "clocker-plugins";
/** The engine's own containerd, or one of the system if there is one. */
const CONTAINERD_SOCKETS = [`${EXEC_ROOT}/containerd/containerd.sock`, "/run/containerd/containerd.sock"];
const START_MS = 60_000;
const STOP_MS = 60_000;

/** Where the private engine listens. */
export const PRIVATE_ENGINE = `unix://${SOCKET}`;

/** Written when the engine is started, so that `down` stops exactly that process. */
interface EngineRecord extends ProcessIdentity {
  readonly before: NetworkBefore;
}

/** Starts a Docker Engine of the sandbox's own; it stays when this process ends. Needs root, and Linux. */
export async function startPrivateEngine(log: Log): Promise<void> {
  if (process.platform !== "linux" || process.getuid?.() !== 0) {
    throw new SandboxError(
      "no Docker Engine answers, and only root on Linux can start a private one; start Docker, or set DOCKER_HOST to an engine that this user may use",
    );
  }
  const otherwise = "install Docker (https://docs.docker.com/engine/install/) and start it, then try again";
  const dockerd = await ensureProgram("dockerd", ["docker.io", "iptables", "iproute2"], otherwise, log);
  await step(log, "private Docker Engine", async () => {
    // Containers may keep secrets in their files: nobody but root looks into them.
    await mkdir(PRIVATE_ENGINE_DATA, { recursive: true, mode: 0o700 });
    await mkdir(FOLDER, { recursive: true, mode: 0o700 });
    const before = (await readRecord())?.before ?? (await prepareNetwork(BRIDGE));
    await prepareNetwork(BRIDGE);
    const output = await open(LOG_FILE, "w", 0o600);
    const child = spawn(dockerd, daemonOptions(), {
      detached: true,
      stdio: ["ignore", output.fd, output.fd],
      cwd: "/",
    });
    const started = await new Promise<number>((resolve, reject) => {
      child.on("error", reject);
      child.on("spawn", () => resolve(child.pid ?? 0));
    });
    await output.close();
    const identity = await identify(started);
    if (identity) {
      const record: EngineRecord = { ...identity, before };
      await writeFile(RECORD, JSON.stringify(record), { mode: 0o600 });
    }
    await waitFor("the private Docker Engine", { timeoutMs: START_MS, remedy: `see ${LOG_FILE}` }, async () => {
      if (child.exitCode !== null) throw new SandboxError(`the private Docker Engine stopped: ${await lastError()}`);
      return (await engineAnswers(PRIVATE_ENGINE)) || undefined;
    });
    child.unref();
  });
}

/** Stops the private engine if one was started, and removes what it leaves on the machine; true if one ran. */
export async function stopPrivateEngine(log: Log): Promise<boolean> {
  const record = await readRecord();
  if (!record) return false;
  const ran = await isRunning(record);
  await step(log, "stop the private Docker Engine", async () => {
    if (ran) process.kill(record.pid, "SIGTERM");
    const deadline = Date.now() + STOP_MS;
    while (await isRunning(record)) {
      if (Date.now() > deadline) process.kill(record.pid, "SIGKILL");
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    await endOrphans({
      namespaces: [NAMESPACE, PLUGINS_NAMESPACE],
      sockets: CONTAINERD_SOCKETS,
      runtimeRoot: `${EXEC_ROOT}/runtime-runc`,
    });
    await restoreNetwork(BRIDGE, record.before);
    // The data is always mounted onto itself; an engine that ended hard leaves more, such as its network namespace.
    for (const folder of [DATA_ROOT, EXEC_ROOT]) await unmountBelow(folder);
    await rm(FOLDER, { recursive: true, force: true });
    await removeSharedFolders();
  });
  return ran;
}

/** Folders that dockerd may leave and that another Docker would use too: they go only when they are empty. */
async function removeSharedFolders(): Promise<void> {
  for (const folder of [
    "/run/docker/netns",
    "/run/docker/plugins",
    "/run/docker",
    "/run/containerd/s",
    "/run/containerd",
  ]) {
    await rmdir(folder).catch(() => undefined);
  }
}

/** Removes the images, volumes and logs of a stopped private engine. */
export async function removePrivateEngineData(log: Log): Promise<void> {
  await step(log, "remove the private Docker Engine's data", () =>
    rm(PRIVATE_ENGINE_DATA, { recursive: true, force: true }),
  );
}

function daemonOptions(): string[] {
  return [
    `--host=${PRIVATE_ENGINE}`,
    `--data-root=${DATA_ROOT}`,
    `--exec-root=${EXEC_ROOT}`,
    `--pidfile=${path.join(FOLDER, "docker.pid")}`,
    `--bridge=${BRIDGE}`,
    `--default-address-pool=base=${INNER_NETWORKS.engine.pool},size=26`,
    // A containerd of the system, if there is one, serves another Docker under its own name spaces.
    `--containerd-namespace=${NAMESPACE}`,
    `--containerd-plugins-namespace=${PLUGINS_NAMESPACE}`,
  ];
}

async function readRecord(): Promise<EngineRecord | undefined> {
  const text = await readFile(RECORD, "utf8").catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as EngineRecord);
}

async function lastError(): Promise<string> {
  const text = await readFile(LOG_FILE, "utf8").catch(() => "");
  return text.trim().split("\n").at(-1)?.slice(0, 500) ?? `see ${LOG_FILE}`;
}
