import { parseArgs } from "node:util";
import { parse as parseYaml, YAMLError } from "yaml";
import { nearest } from "../../wording/suggest";

const FORMATS = ["text", "json", "sarif"] as const;
export type Format = (typeof FORMATS)[number];

/** What the command line asks for. */
export type Command =
  | { readonly kind: "help" }
  | ({
      readonly kind: "check";
      readonly files: readonly string[];
      /** Files and folders of catalogs. */
      readonly catalog: readonly string[];
      readonly format: Format;
      readonly colour?: boolean;
    } & WithInputs)
  | { readonly kind: "fmt"; readonly files: readonly string[]; readonly check: boolean }
  | ({ readonly kind: "convert"; readonly file: string; readonly output?: string } & WithInputs);

interface WithInputs {
  /** Values of the blueprint's parameters, inputs or variables. */
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** The command line asks for what there is not. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

export const USAGE = `usage: npm run clocker -- COMMAND

  check FILE… [--catalog PATH]… [--json | --sarif] [--color | --no-color] [--input NAME=VALUE]…
                                  every problem of blueprints and catalogs, with its place and what to do
  fmt FILE… [--check]             lay out blueprints in one way; --check only names those that are not
  convert FILE [--output FILE] [--input NAME=VALUE]…
                                  write a Compose file or a TOSCA template as a blueprint

FILE is a blueprint (CAMP YAML), a Compose file, or a TOSCA template (Simple Profile in YAML), also in an archive (app.csar);
check takes catalogs (brooklyn.catalog) too. PATH is a catalog whose items are types, or a folder of such files.
--input gives a value of a blueprint's parameter, a template's input or a Compose file's variable, as the stack's clocker:inputs does.
Exit status: 0 if all is well (warnings count as well), 1 if a file has errors or is not laid out, 2 if the command line is wrong.`;

type Kind = "boolean" | "string" | "strings";

const OPTIONS = {
  check: {
    catalog: "strings",
    json: "boolean",
    sarif: "boolean",
    color: "boolean",
    "no-color": "boolean",
    input: "strings",
  },
  fmt: { check: "boolean" },
  convert: { output: "string", input: "strings" },
} as const satisfies Record<string, Record<string, Kind>>;

/** Reads the arguments after `npm run clocker --`; @throws UsageError that names what is allowed. */
export function parseArguments(args: readonly string[]): Command {
  const [command, ...rest] = args;
  if (command === undefined || ["help", "--help", "-h"].includes(command)) return { kind: "help" };
  if (command !== "check" && command !== "fmt" && command !== "convert") {
    const similar = nearest(command, Object.keys(OPTIONS));
    throw new UsageError(
      `there is no command '${command}'${similar ? `: did you mean '${similar}'?` : ", allowed are check, fmt and convert"}\n${USAGE}`,
    );
  }
  const { values, files } = parse(command, rest);
  if (files.length === 0) throw new UsageError(`${command} needs a file, e.g. npm run clocker -- ${command} shop.yaml`);
  if (command === "fmt") return { kind: command, files, check: values["check"] === true };
  if (command === "check") {
    const catalog = (values["catalog"] ?? []) as readonly string[];
    return { kind: command, files, catalog, format: formatOf(values), ...colourOf(values), inputs: inputsOf(values) };
  }
  const [file = "", ...more] = files;
  if (more.length > 0) throw new UsageError(`convert takes one file, given are ${files.length}: ${files.join(", ")}`);
  const { output } = values;
  return { kind: command, file, ...(typeof output === "string" && { output }), inputs: inputsOf(values) };
}

function parse(
  command: keyof typeof OPTIONS,
  args: readonly string[],
): { values: Readonly<Record<string, unknown>>; files: readonly string[] } {
  const known: Readonly<Record<string, Kind>> = OPTIONS[command];
  const options = Object.fromEntries(
    Object.entries(known).map(([name, kind]) => {
      const type = kind === "boolean" ? ("boolean" as const) : ("string" as const);
      return [name, { type, multiple: kind === "strings" }];
    }),
  );
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    return { values, files: positionals };
  } catch (error) {
    if (!(error instanceof Error && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS"))) throw error;
    const allowed = Object.keys(known).map((name) => `--${name}`);
    throw new UsageError(`${command}: ${error.message.split(". ")[0]}; allowed are ${allowed.join(", ")}\n${USAGE}`);
  }
}

function formatOf(values: Readonly<Record<string, unknown>>): Format {
  const chosen = FORMATS.filter((format) => values[format] === true);
  if (chosen.length > 1) throw new UsageError("check writes one format: keep --json or --sarif");
  return chosen[0] ?? "text";
}

/** Unless told, colour depends on the terminal. */
function colourOf(values: Readonly<Record<string, unknown>>): { readonly colour?: boolean } {
  if (values["no-color"] === true) return { colour: false };
  return values["color"] === true ? { colour: true } : {};
}

/** `--input name=value`: texts, and lists and maps in YAML. */
function inputsOf(values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const given = values["input"];
  const texts = (Array.isArray(given) ? given : []).map(String);
  return Object.fromEntries(
    texts.map((text) => {
      const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
      if (name === undefined || value === undefined) {
        throw new UsageError(`--input needs name=value, not '${text}', e.g. --input port=8080`);
      }
      return [name, /^\s*[[{]/.test(value) ? parseValue(name, value) : value];
    }),
  );
}

function parseValue(name: string, text: string): unknown {
  try {
    return parseYaml(text);
  } catch (error) {
    if (!(error instanceof YAMLError)) throw error;
    throw new UsageError(`the value of --input ${name} is no list or map in YAML: ${error.message.split("\n")[0]}`);
  }
}
