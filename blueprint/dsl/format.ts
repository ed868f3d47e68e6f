import type { Scalar } from "../model";

/** A piece of a pattern: text as it is, or a directive for the argument `index` (0-based). */
export type FormatPart =
  | { readonly kind: "text"; readonly text: string }
  | {
      readonly kind: "directive";
      readonly source: string;
      readonly index: number;
      readonly flags: string;
      readonly width: number;
      readonly precision?: number;
      readonly conversion: string;
    };

/** A pattern or an argument that `java.util.Formatter` would refuse. The message never holds an argument's value. */
export class FormatError extends Error {}

const DIRECTIVE = /%(?:(\d+)\$|(<))?([-#+ 0,(]*)([1-9]\d*)?(?:\.(\d+))?([a-zA-Z%])/y;
const MAX_WIDTH = 1000;
const CONVERSIONS = "bBsSdxXofeEcCn%";

/** Splits a pattern with the directives of `java.util.Formatter`. Throws FormatError. */
export function parseFormat(pattern: string): readonly FormatPart[] {
  const parts: FormatPart[] = [];
  let ordinary = 0;
  let last = -1;
  let position = 0;
  while (position < pattern.length) {
    const percent = pattern.indexOf("%", position);
    if (percent !== position) {
      const end = percent === -1 ? pattern.length : percent;
      parts.push({ kind: "text", text: pattern.slice(position, end) });
      position = end;
      continue;
    }
    DIRECTIVE.lastIndex = position;
    const found = DIRECTIVE.exec(pattern);
    if (found === null) {
      throw new FormatError(`no directive after the '%' at character ${position + 1} of the pattern`);
    }
    const [source, explicit, relative, flags = "", width = "0", precision, conversion = ""] = found;
    position += source.length;
    if (Number(width) > MAX_WIDTH || Number(precision ?? 0) > MAX_WIDTH) {
      throw new FormatError(`the directive '${source}' is wider than ${MAX_WIDTH} characters`);
    }
    if (!CONVERSIONS.includes(conversion)) throw new FormatError(`the directive '${source}' is not supported`);
    if (conversion === "%" || conversion === "n") {
      parts.push({ kind: "text", text: conversion === "%" ? "%".padStart(Number(width)) : "\n" });
      continue;
    }
    if (relative !== undefined && last < 0) throw new FormatError(`'${source}' refers to a directive before the first`);
    if (explicit === "0") throw new FormatError(`the directive '${source}' counts arguments from 1`);
    if (explicit !== undefined) last = Number(explicit) - 1;
    else if (relative === undefined) last = ordinary++;
    checkFlags(source, flags, width, precision, conversion);
    parts.push({
      kind: "directive",
      source,
      index: last,
      flags,
      width: Number(width),
      ...(precision === undefined ? {} : { precision: Number(precision) }),
      conversion,
    });
  }
  return parts;
}

/** `String.format` of Java for the directives b s d x o f e c and their upper-case forms. Throws FormatError. */
export function formatJava(pattern: string, args: readonly Scalar[]): string {
  return parseFormat(pattern)
    .map((part) => {
      if (part.kind === "text") return part.text;
      const value = args[part.index];
      if (value === undefined) throw new FormatError(`'${part.source}' has no argument: ${args.length} given`);
      return formatDirective(part, value);
    })
    .join("");
}

type Directive = Extract<FormatPart, { kind: "directive" }>;

function checkFlags(source: string, flags: string, width: string, precision: string | undefined, conversion: string) {
  const refuse = (reason: string): never => {
    throw new FormatError(`the directive '${source}' ${reason}`);
  };
  if (/(.).*\1/.test(flags)) refuse("repeats a flag");
  if (/[-0]/.test(flags) && width === "0") refuse("has a flag that needs a width");
  if (flags.includes("-") && flags.includes("0")) refuse("cannot align left and fill with zeros at once");
  if (flags.includes("+") && flags.includes(" ")) refuse("cannot use the flags + and space at once");
  const kind = conversion.toLowerCase();
  if (precision !== undefined && "dxoc".includes(kind)) refuse("cannot have a precision");
  const allowed = { d: "-+ 0,(", x: "-#0", o: "-#0", f: "-#+ 0,(", e: "-#+ 0(" }[kind] ?? "-";
  const bad = [...flags].find((flag) => !allowed.includes(flag));
  if (bad !== undefined) refuse(`cannot have the flag '${bad}'`);
}

function formatDirective(directive: Directive, value: Scalar): string {
  const { conversion, flags, width } = directive;
  const body = convert(directive, value);
  const filled =
    flags.includes("0") && value !== null
      ? body.replace(/^([-+ (]?(?:0[xX])?)/, (sign) => sign + "0".repeat(Math.max(0, width - body.length)))
      : flags.includes("-")
        ? body.padEnd(width)
        : body.padStart(width);
  return /[A-Z]/.test(conversion) ? filled.toUpperCase() : filled;
}

function convert(directive: Directive, value: Scalar): string {
  const { conversion, flags, precision } = directive;
  const kind = conversion.toLowerCase();
  if (kind === "b") return String(value !== null && value !== false).slice(0, precision);
  if (kind === "s" || value === null) return String(value).slice(0, precision);
  if (kind === "c") return character(directive, value);
  if (kind === "f" || kind === "e") return signed(decimal(directive, value), flags);
  const whole = integer(directive, value);
  if (kind === "d") return signed(whole.toString(), flags);
  const bits = BigInt.asIntN(32, whole) === whole ? 32 : 64;
  const digits = BigInt.asUintN(bits, whole).toString(kind === "x" ? 16 : 8);
  return flags.includes("#") ? (kind === "x" ? `0x${digits}` : `0${digits}`) : digits;
}

function character(directive: Directive, value: Scalar): string {
  if (typeof value === "string" && [...value].length === 1) return value;
  if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 0x10ffff) {
    return String.fromCodePoint(value);
  }
  throw new FormatError(`'${directive.source}' needs one character`);
}

function integer(directive: Directive, value: Scalar): bigint {
  if (typeof value === "number" && Number.isInteger(value)) return BigInt(value);
  if (typeof value === "string" && /^[-+]?\d+$/.test(value)) return BigInt(value.replace("+", ""));
  throw new FormatError(`'${directive.source}' needs a whole number`);
}

/** Decimal text of a number, rounded half up on its shortest decimal form as Java does. */
function decimal(directive: Directive, value: Scalar): string {
  const number = typeof value === "string" && /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(value) ? +value : value;
  if (typeof number !== "number" || !Number.isFinite(number)) {
    throw new FormatError(`'${directive.source}' needs a number`);
  }
  const places = directive.precision ?? 6;
  const sign = number < 0 || Object.is(number, -0) ? "-" : "";
  const [mantissa = "0", power = "0"] = Math.abs(number).toExponential().split("e");
  const digits = mantissa.replace(".", "");
  const scale = Number(power);
  if (directive.conversion.toLowerCase() === "f") return sign + fixed(digits, scale, places);
  const rounded = fixed(digits, 0, places);
  const [carried, exponent] = rounded.startsWith("10") ? [fixed("1", 0, places), scale + 1] : [rounded, scale];
  return `${sign}${carried}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
}

/** `d.ddd × 10^scale` given by its digits, with `places` digits after the point. */
function fixed(digits: string, scale: number, places: number): string {
  const kept = scale + 1 + places;
  const cut = kept < 0 ? "" : digits.slice(0, kept).padEnd(kept, "0");
  const up = kept >= 0 && kept < digits.length && digits.charAt(kept) >= "5" ? 1n : 0n;
  const text = (BigInt(cut || "0") + up).toString().padStart(places + 1, "0");
  return places === 0 ? text : `${text.slice(0, -places)}.${text.slice(-places)}`;
}

function signed(text: string, flags: string): string {
  const negative = text.startsWith("-");
  const magnitude = negative ? text.slice(1) : text;
  const [whole = "", rest] = magnitude.split(".");
  const grouped = flags.includes(",") ? whole.replace(/\B(?=(\d{3})+$)/g, ",") : whole;
  const body = rest === undefined ? grouped : `${grouped}.${rest}`;
  if (negative) return flags.includes("(") ? `(${body})` : `-${body}`;
  if (flags.includes("+")) return `+${body}`;
  return flags.includes(" ") ? ` ${body}` : body;
}
