import * as pulumi from "@pulumi/pulumi";
import { formatDiagnostic } from "../blueprint/diagnostics";
import type { Diagnostic } from "../blueprint/model";

interface Checked {
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The result with its product, after its warnings were logged.
 * @throws pulumi.RunError with every problem, if one is an error.
 */
export function demand<K extends string, R extends Checked & { readonly [key in K]?: unknown }>(
  product: K,
  result: R,
): R & { readonly [key in K]-?: NonNullable<R[key]> } {
  report(result.diagnostics);
  if (result[product] === undefined) {
    throw new pulumi.RunError(`no ${product}`);
  }
  return result as R & { readonly [key in K]-?: NonNullable<R[key]> };
}

/** @throws pulumi.RunError with every problem, if there is one that is an error. */
export function demandNone(found: readonly (readonly Diagnostic[])[]): void {
  report(found.flat());
}

function report(diagnostics: readonly Diagnostic[]): void {
  for (const warning of diagnostics.filter(({ severity }) => severity === "warning")) {
    pulumi.log.warn(formatDiagnostic(warning));
  }
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (errors.length > 0) {
    const count = errors.length === 1 ? "1 problem" : `${errors.length} problems`;
    throw new pulumi.RunError(`${count}, nothing was changed:\n${errors.map(formatDiagnostic).join("\n")}`);
  }
}
