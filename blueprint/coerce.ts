import type { Scalar } from "./model";
import { readFirstPort } from "./ports";
import { parseDuration } from "./quantities";
import { type Reading, refuse } from "./values";
import type { Node, ScalarNode } from "./yaml/nodes";

interface ParameterType {
  /** What a value has to be, for messages. */
  readonly needs: string;
  readonly remedy: string;
  /** Java's names, besides the one in the table. */
  readonly java: readonly string[];
  /** The value of a text, undefined if it is none of this type. */
  coerce(text: string): Scalar | undefined;
}

const DATE = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?: ?(?:Z|[+-]\d\d:?\d\d))?)?$/;
const NUMBER = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/;

const TYPES: Readonly<Record<string, ParameterType>> = {
  string: { needs: "a text", remedy: "write a text", java: ["java.lang.String"], coerce: (text) => text },
  integer: whole("java.lang.Integer", 31n),
  long: whole("java.lang.Long", 63n),
  float: fraction("java.lang.Float", 3.4028234663852886e38),
  double: fraction("java.lang.Double", Number.MAX_VALUE),
  boolean: {
    needs: "true or false",
    remedy: "write true or false",
    java: ["java.lang.Boolean"],
    coerce: (text) => (/^(?:true|false)$/i.test(text) ? text.toLowerCase() === "true" : undefined),
  },
  timestamp: {
    needs: "a date",
    remedy: "write a date such as 2016-01-14, 2016-01-14 12:30:00 +0100, or the milliseconds since 1970",
    java: ["java.util.Date"],
    coerce: (text) => (/^\d{1,15}$/.test(text) || (DATE.test(text) && isDate(text)) ? text : undefined),
  },
  duration: {
    needs: "a duration",
    remedy: "write a duration such as 90s, 10m or 1h; a bare number counts milliseconds",
    java: ["org.apache.brooklyn.util.time.Duration", "brooklyn.util.time.Duration"],
    coerce: (text) => (parseDuration(text) === undefined ? undefined : text),
  },
  port: {
    needs: "a port",
    remedy: "write a port such as 8080, or a range such as 8080+",
    java: ["org.apache.brooklyn.api.location.PortRange", "brooklyn.location.PortRange"],
    coerce: (text) => text,
  },
};

/** Names of the types of parameters. */
export const PARAMETER_TYPES: readonly string[] = Object.keys(TYPES);

/** The type that a name means, Java's names too. */
export function parameterType(name: string): string | undefined {
  const wanted = name.toLowerCase();
  return PARAMETER_TYPES.find((known) => known === wanted || TYPES[known]?.java.includes(name));
}

/** The value as its type has it; of a range of ports the first. Gives nothing after telling that it is none. */
export function coerce(node: Node, type: string, reading: Reading): ScalarNode | undefined {
  const { coerce: read, needs, remedy } = TYPES[type] ?? { needs: type, remedy: "" };
  if (type === "port") {
    const port = readFirstPort(node, reading);
    return port === undefined || node.kind !== "scalar" ? undefined : { ...node, value: port, text: String(port) };
  }
  const value = node.kind === "scalar" ? read?.(type === "string" ? node.text : node.text.trim()) : undefined;
  if (node.kind !== "scalar" || value === undefined) return refuse(node, reading, needs, remedy, "bad-parameter");
  return { ...node, value, text: String(value) };
}

function whole(java: string, bits: bigint): ParameterType {
  const [min, max] = [-(2n ** bits), 2n ** bits - 1n];
  const needs = `a whole number from ${min} to ${max}`;
  return {
    needs,
    remedy: `write ${needs}`,
    java: [java],
    coerce: (text) => {
      const value = /^[-+]?\d{1,19}$/.test(text) ? BigInt(text.replace("+", "")) : undefined;
      if (value === undefined || value < min || value > max) return undefined;
      return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
    },
  };
}

/** The text stays: `1.50` is what a process gets. */
function fraction(java: string, max: number): ParameterType {
  return {
    needs: "a number",
    remedy: "write a number such as 1.5",
    java: [java],
    coerce: (text) => (NUMBER.test(text) && Math.abs(Number(text)) <= max ? text : undefined),
  };
}

/** True for a day that the calendar has: JavaScript takes the 31st of February for one in March. */
function isDate(text: string): boolean {
  const [year = 0, month = 0, day = 0] = text.slice(0, 10).split("-").map(Number);
  const iso = text.replace(/ (?=[-+Z])/, "").replace(" ", "T");
  return new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day && !Number.isNaN(Date.parse(iso));
}
