import type { Log, Result } from "sarif";
import { formatPosition } from "../../blueprint/diagnostics";
import type { Diagnostic } from "../../blueprint/model";

const SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json";

/** The problems in SARIF 2.1.0 (OASIS), which code review tools show beside the lines. */
export function toSarif(diagnostics: readonly Diagnostic[], version: string): Log {
  const codes = [...new Set(diagnostics.map(({ code }) => code))].sort();
  return {
    $schema: SCHEMA,
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "clocker", version, rules: codes.map((id) => ({ id })) } },
        columnKind: "utf16CodeUnits",
        results: diagnostics.map((diagnostic) => resultOf(diagnostic, codes)),
      },
    ],
  };
}

function resultOf(diagnostic: Diagnostic, codes: readonly string[]): Result {
  const { severity, code, message, remedy, at } = diagnostic;
  return {
    ruleId: code,
    ruleIndex: codes.indexOf(code),
    level: severity,
    message: { text: `${message}; ${remedy}` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uriOf(at.file) },
          ...(at.line !== undefined && {
            region: { startLine: at.line, ...(at.column !== undefined && { startColumn: at.column }) },
          }),
        },
        ...(at.path !== "" && { logicalLocations: [{ fullyQualifiedName: at.path, kind: "member" }] }),
      },
    ],
    partialFingerprints: { place: formatPosition({ ...at, file: "" }) },
  };
}

/** A path as a relative reference: what has a meaning in addresses is escaped. */
function uriOf(file: string): string {
  return file.split(/[\\/]/).map(encodeURIComponent).join("/");
}
