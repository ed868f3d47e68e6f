import type { Diagnostic, Position } from "./model";

/** Collects the problems of one blueprint, so that all of them are told at once. */
export class Problems {
  private readonly found: Diagnostic[] = [];

  error(code: string, at: Position, message: string, remedy: string): void {
    this.found.push({ severity: "error", code, message, remedy, at });
  }

  warning(code: string, at: Position, message: string, remedy: string): void {
    this.found.push({ severity: "warning", code, message, remedy, at });
  }

  /**
   * What was found, in reading order. Values that are read more than once (anchors, inherited keys, members of clusters, catalog items) are
   * told once, of the first service that has them.
   */
  get diagnostics(): readonly Diagnostic[] {
    const seen = new Set<string>();
    const unique = this.found.filter(({ severity, code, remedy, message, at }) => {
      const said = at.line === undefined ? message : message.replace(/service '[^']*'/g, "service");
      const key = `${formatPosition(at)} ${severity} ${code}: ${said}\n${remedy}`;
      return !seen.has(key) && seen.add(key);
    });
    return unique.sort((a, b) => compare(a.at, b.at));
  }
}

/** `file:line:column error code: message`, and the remedy on a line of its own. */
export function formatDiagnostic(diagnostic: Diagnostic): string {
  const { severity, code, message, remedy, at } = diagnostic;
  return `${formatPosition(at)} ${severity} ${code}: ${message}\n  ${remedy}`;
}

/** `file:line:column`, or `file path` for values of the stack configuration. */
export function formatPosition(at: Position): string {
  if (at.line === undefined) return at.path === "" ? at.file : `${at.file} ${at.path}`;
  return at.column === undefined ? `${at.file}:${at.line}` : `${at.file}:${at.line}:${at.column}`;
}

function compare(a: Position, b: Position): number {
  const line = (at: Position) => at.line ?? Number.MAX_SAFE_INTEGER;
  return line(a) - line(b) || (a.column ?? 0) - (b.column ?? 0);
}
