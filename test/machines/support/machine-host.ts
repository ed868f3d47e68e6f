import { ensureBase } from "../../../sandbox/base";
import { ensureImage } from "../../../sandbox/build/image";
import { connectEngine, type Engine } from "../../../sandbox/engine/connect";
import { identify, isRunning, type ProcessIdentity } from "../../../sandbox/engine/process-identity";
import type { Log } from "../../../sandbox/progress";
import { statusOf } from "../../../sandbox/sandbox-error";

/** Docker network of all machines. */
export const NETWORK = "clocker-test-machines";
/** First three octets of the machines' addresses: a range that no network of a sandbox uses. */
export const PREFIX = "198.18.72";

/** On machines: the process that started it, as JSON. On the network: nothing. */
const LABEL = "clocker.test.machine";

/** The Docker Engine that runs the machines, and their image there. */
export interface MachineHost {
  readonly engine: Engine;
  readonly image: string;
}

/** Makes the image and the network if they are not there. */
export async function machineHost(log: Log = () => {}): Promise<MachineHost> {
  const engine = await connectEngine(log);
  const base = await ensureBase(engine, log);
  const image = await ensureImage(engine, { name: "debian-machine", args: { BASE: base.tag }, expected: "1 min" }, log);
  await ensureNetwork(engine);
  return { engine, image };
}

/** Labels of a machine of this process. */
export async function ownLabels(): Promise<Record<string, string>> {
  return labelsOf(await identify(process.pid));
}

/** Labels of a machine of that process. */
export function labelsOf(owner: ProcessIdentity | undefined): Record<string, string> {
  return { [LABEL]: JSON.stringify(owner) };
}

/** Removes the machines whose process has ended without doing so. */
export async function removeLeftOver({ docker }: Engine): Promise<void> {
  const filters = JSON.stringify({ label: [LABEL] });
  for (const { Id, Labels } of await docker.listContainers({ all: true, filters })) {
    if (await isRunning(JSON.parse(Labels[LABEL] ?? "") as ProcessIdentity)) continue;
    // 409: another process removes it right now.
    await docker.getContainer(Id).remove({ force: true, v: true }).catch(ignore(404, 409));
  }
}

/** Removes the network unless machines of another process are in it. */
export async function removeNetwork({ docker }: Engine): Promise<void> {
  await docker.getNetwork(NETWORK).remove().catch(ignore(403, 404));
}

async function ensureNetwork({ docker }: Engine): Promise<void> {
  const options = {
    Name: NETWORK,
    CheckDuplicate: true,
    Driver: "bridge",
    Labels: { [LABEL]: "" },
    IPAM: { Driver: "default", Config: [{ Subnet: `${PREFIX}.0/24`, Gateway: `${PREFIX}.1` }] },
  };
  await docker.createNetwork(options).catch(ignore(409));
}

function ignore(...statuses: readonly number[]): (error: unknown) => void {
  return (error) => {
    if (!statuses.includes(statusOf(error) ?? 0)) throw error;
  };
}
