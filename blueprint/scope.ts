import type { Problems } from "./diagnostics";

/** Where a value is read: what it may refer to, and where its problems go. */
export interface Scope {
  readonly problems: Problems;
  /** Id of the service that the value belongs to; empty for the application's own values. */
  readonly service: string;
  /** Ids of all services. */
  readonly services: ReadonlySet<string>;
  /** Id of the application. */
  readonly application: string;
  /** True for a value that the service has from the application's `brooklyn.config`. */
  readonly inherited?: boolean;
  /** Code of the diagnostic for a component that is not there; default `unknown-service`. */
  readonly unknownServiceCode?: string;
}

/** `openPorts of service 'redis'`, as messages name a value. */
export function subject(key: string, scope: Scope): string {
  return scope.service === "" || scope.inherited ? `${key} of the application` : `${key} of service '${scope.service}'`;
}

/** `'a', 'b' and 'c'`, in the order of the ids. */
export function listOf(names: Iterable<string>): string {
  const quoted = [...names].sort().map((name) => `'${name}'`);
  if (quoted.length === 0) return "none";
  return quoted.length === 1 ? String(quoted[0]) : `${quoted.slice(0, -1).join(", ")} and ${quoted.at(-1)}`;
}
