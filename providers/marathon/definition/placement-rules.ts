import { absoluteId, isPossibleId } from "../ids";
import type { Finding, Subject } from "./finding";
import { isObject, list, objects } from "./json";
import { isResident } from "./resident";

const OPERATORS = ["UNIQUE", "CLUSTER", "GROUP_BY", "LIKE", "UNLIKE", "MAX_PER", "IS"];
const URI = /^[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]+$/;

/** The rules for where and when tasks run; `constraints` are in the order they were written in. */
export function placementRules({ appId, app }: Subject, constraints: readonly unknown[]): Finding[] {
  const findings: Finding[] = [];
  const refuse = (property: string, reason: string, ...from: unknown[]) =>
    findings.push({ property: `app.${property}`, reason, from });
  constraints.forEach((constraint, index) => {
    const fault = constraintFault(list(constraint));
    if (fault) refuse(`constraints.${index}`, fault, constraint);
  });
  for (const id of list(app["dependencies"])) {
    if (typeof id !== "string") continue;
    if (absoluteId(id) === appId) refuse("dependencies", `must not hold the app itself, ${appId}`, id);
    if (!isPossibleId(absoluteId(id)))
      refuse(
        "dependencies",
        `must be ids of lower-case letters, digits, '-' and '.'; one is ${JSON.stringify(id)}`,
        id,
      );
  }
  objects(app["fetch"]).forEach(({ uri }, index) => {
    if (!URI.test(String(uri))) refuse(`fetch.${index}.uri`, "must be a URI; write %20 for a space", uri);
  });
  const { container, gpus, unreachableStrategy, upgradeStrategy } = app;
  if (Number(gpus) > 0 && isObject(container) && container["type"] === "DOCKER")
    refuse("gpus", "are for containers of type MESOS", gpus, container["type"]);
  if (isObject(unreachableStrategy)) {
    const { inactiveAfterSeconds: inactive, expungeAfterSeconds: expunge } = unreachableStrategy;
    if (Number(inactive) > Number(expunge))
      refuse(
        "unreachableStrategy.inactiveAfterSeconds",
        `must not be above expungeAfterSeconds; it is ${inactive} to ${expunge}`,
        unreachableStrategy,
      );
    if (isResident(app))
      refuse("unreachableStrategy", 'must be "disabled" or left out, for the app has persistent volumes', container);
  }
  if (isResident(app) && isObject(upgradeStrategy) && upgradeStrategy["maximumOverCapacity"] !== 0)
    refuse(
      "upgradeStrategy.maximumOverCapacity",
      `must be 0, for the app has persistent volumes; it is ${upgradeStrategy["maximumOverCapacity"]}`,
      upgradeStrategy,
      container,
    );
  return [...findings, ...singleInstance(app)];
}

/** What is wrong with field, operator and value of a constraint. */
export function constraintFault(constraint: readonly unknown[]): string | undefined {
  if (constraint.length < 2 || constraint.length > 3) return "must be field, operator and, for some operators, a value";
  const [field, operator, value] = constraint.map(String);
  if (!field) return "must begin with hostname or the name of an attribute";
  if (!OPERATORS.includes(String(operator)))
    return `must have one of ${OPERATORS.join(", ")} in second place, in capitals; it has ${JSON.stringify(operator)}`;
  if (operator === "UNIQUE" && value !== undefined) return "takes no value with UNIQUE";
  if (operator === "GROUP_BY" && value !== undefined && !isWhole(value))
    return `takes a whole number or no value with GROUP_BY; it is ${JSON.stringify(value)}`;
  if (operator === "MAX_PER" && !isWhole(value))
    return `needs a whole number with MAX_PER; it is ${JSON.stringify(value)}`;
  if ((operator === "LIKE" || operator === "UNLIKE") && !value) return `needs a regular expression with ${operator}`;
  return undefined;
}

function isWhole(value: string | undefined): boolean {
  return value !== undefined && /^[+-]?\d+$/.test(value);
}

function singleInstance(app: Subject["app"]): Finding[] {
  const { labels, instances, upgradeStrategy } = app;
  if (!isObject(labels) || labels["MARATHON_SINGLE_INSTANCE_APP"] !== "true") return [];
  const because = "for the label MARATHON_SINGLE_INSTANCE_APP is set";
  const findings: Finding[] = [];
  if (Number(instances) > 1)
    findings.push({ property: "app.instances", reason: `must be 0 or 1, ${because}; it is ${instances}`, from: [] });
  const strategy = isObject(upgradeStrategy) ? Object.values(upgradeStrategy) : [];
  if (strategy.some((capacity) => capacity !== 0))
    findings.push({
      property: "app.upgradeStrategy",
      reason: `must be {minimumHealthCapacity: 0, maximumOverCapacity: 0}, ${because}`,
      from: [upgradeStrategy],
    });
  return findings;
}
