import { isLabelValue, keyProblem } from "../providers/calico/validation/name-leaves";

export type Labels = Readonly<Record<string, string>>;

/** Prefix of network options and of options that connect a container to a network. */
export const OPTION = "label.";
/** Prefix of a container's own labels. */
export const CONTAINER_LABEL = "org.projectcalico.label.";

/** Options or labels that begin with a prefix, by the rest of their names. */
export function labelsWith(prefix: string, all: Readonly<Record<string, unknown>> | null | undefined): Labels {
  const entries = Object.entries(all ?? {}).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(entries.map(([name, value]) => [name.slice(prefix.length), String(value)]));
}

/** Why a label cannot be one of a Calico endpoint; undefined if it can. */
export function labelProblem(key: string, value: string): string | undefined {
  if (key.startsWith("projectcalico.org/"))
    return `label ${key}: Calico sets labels of projectcalico.org/ itself; use another name`;
  const problem = keyProblem(key);
  if (problem !== undefined) return `label '${key}': ${problem}`;
  if (isLabelValue(value)) return undefined;
  return `label ${key} is '${value}': allowed are at most 63 of A-Z a-z 0-9 - _ . with a letter or digit at both ends, or nothing`;
}

/** @throws Error for the first label that Calico could not hold. */
export function checkLabels(labels: Labels): Labels {
  for (const [key, value] of Object.entries(labels)) {
    const problem = labelProblem(key, value);
    if (problem !== undefined) throw new Error(problem);
  }
  return labels;
}
