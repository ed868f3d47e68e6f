/** A type of single values. */
export interface ScalarType {
  /** What to write, for people. */
  readonly form: string;
  /** Place of a value among those of its type: the number itself, bytes, seconds, hertz, bits a second …; undefined if it is none of the type. */
  order(text: string): number | undefined;
}

const SIZES = powers("b", 1);
const TIMES = { d: 86_400, h: 3600, m: 60, s: 1, ms: 1e-3, us: 1e-6, ns: 1e-9 };
const FREQUENCIES = { hz: 1, khz: 1e3, mhz: 1e6, ghz: 1e9 };
const VERSION = /^(\d+)\.(\d+)(?:\.(\d+)(?:\.[A-Za-z0-9_]+(?:-\d+)?)?)?$/;
const TIMESTAMP =
  /^\d{4}-\d{1,2}-\d{1,2}(?:(?:[Tt]|[ \t]+)\d{1,2}:\d\d:\d\d(?:\.\d+)?[ \t]*(?:Z|[-+]\d{1,2}(?::?\d\d)?)?)?$/;

/** Types of single values, by their names; of text any value is one, and it has no order. */
export const SCALARS: Readonly<Record<string, ScalarType>> = {
  string: { form: "a text", order: () => undefined },
  integer: { form: "a whole number, e.g. 3", order: matching(/^[-+]?\d+$/, Number) },
  float: { form: "a number, e.g. 0.5", order: matching(/^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?$/, Number) },
  boolean: { form: "true or false", order: matching(/^(?:true|false)$/i, (text) => (/^t/i.test(text) ? 1 : 0)) },
  timestamp: { form: "a time, e.g. 2026-03-01T12:00:00Z", order: matching(TIMESTAMP, (text) => timeOf(text)) },
  version: { form: "a version of at least two numbers, e.g. 2.0 or 2.0.1", order: matching(VERSION, versionOrder) },
  "scalar-unit.size": { form: "a size, e.g. 512 MiB or 4 GB", order: measured(SIZES) },
  "scalar-unit.time": { form: "a time, e.g. 30 s or 2 h", order: measured(TIMES) },
  "scalar-unit.frequency": { form: "a frequency, e.g. 2.4 GHz", order: measured(FREQUENCIES) },
  "scalar-unit.bitrate": { form: "a bit rate, e.g. 10 Mbps", order: bitRate },
};

/** Units of powers of ten without an i, of 1024 with it. */
function powers(unit: string, factor: number): Readonly<Record<string, number>> {
  const steps = ["", "k", "m", "g", "t"].flatMap((prefix, step) => [
    [`${prefix}${unit}`, factor * 1000 ** step] as const,
    ...(step === 0 ? [] : [[`${prefix}i${unit}`, factor * 1024 ** step] as const]),
  ]);
  return Object.fromEntries(steps);
}

function matching(form: RegExp, order: (text: string) => number | undefined): ScalarType["order"] {
  return (text) => (form.test(text) ? order(text) : undefined);
}

function measured(units: Readonly<Record<string, number>>): ScalarType["order"] {
  return (text) => {
    const [, amount, unit = ""] = /^(\d+(?:\.\d+)?)\s*([a-z]+)$/i.exec(text.trim()) ?? [];
    const factor = Object.hasOwn(units, unit.toLowerCase()) ? units[unit.toLowerCase()] : undefined;
    return amount === undefined || factor === undefined ? undefined : Number(amount) * factor;
  };
}

/** `Bps` are bytes a second and `bps` bits: here the case counts. */
function bitRate(text: string): number | undefined {
  const isBytes = text.trim().endsWith("Bps");
  return measured(powers("bps", isBytes ? 8 : 1))(text);
}

function timeOf(text: string): number | undefined {
  const [, year, month, day, rest = ""] = /^(\d+)-(\d+)-(\d+)[Tt \t]*(.*)$/.exec(text) ?? [];
  const two = (part: string | undefined) => (part ?? "").padStart(2, "0");
  const zone = /(?:Z|[-+]\d{1,2}(?::?\d\d)?)$/.exec(rest)?.[0] ?? "";
  const clock = rest
    .slice(0, rest.length - zone.length)
    .trim()
    .padStart(rest === "" ? 0 : 8, "0");
  const [, sign = "", hours = "", minutes = "00"] = /^([-+])(\d{1,2}):?(\d\d)?$/.exec(zone) ?? [];
  const offset = sign === "" ? "Z" : `${sign}${two(hours)}:${minutes}`;
  const time = Date.parse(`${year}-${two(month)}-${two(day)}${clock === "" ? "" : `T${clock}${offset}`}`);
  return Number.isNaN(time) ? undefined : time / 1000;
}

function versionOrder(text: string): number | undefined {
  const [, major = 0, minor = 0, fix = 0] = VERSION.exec(text) ?? [];
  return (Number(major) * 1e5 + Number(minor)) * 1e5 + Number(fix);
}
