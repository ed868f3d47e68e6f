import { entryOf, mapNode, numberNode, textNode } from "../yaml/make";
import { type Entry, quote } from "../yaml/nodes";
import { COMPUTE } from "./normative";
import { staticText } from "./ports";
import { capabilityProperties } from "./properties";
import { checkKeys, type KeyTable } from "./report";
import { SCALARS } from "./scalars";
import type { Topology, ToscaNode } from "./topology";

const KEYS: KeyTable = {
  num_cpus: "read",
  mem_size: "read",
  disk_size: "read",
  name: "read",
  cpu_frequency: { ignored: "say in the stack's location what machines are like" },
};
/** What the nodes that a service stands on have: a Compute is the least machine, a container runtime the most that the container gets. */
export function resourcesOf(service: ToscaNode, topology: Topology): readonly Entry[] {
  const machine: Entry[] = [];
  const limits: Entry[] = [];
  for (const host of topology.hosts(service)) {
    const isMachine = host.types.includes(COMPUTE);
    const where = `capability 'host' of node ${quote(host.name)}`;
    const entries = capabilityProperties(host, "host", topology);
    checkKeys(mapNode(entries, host.node.at), KEYS, where, topology.context.problems);
    for (const { key, keyAt, value } of entries) {
      if (!["num_cpus", "mem_size", "disk_size"].includes(key)) continue;
      const text = staticText(value, host, `${key} of ${where}`, topology);
      if (text === undefined) continue;
      const bytes = key === "num_cpus" ? 0 : SCALARS["scalar-unit.size"]?.order(text);
      if (bytes === undefined) {
        const remedy = "write a number with a unit such as `4 GB` or `512 MiB`";
        topology.context.problems.error("bad-size", value.at, `${key} of ${where} cannot be ${quote(text)}`, remedy);
        continue;
      }
      const add = (name: string, amount: number) => machine.push(entryOf(name, numberNode(amount, value.at), keyAt));
      if (key === "num_cpus" && isMachine) machine.push(entryOf("minCores", textNode(text, value.at), keyAt));
      else if (key === "num_cpus") limits.push(entryOf("cpus", textNode(text, value.at), keyAt));
      else if (key === "mem_size" && isMachine) add("minRam", Math.ceil(bytes / 1024 ** 2));
      else if (key === "mem_size") limits.push(entryOf("memory", numberNode(Math.round(bytes), value.at), keyAt));
      else if (isMachine) add("minDisk", Math.ceil(bytes / 1024 ** 3));
      else {
        const message = `disk_size of ${where} is not supported: a container's disk has no limit`;
        topology.context.problems.error("unsupported-key", keyAt, message, "write it on the Compute");
      }
    }
  }
  const [first] = machine;
  return [...(first ? [entryOf("provisioning.properties", mapNode(machine, first.keyAt))] : []), ...limits];
}
