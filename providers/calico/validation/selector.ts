/** A parsed selector. Sets hold each value once, sorted. */
export type Selector =
  | { readonly type: "all" }
  | { readonly type: "global" }
  | { readonly type: "has"; readonly label: string }
  | { readonly type: "not"; readonly operand: Selector }
  | { readonly type: "and" | "or"; readonly operands: readonly Selector[] }
  | {
      readonly type: "==" | "!=" | "contains" | "starts with" | "ends with";
      readonly label: string;
      readonly value: string;
    }
  | { readonly type: "in" | "not in"; readonly label: string; readonly values: readonly string[] };

/**
 * Whether something with these labels is selected. `!=` and `not in` hold where the label is absent, every other test needs
 * it. `global()` says nothing of labels and holds.
 */
export function evaluateSelector(selector: Selector, labels: Readonly<Record<string, string>>): boolean {
  switch (selector.type) {
    case "all":
    case "global":
      return true;
    case "not":
      return !evaluateSelector(selector.operand, labels);
    case "and":
      return selector.operands.every((operand) => evaluateSelector(operand, labels));
    case "or":
      return selector.operands.some((operand) => evaluateSelector(operand, labels));
    default:
      return test(selector, Object.hasOwn(labels, selector.label) ? labels[selector.label] : undefined);
  }
}

function test(selector: Extract<Selector, { label: string }>, value: string | undefined): boolean {
  switch (selector.type) {
    case "has":
      return value !== undefined;
    case "==":
      return value === selector.value;
    case "!=":
      return value !== selector.value;
    case "contains":
      return value?.includes(selector.value) ?? false;
    case "starts with":
      return value?.startsWith(selector.value) ?? false;
    case "ends with":
      return value?.endsWith(selector.value) ?? false;
    case "in":
      return value !== undefined && selector.values.includes(value);
    case "not in":
      return value === undefined || !selector.values.includes(value);
  }
}

/** The selector as Calico itself prints it; parsing that gives the same selector. */
export function printSelector(selector: Selector): string {
  switch (selector.type) {
    case "all":
    case "global":
      return `${selector.type}()`;
    case "has":
      return `has(${selector.label})`;
    case "not":
      return `!${printSelector(selector.operand)}`;
    case "and":
    case "or":
      return `(${selector.operands.map(printSelector).join(selector.type === "and" ? " && " : " || ")})`;
    case "in":
    case "not in":
      return `${selector.label} ${selector.type} {${selector.values.map(quote).join(", ")}}`;
    default:
      return `${selector.label} ${selector.type} ${quote(selector.value)}`;
  }
}

/** Calico's grammar has no escapes: a text with both kinds of quotes cannot be written. */
function quote(text: string): string {
  if (!text.includes('"')) return `"${text}"`;
  if (!text.includes("'")) return `'${text}'`;
  throw new Error(`a selector cannot hold a text with both kinds of quotes: ${text}`);
}

/** Whether `global()` stands anywhere in it. */
export function mentionsGlobal(selector: Selector): boolean {
  if (selector.type === "not") return mentionsGlobal(selector.operand);
  if (selector.type === "and" || selector.type === "or") return selector.operands.some(mentionsGlobal);
  return selector.type === "global";
}
