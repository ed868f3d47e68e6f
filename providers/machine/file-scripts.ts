import { createHash } from "node:crypto";
import type { SetupInputs } from "./setup-inputs";
import { shellQuote } from "./shell-quote";

type Files = SetupInputs["files"];

/** A script that puts every file in place whole, touching only those that differ; owner is who runs it. */
export function writeFilesScript(files: Files): string {
  const blocks = files.map(({ path, content, mode }) => {
    const target = shellQuote(path);
    return [
      `target=${target}`,
      'mkdir -p "$(dirname "$target")"',
      'new=$(mktemp "$target.XXXXXX")',
      `printf %s ${shellQuote(Buffer.from(content).toString("base64"))} | base64 -d >"$new"`,
      `chmod ${mode} "$new"`,
      'if cmp -s "$new" "$target" && [ "$(stat -c %a "$new")" = "$(stat -c %a "$target")" ]; then rm "$new"; else mv "$new" "$target"; fi',
    ].join("\n");
  });
  return blocks.join("\n");
}

/** A script that names every file whose content or mode is not as written, one a line; silent if all are. */
export function checkFilesScript(files: Files): string {
  return files
    .map(({ path, content, mode }) => {
      const sum = createHash("sha256").update(content).digest("hex");
      const target = shellQuote(path);
      const plainMode = Number.parseInt(mode, 8).toString(8);
      const sameContent = `[ "$(sha256sum <${target} 2>/dev/null | cut -d' ' -f1)" = ${sum} ]`;
      return `${sameContent} && [ "$(stat -c %a ${target})" = ${plainMode} ] || echo ${target}`;
    })
    .join("\n");
}
