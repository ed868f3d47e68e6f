import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import { INNER_NETWORKS } from "../address-plan";

const run = promisify(execFile);
const FORWARDING = "/proc/sys/net/ipv4/ip_forward";

/** What dockerd changes on the machine and does not change back. */
export interface NetworkBefore {
  readonly forwarding: string;
  readonly forwardPolicy: string;
  /** Chains called DOCKER… that were there: another Docker's. */
  readonly dockerChains: boolean;
}

/** Makes the private engine's bridge, so that no bridge of another Docker is touched, and tells the state before. */
export async function prepareNetwork(bridge: string): Promise<NetworkBefore> {
  const rules = await iptablesSave();
  const before: NetworkBefore = {
    forwarding: (await readFile(FORWARDING, "utf8")).trim(),
    forwardPolicy: /^:FORWARD (\S+)/m.exec(rules)?.[1] ?? "ACCEPT",
    dockerChains: /^:DOCKER/m.test(rules),
  };
  await run("ip", ["link", "add", bridge, "type", "bridge"]).catch(ignoreExisting);
  await run("ip", ["address", "replace", INNER_NETWORKS.engine.bridge, "dev", bridge]);
  await run("ip", ["link", "set", bridge, "up"]);
  return before;
}

/** Removes the bridge and the firewall rules that a stopped private engine leaves, and puts back what it changed. */
export async function restoreNetwork(bridge: string, before: NetworkBefore): Promise<void> {
  for (const { table, args } of leftoverRules(await iptablesSave(), bridge, before)) {
    await run("iptables", ["-t", table, ...args]).catch(() => undefined);
  }
  await run("ip", ["link", "delete", bridge]).catch(() => undefined);
  if (before.dockerChains) return;
  await run("iptables", ["-P", "FORWARD", before.forwardPolicy]).catch(() => undefined);
  await writeFile(FORWARDING, before.forwarding);
}

/** The iptables calls that undo what is left: rules of the bridge, and Docker's chains if they were not there before. */
export function leftoverRules(
  saved: string,
  bridge: string,
  before: Pick<NetworkBefore, "dockerChains">,
): { table: string; args: string[] }[] {
  const rules: { table: string; args: string[] }[] = [];
  const chains: { table: string; args: string[] }[] = [];
  const ownRange = INNER_NETWORKS.engine.bridge.replace(/\.1\//, ".0/");
  let table = "filter";
  for (const line of saved.split("\n")) {
    if (line.startsWith("*")) table = line.slice(1).trim();
    const chain = /^:(DOCKER\S*)/.exec(line)?.[1];
    if (chain && !before.dockerChains) chains.push({ table, args: ["-F", chain] }, { table, args: ["-X", chain] });
    if (!line.startsWith("-A ")) continue;
    const words = line.split(" ");
    const ours = words.includes(bridge) || words.includes(ownRange);
    const dockers = words.some((word) => word.startsWith("DOCKER"));
    if (ours || (dockers && !before.dockerChains)) rules.push({ table, args: ["-D", ...words.slice(1)] });
  }
  return [...rules, ...chains];
}

async function iptablesSave(): Promise<string> {
  return run("iptables-save").then(
    ({ stdout }) => stdout,
    () => "",
  );
}

function ignoreExisting(error: unknown): void {
  if (!String(error).includes("File exists")) throw error;
}
