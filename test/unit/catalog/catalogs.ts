import { formatDiagnostic } from "../../../blueprint/diagnostics";
import type { SourceFiles } from "../../../blueprint/files";
import type { Blueprint } from "../../../blueprint/model";
import { parseBlueprint } from "../../../blueprint/parse";

/** Files by path; a path that others lie below is a folder. */
export function filesOf(texts: Readonly<Record<string, string>>): SourceFiles {
  const paths = Object.keys(texts);
  return {
    read: (path) => {
      const text = texts[path];
      return text === undefined ? { problem: "there is no such file" } : { text };
    },
    list: (path) => {
      const below = paths.filter((one) => one.startsWith(`${path}/`)).map((one) => one.slice(path.length + 1));
      return below.length === 0 ? undefined : below;
    },
  };
}

/** A blueprint `app.yaml` with the catalog `a.bom`. */
export function parseWith(catalog: string, text: string, overrides = {}) {
  const files = filesOf({ "a.bom": catalog });
  return parseBlueprint(text, "app.yaml", { catalog: { paths: ["a.bom"], files }, overrides });
}

/** The blueprint, which has no problem. */
export function blueprintWith(catalog: string, text: string, overrides = {}): Blueprint {
  const { blueprint, diagnostics } = parseWith(catalog, text, overrides);
  if (blueprint === undefined || diagnostics.length > 0) throw new Error(diagnostics.map(formatDiagnostic).join("\n"));
  return blueprint;
}

/** All that is told, as users see it. */
export function told(catalog: string, text: string): string {
  return parseWith(catalog, text).diagnostics.map(formatDiagnostic).join("\n");
}

/** Ids of services with what they run and whom they link to. */
export function outline({ services }: Blueprint): readonly string[] {
  return services.map(({ id, type, links }) =>
    [id, type, ...links.map(({ alias, target }) => (alias === target ? alias : `${alias}=${target}`))].join(" "),
  );
}
