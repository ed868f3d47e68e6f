import type { Problem } from "./schema";

const OPERATORS = ["UNIQUE", "CLUSTER", "GROUP_BY", "LIKE", "MAX_PER", "UNLIKE", "IS"];

/** The rules for `constraints`: lists of field, operator and, for some operators, a value. */
export function constraintProblems(constraints: readonly (readonly string[])[]): Problem[] {
  return constraints.flatMap((constraint) => {
    const error = fault(constraint);
    return error ? [{ path: "/constraints", error }] : [];
  });
}

function fault(constraint: readonly string[]): string | undefined {
  if (constraint.length < 2 || constraint.length > 3) return "Each constraint must have either 2 or 3 fields";
  const [field = "", operator = "", value] = constraint;
  if (field === "" || operator === "") return "illegal constraint specification";
  switch (operator.toUpperCase()) {
    case "UNIQUE":
      return value === undefined ? undefined : "UNIQUE does not accept a value";
    case "CLUSTER":
    case "IS":
      return undefined;
    case "GROUP_BY":
      return value === undefined || isWhole(value)
        ? undefined
        : "GROUP BY must define an integer value or else no value at all";
    case "MAX_PER":
      return value !== undefined && isWhole(value) ? undefined : "MAX_PER requires an integer value";
    case "LIKE":
    case "UNLIKE":
      return patternFault(value);
    default:
      return `operator must be one of the following ${OPERATORS.slice(0, -1).join(", ")} or IS`;
  }
}

function patternFault(value: string | undefined): string | undefined {
  if (!value) return "LIKE and UNLIKE require a non-empty, regular expression value";
  try {
    new RegExp(value);
    return undefined;
  } catch {
    return `'${value}' is not a valid regular expression`;
  }
}

function isWhole(value: string): boolean {
  return /^[+-]?\d+$/.test(value);
}
