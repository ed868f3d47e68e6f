import type { Service } from "./model";
import { readMachineSize } from "./quantities";
import { subject } from "./scope";
import { type Reading, readInteger, readMap } from "./values";
import { type Node, quote } from "./yaml/nodes";

const KEYS = "write minRam (MB, or 2g), minCores and minDisk (GB, or 20g)";

/** `provisioning.properties`: the least that a machine has to have. */
export function readMachine(node: Node, reading: Reading): Service["machine"] {
  const machine: { minRamMb?: number; minCores?: number; minDiskGb?: number } = {};
  for (const { key, keyAt, value } of readMap(node, reading, KEYS)?.entries ?? []) {
    const inner = { ...reading, key: `${reading.key}.${key}` };
    if (key === "minRam") machine.minRamMb = readMachineSize(value, inner, "MB");
    else if (key === "minCores") machine.minCores = readInteger(value, inner, { min: 1, max: 1024 });
    else if (key === "minDisk") machine.minDiskGb = readMachineSize(value, inner, "GB");
    else {
      reading.scope.problems.error(
        "unsupported-key",
        keyAt,
        `${subject(reading.key, reading.scope)} has ${quote(key)}, which is not supported`,
        `${KEYS}; what else a machine needs is said in the stack's location`,
      );
    }
  }
  return machine;
}
