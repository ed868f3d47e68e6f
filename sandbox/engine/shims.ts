import { execFile } from "node:child_process";
import { readFile, readlink, rm } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { waitFor } from "../progress";
import { descendants, endHard, isRunning, type ListedProcess, listProcesses } from "./process-identity";

const run = promisify(execFile);
const END_MS = 20_000;

/** What tells an engine's containers from those of all others. */
export interface ContainerOwner {
  /** Name spaces of containerd that the engine alone uses. */
  readonly namespaces: readonly string[];
  /** Sockets of the containerd that it may have used. */
  readonly sockets: readonly string[];
  /** Folder in which runc keeps the engine's containers, one folder a name space. */
  readonly runtimeRoot: string;
}

interface Container {
  readonly namespace: string;
  readonly id: string;
}

interface Shim extends ListedProcess {
  readonly container: Container;
}

/** Ends the containers that an engine left running because it ended hard: each lives on below a shim of containerd. */
export async function endOrphans(owner: ContainerOwner): Promise<void> {
  for (const shim of await findShims(owner)) {
    await endContainer(shim);
    const { namespace, id } = shim.container;
    // What is left of it are empty control groups, which only its runtime knows to find; without it they stay until the next boot.
    await run("runc", ["--root", path.join(owner.runtimeRoot, namespace), "delete", "--force", id]).catch(
      () => undefined,
    );
  }
}

/** The container that a command line, as /proc has it, is the shim of; undefined if it is no shim of the engine. */
export function containerOf(commandLine: string, { namespaces, sockets }: ContainerOwner): Container | undefined {
  const [program = "", ...args] = commandLine.split("\0");
  const option = (name: string) => (args.includes(name) ? (args[args.indexOf(name) + 1] ?? "") : "");
  const namespace = option("-namespace");
  const ours =
    /(^|\/)containerd-shim-runc-v2$/.test(program) &&
    namespaces.includes(namespace) &&
    sockets.includes(option("-address"));
  return ours ? { namespace, id: option("-id") } : undefined;
}

async function findShims(owner: ContainerOwner): Promise<Shim[]> {
  const own = await mountNamespace("self");
  const found: Shim[] = [];
  for (const process of await listProcesses()) {
    const container = containerOf(await readFile(`/proc/${process.pid}/cmdline`, "utf8").catch(() => ""), owner);
    // The same socket path in a container is another engine's.
    if (container && (await mountNamespace(process.pid)) === own) found.push({ ...process, container });
  }
  return found;
}

function mountNamespace(process: number | "self"): Promise<string | undefined> {
  return readlink(`/proc/${process}/ns/mnt`).catch(() => undefined);
}

/** The container's processes first: without their shim nothing would tell any more whose they are. */
async function endContainer(shim: ListedProcess): Promise<void> {
  const socket = await readFile(`/proc/${shim.pid}/cwd/address`, "utf8").catch(() => "");
  await waitFor(
    `the end of the container below process ${shim.pid}`,
    { timeoutMs: END_MS, remedy: "end its processes by hand, then try again" },
    async () => {
      const left = descendants(await listProcesses(), shim.pid);
      for (const process of left) await endHard(process);
      return left.length === 0 || undefined;
    },
  );
  await waitFor(
    `the end of process ${shim.pid}`,
    { timeoutMs: END_MS, remedy: "end it by hand, then try again" },
    async () => {
      await endHard(shim);
      return !(await isRunning(shim)) || undefined;
    },
  );
  if (socket.startsWith("unix:///run/containerd/s/")) await rm(socket.slice("unix://".length), { force: true });
}
