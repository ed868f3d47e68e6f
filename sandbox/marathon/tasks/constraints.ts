import type { Agent } from "./runner";

/** Whether an instance may go to the agent, given the agents of the app's other instances. */
export function meetsConstraints(
  constraints: readonly (readonly string[])[],
  agent: Agent,
  others: readonly Agent[],
): boolean {
  return constraints.every(([field = "", operator = "", value]) => meets(field, operator, value, agent, others));
}

function meets(field: string, operator: string, value: string | undefined, agent: Agent, others: readonly Agent[]) {
  const own = fieldOf(agent, field);
  if (own === undefined) return operator === "UNLIKE";
  const taken = others.flatMap((other) => fieldOf(other, field) ?? []);
  const same = taken.filter((other) => other === own).length;
  switch (operator) {
    case "UNIQUE":
      return same === 0;
    case "CLUSTER":
      return value ? own === value : taken.length === same;
    case "IS":
      return own === (value ?? "");
    case "LIKE":
      return new RegExp(`^(?:${value ?? ""})$`).test(own);
    case "UNLIKE":
      return !new RegExp(`^(?:${value ?? ""})$`).test(own);
    case "MAX_PER":
      return same < Number(value);
    case "GROUP_BY":
      return isSmallestGroup(own, taken, value === undefined ? undefined : Number(value));
    default:
      return false;
  }
}

/** With `groups` expected values, a value nobody has yet counts as a group of none. */
function isSmallestGroup(own: string, taken: readonly string[], groups: number | undefined): boolean {
  const counts = new Map<string, number>();
  for (const value of taken) counts.set(value, (counts.get(value) ?? 0) + 1);
  const mine = counts.get(own) ?? 0;
  if (mine === 0) return true;
  if (groups !== undefined && counts.size < groups) return false;
  return mine <= Math.min(...counts.values());
}

function fieldOf(agent: Agent, field: string): string | undefined {
  if (field === "hostname" || field === "@hostname") return agent.hostname;
  return agent.attributes[field];
}
