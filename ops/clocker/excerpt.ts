import type { Colors } from "picocolors/types";
import stringWidth from "string-width";
import { formatPosition } from "../../blueprint/diagnostics";
import type { Diagnostic } from "../../blueprint/model";

/** Columns of a line that are shown; more scroll past a terminal's edge. */
const WIDTH = 100;

/** A text as `renderDiagnostic` takes it. */
export function linesOf(text: string): readonly string[] {
  return text.split(/\r\n|\n|\r/);
}

/** A problem for people: what, where, the line with a caret under the place, what to do. */
export function renderDiagnostic(
  diagnostic: Diagnostic,
  lines: readonly string[] | undefined,
  colours: Colors,
): string {
  const { severity, code, message, remedy, at } = diagnostic;
  const tint = severity === "error" ? colours.red : colours.yellow;
  return [
    `${colours.bold(formatPosition(at))} ${tint(severity)} ${colours.dim(code)}: ${printable(message)}`,
    ...excerpt(lines, at, tint, colours),
    `  ${colours.cyan(printable(remedy))}`,
  ].join("\n");
}

function excerpt(
  lines: readonly string[] | undefined,
  at: Diagnostic["at"],
  tint: (text: string) => string,
  colours: Colors,
): readonly string[] {
  const line = at.line === undefined ? undefined : lines?.[at.line - 1];
  if (line === undefined || at.column === undefined || line.trim() === "") return [];
  // Characters of the file, of which a line may hold more than are shown.
  const column = Math.min(at.column - 1, line.length);
  const start = column < WIDTH - 20 ? 0 : column - 20;
  const shown = printable(line.slice(start, start + WIDTH));
  const number = String(at.line);
  const gutter = (text: string) => colours.dim(`${text.padStart(number.length + 1)} | `);
  const lead = start > 0 ? "…" : "";
  const tail = start + WIDTH < line.length ? "…" : "";
  const pad = " ".repeat(lead.length + stringWidth(printable(line.slice(start, column))));
  return [`${gutter(number)}${lead}${shown}${tail}`, `${gutter("")}${pad}${tint("^")}`];
}

/** Without characters that would move the cursor or change the terminal. */
function printable(text: string): string {
  return text.replace(/\t/g, " ").replace(/[\p{Cc}\p{Cf}]/gu, "\ufffd");
}
