import { type Reading, refuse } from "./values";
import type { Node } from "./yaml/nodes";

const MEBIBYTE = 1024 ** 2;
/** Docker refuses less. */
const MIN_MEMORY = 6 * MEBIBYTE;
const UNITS = "bkmgt";

const SECONDS: Readonly<Record<string, number>> = {
  ms: 0.001,
  milli: 0.001,
  millis: 0.001,
  millisecond: 0.001,
  milliseconds: 0.001,
  s: 1,
  sec: 1,
  secs: 1,
  second: 1,
  seconds: 1,
  m: 60,
  min: 60,
  mins: 60,
  minute: 60,
  minutes: 60,
  h: 3600,
  hour: 3600,
  hours: 3600,
  d: 86_400,
  day: 86_400,
  days: 86_400,
};

/** Seconds of a duration such as `10m`, `90s` or `1h 30m`; a bare number counts milliseconds, as in Brooklyn. */
export function parseDuration(text: string): number | undefined {
  const plain = text.trim().toLowerCase();
  if (/^\d+(\.\d+)?$/.test(plain)) return Number(plain) / 1000;
  if (!/^(\d+(\.\d+)?\s*[a-z]+[\s,]*)+$/.test(plain)) return undefined;
  let seconds = 0;
  for (const [, amount, unit = ""] of plain.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/g)) {
    const factor = Object.hasOwn(SECONDS, unit) ? SECONDS[unit] : undefined;
    if (factor === undefined) return undefined;
    seconds += Number(amount) * factor;
  }
  return seconds;
}

/** Bytes of a size such as `512m`, `2g` or `1.5GiB`, in powers of 1024; a bare number is multiplied by `bare`. */
function parseSize(text: string, bare: number): number | undefined {
  const found = /^(\d+(?:\.\d+)?)\s*(?:([bkmgt])(?:i?b)?)?$/i.exec(text.trim());
  const [, amount, unit] = found ?? [];
  if (amount === undefined) return undefined;
  return Math.round(Number(amount) * (unit === undefined ? bare : 1024 ** UNITS.indexOf(unit.toLowerCase())));
}

/** Deadline in whole seconds, from one second to a week. */
export function readDuration(node: Node, reading: Reading): number | undefined {
  const seconds = node.kind === "scalar" ? parseDuration(node.text) : undefined;
  const remedy = "write a duration such as 90s, 10m or 1h; a bare number counts milliseconds";
  if (seconds === undefined) return refuse(node, reading, "a duration", remedy, "bad-duration");
  if (seconds < 1 || seconds > 7 * 86_400) {
    return refuse(node, reading, "a duration between 1 second and 7 days", remedy, "bad-duration");
  }
  return Math.ceil(seconds);
}

/** Memory limit in bytes. */
export function readMemory(node: Node, reading: Reading): number | undefined {
  const bytes = node.kind === "scalar" ? parseSize(node.text, 1) : undefined;
  const remedy = "write bytes, or a size such as 512m or 2g; Docker takes no less than 6m";
  if (bytes === undefined) return refuse(node, reading, "a size", remedy, "bad-size");
  if (bytes < MIN_MEMORY || bytes > Number.MAX_SAFE_INTEGER) {
    return refuse(node, reading, "at least 6 MiB in bytes", remedy, "bad-size");
  }
  return bytes;
}

/** A machine's size in `unit` bytes, rounded up; a bare number counts units already. */
export function readMachineSize(node: Node, reading: Reading, unit: "MB" | "GB"): number | undefined {
  const factor = unit === "MB" ? MEBIBYTE : 1024 ** 3;
  const bytes = node.kind === "scalar" ? parseSize(node.text, factor) : undefined;
  const remedy = `write a number of ${unit}, or a size such as 2g`;
  if (bytes === undefined || bytes <= 0 || bytes > Number.MAX_SAFE_INTEGER) {
    return refuse(node, reading, `a size in ${unit}`, remedy, "bad-size");
  }
  return Math.ceil(bytes / factor);
}
