import type { Catalog } from "./catalog/catalog";
import type { Problems } from "./diagnostics";
import type { Entities } from "./hierarchy";

/** Where a value is read: what it may refer to, and where its problems go. */
export interface Scope {
  readonly problems: Problems;
  /** Id of the service that the value belongs to; empty for the application's own values. */
  readonly service: string;
  /** Ids of all services that run. */
  readonly services: ReadonlySet<string>;
  /** Services and groups, and who stands below whom. */
  readonly entities: Entities;
  /** Id of the application. */
  readonly application: string;
  /** Id of the entity that the service has the value from; the empty id is the application. */
  readonly inherited?: string;
  /** Code of the diagnostic for a component that is not there; default `unknown-service`. */
  readonly unknownServiceCode?: string;
  /** Types beside those of the language. */
  readonly catalog?: Catalog;
}

/** `openPorts of service 'redis'`, as messages name a value. */
export function subject(key: string, scope: Scope): string {
  const owner = scope.inherited ?? scope.service;
  return owner === "" ? `${key} of the application` : `${key} of service '${owner}'`;
}

/** `'a', 'b' and 'c'`, in the order of the ids. */
export function listOf(names: Iterable<string>): string {
  const quoted = [...names].sort().map((name) => `'${name}'`);
  if (quoted.length === 0) return "none";
  return quoted.length === 1 ? String(quoted[0]) : `${quoted.slice(0, -1).join(", ")} and ${quoted.at(-1)}`;
}
