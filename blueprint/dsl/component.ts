import { nearest } from "../../wording/suggest";
import { APPLICATION } from "../hierarchy";
import { listOf, type Scope } from "../scope";
import { quote } from "../yaml/nodes";
import type { Evaluated, Setting } from "./evaluated";
import { SCOPES, type ScopeName } from "./functions";

/** What `component("scope", "id")` names, seen from the entity `base`; the empty base is the application. */
export function evaluateComponent(
  scopeName: string,
  id: string,
  base: string,
  setting: Setting,
): Evaluated | undefined {
  const where = SCOPES.find((known) => known.toLowerCase() === scopeName.toLowerCase());
  if (where !== undefined) return find(where, id, base, setting);
  setting.scope.problems.error(
    "unknown-scope",
    setting.at,
    `${setting.secret ? "the secret value" : quote(scopeName)} is not a valid scope`,
    `use one of ${SCOPES.join(", ")}`,
  );
  return undefined;
}

/** The same where the scope is known; those that mean one entity take no notice of the id. */
export function find(where: ScopeName, id: string, base: string, setting: Setting): Evaluated | undefined {
  const { entities } = setting.scope;
  switch (where) {
    case "this":
      return entityOf(base, setting);
    case "root":
      return entityOf(APPLICATION, setting);
    case "scopeRoot":
      return entityOf(entities.names.rootOf(setting.within), setting);
    case "parent":
      return parent(base, setting);
    case "global":
      return anywhere(id, setting);
    case "child":
      return among(entities.childrenOf(base), where, id, base, setting);
    case "sibling":
      return among(entities.siblingsOf(base), where, id, base, setting);
    case "descendant":
      return among(entities.descendantsOf(base), where, id, base, setting);
    case "ancestor":
      return among(entities.ancestorsOf(base), where, id, base, setting);
  }
}

function entityOf(id: string, setting: Setting, called?: string): Evaluated {
  const { scope, at, within } = setting;
  if (id === APPLICATION) return { kind: "application" };
  if (!scope.services.has(id)) return { kind: "group", group: id };
  const name = called ?? scope.entities.names.nameOf(id, within);
  return { kind: "component", service: id, ...(name !== id && { name }), at };
}

/** In the catalog item that the expression stands in, else in the application, else in any item of it. */
function anywhere(id: string, setting: Setting): Evaluated | undefined {
  const { entities, application, problems } = setting.scope;
  const near = entities.names.find(id, setting.within);
  if (near !== undefined) return entityOf(near, setting, id);
  if (entities.has(id)) return entityOf(id, setting);
  if (id === application) return entityOf(APPLICATION, setting);
  const [inside, ...others] = entities.names.all(id);
  if (inside === undefined) return unknown(id, setting);
  if (others.length === 0) return entityOf(inside, setting, id);
  problems.error(
    setting.scope.unknownServiceCode ?? "unknown-service",
    setting.at,
    `${setting.secret ? "the secret value" : quote(id)} is the id of several services that catalog items make`,
    `name one of them: ${listOf([inside, ...others])}`,
  );
  return undefined;
}

function parent(base: string, setting: Setting): Evaluated | undefined {
  const found = setting.scope.entities.parentOf(base);
  if (found !== undefined) return entityOf(found, setting);
  setting.scope.problems.error(
    "unknown-service",
    setting.at,
    "the application has no parent",
    'name a service: component("id")',
  );
  return undefined;
}

function among(
  candidates: readonly string[],
  where: ScopeName,
  id: string,
  base: string,
  setting: Setting,
): Evaluated | undefined {
  const { scope, at, secret } = setting;
  const { names } = scope.entities;
  const near = names.find(id, setting.within);
  const inside = names.all(id);
  const found =
    candidates.find((candidate) => candidate === near) ??
    candidates.find((candidate) => nameOf(candidate, scope) === id) ??
    candidates.find((candidate) => inside.includes(candidate));
  if (found !== undefined) return entityOf(found, setting, id);
  const seen = base === APPLICATION ? "the application" : `service '${base}'`;
  scope.problems.error(
    scope.unknownServiceCode ?? "unknown-service",
    at,
    `${secret ? "the secret value" : quote(id)} is no ${where} of ${seen}`,
    `there ${candidates.length === 1 ? "is" : "are"} ${listOf(candidates.map((one) => nameOf(one, scope)))}; component("id") finds a service wherever it stands`,
  );
  return undefined;
}

function nameOf(id: string, scope: Scope): string {
  return id === APPLICATION ? scope.application : id;
}

function unknown(id: string, { scope, at, secret }: Setting): undefined {
  const similar = nearest(id, scope.services);
  scope.problems.error(
    scope.unknownServiceCode ?? "unknown-service",
    at,
    `no service has the id ${secret ? "in the secret value" : quote(id)}`,
    `${similar ? `did you mean '${similar}'? ` : ""}services of this blueprint: ${listOf(scope.services)}`,
  );
  return undefined;
}
