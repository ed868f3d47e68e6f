import { nearest } from "../../wording/suggest";
import { listOf } from "../scope";
import { quote } from "../yaml/nodes";
import type { Evaluated, Setting } from "./evaluate";
import { SCOPES } from "./functions";

/** What `component("scope", "id")` names; an application and its services are one level deep. */
export function evaluateComponent(scopeName: string, id: string, setting: Setting): Evaluated | undefined {
  const { scope, at } = setting;
  const where = SCOPES.find((known) => known.toLowerCase() === scopeName.toLowerCase());
  const itself: Evaluated =
    scope.service === "" ? { kind: "application" } : { kind: "component", service: scope.service, at };
  switch (where) {
    case undefined:
      scope.problems.error(
        "unknown-scope",
        at,
        `${setting.secret ? "the secret value" : quote(scopeName)} is not a scope of component`,
        `use one of ${SCOPES.join(", ")}`,
      );
      return undefined;
    case "this":
      return itself;
    case "parent":
    case "root":
    case "scopeRoot":
      return { kind: "application" };
    case "child":
    case "descendant":
    case "ancestor":
      if (id === (scope.service || scope.application)) return itself;
      if (where === "ancestor" && id === scope.application) return { kind: "application" };
      if (scope.service !== "" || where === "ancestor") return notThere(where, id, setting);
      break;
    default:
  }
  if (scope.services.has(id)) return { kind: "component", service: id, at };
  if (id === scope.application && where === "global") return { kind: "application" };
  const similar = nearest(id, scope.services);
  scope.problems.error(
    scope.unknownServiceCode ?? "unknown-service",
    at,
    `no service has the id ${setting.secret ? "in the secret value" : quote(id)}`,
    `${similar ? `did you mean '${similar}'? ` : ""}services of this blueprint: ${listOf(scope.services)}`,
  );
  return undefined;
}

function notThere(where: string, id: string, setting: Setting): undefined {
  setting.scope.problems.error(
    setting.scope.unknownServiceCode ?? "unknown-service",
    setting.at,
    `${setting.secret ? "the secret value" : quote(id)} is no ${where} of this service: services stand side by side`,
    'name the service without a scope: component("id")',
  );
  return undefined;
}
