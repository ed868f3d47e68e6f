import { formatPosition } from "../../blueprint/diagnostics";
import type { CompiledNetwork, Party, Relation } from "./model";

const HEAD = ["FROM", "TO", "PORT", "WHY", "ENFORCED BY", "DECLARED AT"] as const;

/** What is let through as a table, one line for each relation that something enforces, under a line that says what happens to the rest. */
export function describePolicy(compiled: CompiledNetwork): string[] {
  const rows = compiled.relations.flatMap((relation) => {
    const enforcers = enforcedBy(relation, compiled);
    return enforcers.length === 0 ? [] : [rowOf(relation, enforcers)];
  });
  return [headline(compiled), ...(rows.length === 0 ? [] : align([HEAD, ...rows]))];
}

function headline({ tier, policies, sets, machineRules }: CompiledNetwork): string {
  if (tier !== undefined) {
    return `Tier ${tier.name} with ${count(policies.length, "policy", "policies")} and ${count(sets.length, "network set", "network sets")} refuses all but:`;
  }
  const machines = Object.keys(machineRules).length;
  return machines === 0
    ? "Without clocker:network.calico nothing is refused."
    : `Without clocker:network.calico, only ${count(machines, "machine refuses", "machines refuse")} all but:`;
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}

function enforcedBy({ policy, to }: Relation, { tier, machineRules }: CompiledNetwork): string[] {
  const own = policy === undefined || tier === undefined ? [] : [policy.slice(tier.name.length + 1)];
  const group = to.kind === "service" && Object.hasOwn(machineRules, to.id) ? [`security group of ${to.id}`] : [];
  return [...own, ...group];
}

function rowOf({ from, to, port, protocol, why, at }: Relation, enforcers: readonly string[]): string[] {
  return [
    name(from),
    name(to),
    `${port}/${protocol.toLowerCase()}`,
    why,
    enforcers.join(", "),
    at === undefined ? "" : formatPosition(at),
  ];
}

function name(party: Party): string {
  switch (party.kind) {
    case "service":
      return party.id;
    case "every-service":
      return "every service";
    case "ranges":
      return party.ranges.join(", ");
  }
}

function align(rows: readonly (readonly string[])[]): string[] {
  const widths = HEAD.map((_, column) => rows.reduce((width, row) => Math.max(width, row[column]?.length ?? 0), 0));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
