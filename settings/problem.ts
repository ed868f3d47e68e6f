import type { Diagnostic } from "../blueprint/model";

/** File name in diagnostics about `pulumi config`: which file it is, is only known to the CLI (`--config-file`). */
const STACK_CONFIGURATION = "stack configuration";

/** A diagnostic about a value of the stack configuration; `path` begins with the key, e.g. `clocker:locations.x.url`. */
export function settingsProblem(
  severity: Diagnostic["severity"],
  code: string,
  path: string,
  message: string,
  remedy: string,
): Diagnostic {
  return { severity, code, message, remedy, at: { file: STACK_CONFIGURATION, path } };
}

/** Path as `pulumi config set --path` takes it: `clocker:locations.my-cloud.registries[0].password`. */
export function configPath(path: readonly PropertyKey[]): string {
  const [key, ...rest] = path;
  const steps = rest.map((step) => {
    if (typeof step === "number") {
      return `[${step}]`;
    }
    return /^[A-Za-z0-9_-]+$/.test(String(step)) ? `.${String(step)}` : `["${String(step)}"]`;
  });
  return `clocker:${String(key)}${steps.join("")}`;
}
