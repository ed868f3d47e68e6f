import type { Problem } from "../model/schema";

const NAMES: readonly (readonly [string, string])[] = [
  ["", '""'],
  [".", '"."'],
  ["..", '".."'],
];
const CHARACTERS: readonly (readonly [string, string])[] = [
  ["\t", "horizontal tab (\\x09)"],
  ["\n", "line feed (\\x0a)"],
  ["\v", "vertical tab (\\x0b)"],
  ["\f", "form feed (\\x0c)"],
  ["\r", "carriage return (\\x0d)"],
  [" ", "space (\\x20)"],
  ["/", "slash (\\x2f)"],
  ["\x7f", "backspace (\\x7f)"],
];

/** The rules for `acceptedResourceRoles`; a resident app has to take what nobody reserved. */
export function roleProblems(roles: readonly string[] | undefined, resident: boolean): Problem[] {
  if (!roles) return [];
  const path = "/acceptedResourceRoles";
  const errors = roles.flatMap(nameFaults);
  if (roles.length === 0) errors.push("must not be empty");
  if (resident && !(roles.length === 1 && roles[0] === "*"))
    errors.push('A resident app must have `acceptedResourceRoles = ["*"]`.');
  return errors.map((error) => ({ path, error }));
}

function nameFaults(role: string): string[] {
  const faults = NAMES.filter(([name]) => name === role).map(([, shown]) => `A role name must not be ${shown}.`);
  if (role.startsWith("-")) faults.push("A role name must not start with a '-'.");
  const bad = CHARACTERS.filter(([character]) => role.includes(character));
  return [...faults, ...bad.map(([, shown]) => `A role name must not include a ${shown} character.`)];
}
