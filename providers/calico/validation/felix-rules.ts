import type { Findings } from "./finding";
import { isObject } from "./shape";

type Values = Record<string, unknown>;

export function checkFelix(spec: Values, findings: Findings): void {
  const { kubeNodePortRanges, routeTableRange, routeTableRanges } = spec;
  if (Array.isArray(kubeNodePortRanges) && kubeNodePortRanges.length > 7) {
    findings.add("spec.kubeNodePortRanges", `${kubeNodePortRanges.length} ranges; at most 7 are allowed, join some`);
  }
  for (const field of ["iptablesMarkMask", "nftablesMarkMask"]) {
    const mask = spec[field];
    if (typeof mask !== "number" || !Number.isInteger(mask)) continue;
    const bits = mask.toString(2).replaceAll("0", "").length;
    if (bits < 2) findings.refuse(`spec.${field}`, mask, "a mask", "set at least two bits, such as 0xffff0000");
  }
  if (findings.given(routeTableRange) && findings.given(routeTableRanges)) {
    findings.add(
      "spec.routeTableRange",
      "routeTableRange and routeTableRanges exclude each other; keep routeTableRanges",
    );
  }
  if (isObject(routeTableRange)) checkTables(routeTableRange, "spec.routeTableRange", 250, findings);
  if (!Array.isArray(routeTableRanges)) return;
  let tables = 0;
  routeTableRanges.forEach((range: unknown, index) => {
    if (isObject(range)) tables += checkTables(range, `spec.routeTableRanges[${index}]`, 2 ** 32 - 1, findings);
  });
  if (tables > 65535) findings.add("spec.routeTableRanges", `${tables} tables in all; at most 65535 are allowed`);
}

/** Answers how many tables a range has. */
function checkTables({ min, max }: Values, at: string, limit: number, findings: Findings): number {
  if (typeof min !== "number" || typeof max !== "number") return 0;
  if (min > max) findings.add(`${at}.min`, `${min} is more than max ${max}; swap them`);
  else if (max > limit) findings.refuse(`${at}.max`, max, "a routing table here", `give at most ${limit}`);
  return Math.max(0, max - min + 1);
}
