import type { Problem } from "../model/schema";

const OPERATORS = ["UNIQUE", "CLUSTER", "GROUP_BY", "LIKE", "MAX_PER", "UNLIKE", "IS"];
const ATTRIBUTES = "http://mesos.apache.org/documentation/latest/attributes-resources/";

/** The rules for `constraints`: lists of field, operator and, for some operators, a value. */
export function constraintProblems(constraints: readonly (readonly string[])[]): Problem[] {
  const faults = constraints.flatMap((constraint) => fault(constraint) ?? []);
  return faults.map((error) => ({ path: "/constraints", error }));
}

/** What is wrong with a constraint, if anything is. Operators count whatever their case. */
function fault(constraint: readonly string[]): string | undefined {
  if (constraint.length < 2 || constraint.length > 3) return "Each constraint must have either 2 or 3 fields";
  const [field = "", operator = "", value] = constraint;
  if (field === "") return "illegal constraint specification";
  return valueFault(operator.toUpperCase(), value);
}

/** What is wrong with the value of an operator, or with the operator. */
export function valueFault(operator: string, value: string | undefined): string | undefined {
  switch (operator) {
    case "UNIQUE":
      return value === undefined ? undefined : "UNIQUE does not accept a value";
    case "CLUSTER":
      return undefined;
    case "IS":
      return /^[a-zA-Z0-9_/.-]*$/.test(value ?? "")
        ? undefined
        : `IS only supports Mesos text and float values (see ${ATTRIBUTES})`;
    case "GROUP_BY":
      return value === undefined || isInt(value)
        ? undefined
        : "GROUP BY must define an integer value or else no value at all";
    case "MAX_PER":
      return value !== undefined && isInt(value) ? undefined : "MAX_PER requires an integer value";
    case "LIKE":
    case "UNLIKE":
      if (value === undefined) return "LIKE and UNLIKE require a non-empty, regular expression value";
      return isPattern(value) ? undefined : "is not a valid regular expression";
    default:
      return `operator must be one of the following ${OPERATORS.slice(0, -1).join(", ")} or IS`;
  }
}

export function isPattern(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}

function isInt(text: string): boolean {
  return /^[+-]?\d+$/.test(text) && Number(text) >= -(2 ** 31) && Number(text) < 2 ** 31;
}
