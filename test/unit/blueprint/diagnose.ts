import { formatDiagnostic } from "../../../blueprint/diagnostics";
import type { Blueprint, Service } from "../../../blueprint/model";
import { type ParseOptions, parseBlueprint } from "../../../blueprint/parse";

/** What a blueprint holds, its text, everything that is told about it, and the stack's overrides. */
export type Case = [claim: string, text: string, expected: string, options?: ParseOptions];

/** Everything that is told about a blueprint, as users see it. */
export function diagnose(text: string, options?: ParseOptions): string {
  return parseBlueprint(text, "app.yaml", options).diagnostics.map(formatDiagnostic).join("\n");
}

/** The blueprint of a text without errors; fails with what is told otherwise. */
export function blueprintOf(text: string, options?: ParseOptions): Blueprint {
  const { blueprint } = parseBlueprint(text, "app.yaml", options);
  if (blueprint === undefined) throw new Error(diagnose(text, options));
  return blueprint;
}

/** A service `web` of a blueprint that has a service `db` too, with more keys in YAML. */
export function serviceOf(keys: string, options?: ParseOptions): Service {
  const indented = keys.replace(/^/gm, "  ");
  const text = `services:\n- type: docker:web\n  id: web\n${indented}\n- type: docker:db\n  id: db\n`;
  const [service] = blueprintOf(text, options).services;
  if (service === undefined) throw new Error("the service is missing");
  return service;
}

/** A few lines of aliases that stand for more than a million values. */
export function bomb(): string {
  const lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"];
  for (let level = 1; level <= 5; level++) {
    lines.push(
      `a${level}: &a${level} [${Array(10)
        .fill(`*a${level - 1}`)
        .join(", ")}]`,
    );
  }
  return `${lines.join("\n")}\n`;
}
