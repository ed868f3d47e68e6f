import { createHash } from "node:crypto";
import type { Plan } from "../model";

const APPLICATION = "clocker.application";
const STACK = "clocker.stack";
const SERVICE = "clocker.service";

/** What Calico takes as the value of a label, without what Calico's CNI plugin makes shorter in the network labels of Mesos. */
const VALUE = /^(?!.*(\.[.-]|-\.))[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;

/** The Calico labels of an application's service, on its endpoint or its network set: policies select by them. */
export function calicoLabels(plan: Plan, service: string): Readonly<Record<string, string>> {
  return {
    [APPLICATION]: labelValue(plan.application),
    [STACK]: labelValue(plan.stack),
    [SERVICE]: labelValue(service),
  };
}

/** Selects every service of the application, or those with the given ids. */
export function selectorOf(plan: Plan, services?: readonly string[]): string {
  const application = `${APPLICATION} == '${labelValue(plan.application)}' && ${STACK} == '${labelValue(plan.stack)}'`;
  if (services === undefined) {
    return application;
  }
  const values = [...new Set(services.map(labelValue))].sort().map((value) => `'${value}'`);
  const [only] = values;
  const test = values.length === 1 ? `== ${only}` : `in {${values.join(", ")}}`;
  return `${application} && ${SERVICE} ${test}`;
}

/** The text itself where a label can have it; else what can be kept of it with a hash. */
export function labelValue(text: string): string {
  if (VALUE.test(text)) {
    return text;
  }
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 8);
  const kept = text
    .replace(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/[.-]*\.[.-]*/g, ".")
    .replace(/^[^A-Za-z0-9]+/, "")
    .slice(0, 54)
    .replace(/\.$/, "");
  return kept === "" ? hash : `${kept}-${hash}`;
}
