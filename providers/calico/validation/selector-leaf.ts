import { show } from "./finding";
import { leaf, unlessEmpty } from "./leaves";
import { mentionsGlobal, printSelector } from "./selector";
import { parseSelector } from "./selector-parser";
import type { Shape } from "./shape";

/** A selector's text. `global`: it may be `global()`, alone. Selectors that differ in spelling alone are equal. */
export function selector({ global = false }: { readonly global?: boolean } = {}): Shape {
  return leaf(
    (value, at, findings) => {
      if (value === "") return;
      if (typeof value !== "string") {
        findings.refuse(at, value, "a selector", "write a text such as \"role == 'web'\"");
        return;
      }
      const parsed = parseSelector(value);
      if ("problem" in parsed)
        findings.add(at, `${show(value)} is not a selector: at character ${parsed.at + 1}, ${parsed.problem}`);
      else if (mentionsGlobal(parsed.selector) && !(global && parsed.selector.type === "global")) {
        findings.refuse(at, value, "allowed here", global ? GLOBAL_ALONE : GLOBAL_ELSEWHERE);
      }
    },
    unlessEmpty,
    (value) => {
      if (typeof value !== "string" || value === "") return unlessEmpty(value);
      const parsed = parseSelector(value);
      return "selector" in parsed ? printSelector(parsed.selector) : value;
    },
  );
}

const GLOBAL_ALONE = "global() stands alone: put other tests into 'selector'";
const GLOBAL_ELSEWHERE =
  "global() is for the namespaceSelector of a rule's source or destination; write all() for everything";
