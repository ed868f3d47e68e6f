import picocolors from "picocolors";
import { describe, expect, test } from "vitest";
import type { Diagnostic } from "../../../blueprint/model";
import { linesOf, renderDiagnostic } from "../../../ops/clocker/excerpt";

const plain = picocolors.createColors(false);

function problem(line: number, column: number, message = "it is wrong"): Diagnostic {
  return {
    severity: "error",
    code: "bad-thing",
    message,
    remedy: "mend it",
    at: { file: "shop.yaml", line, column, path: "services[0]" },
  };
}

function caretColumn(text: string): string | undefined {
  const lines = text.split("\n");
  const caret = lines.findIndex((line) => line.trimEnd().endsWith("^"));
  return lines[caret - 1]?.[lines[caret]?.indexOf("^") ?? -1];
}

describe("an excerpt", () => {
  test("shows the line, a caret under the place, and what to do", () => {
    expect(renderDiagnostic(problem(2, 5), linesOf("a: 1\nb:  wrong\n"), plain)).toBe(
      "shop.yaml:2:5 error bad-thing: it is wrong\n 2 | b:  wrong\n   |     ^\n  mend it",
    );
  });

  test("puts the caret right behind wide characters, of which each takes two columns", () => {
    const text = renderDiagnostic(problem(1, 4), linesOf("漢字 x"), plain).split("\n");
    expect(text[2]).toBe("   |      ^");
  });

  test("of a long line shows what is around the place", () => {
    const text = renderDiagnostic(problem(1, 501), linesOf(`${"a".repeat(500)}X${"b".repeat(500)}`), plain);
    expect(caretColumn(text)).toBe("X");
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThan(120);
  });

  test("lets no character of the file through that would change the terminal", () => {
    const text = renderDiagnostic(problem(1, 1, "bad \u001b[31m"), linesOf("\u001b]0;title\u0007 x\u202ey"), plain);
    expect(text).not.toMatch(/[^\P{C}\n]/u);
    expect(text).toContain("title");
  });

  test("is left out where the file has no such line", () => {
    expect(renderDiagnostic(problem(9, 1), linesOf("a: 1"), plain).split("\n")).toHaveLength(2);
    expect(renderDiagnostic(problem(1, 1), undefined, plain).split("\n")).toHaveLength(2);
  });
});
