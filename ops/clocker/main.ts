import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import picocolors from "picocolors";
import type { Diagnostic } from "../../blueprint/model";
import { type Command, parseArguments, USAGE, UsageError } from "./arguments";
import { checkFiles } from "./check";
import { convertFile } from "./convert";
import { renderDiagnostic } from "./excerpt";
import { layOut } from "./fmt";
import type { Sources } from "./source";

const PACKAGE = path.join(__dirname, "..", "..", "..", "package.json");

/** `npm run clocker -- …`; gives the exit status. */
function main(args: readonly string[]): number {
  const command = parseArguments(args);
  switch (command.kind) {
    case "help":
      print(USAGE);
      return 0;
    case "check":
      return check(command);
    case "fmt":
      return format(command);
    case "convert":
      return convert(command);
  }
}

function check({ kind: _, colour, files, ...rest }: Extract<Command, { kind: "check" }>): number {
  const { version } = JSON.parse(readFileSync(PACKAGE, "utf8")) as { version: string };
  const { output, ok } = checkFiles(files, { ...rest, version, colour: colour ?? isTerminal(process.stdout) });
  print(output);
  return ok ? 0 : 1;
}

function format({ files, check: only }: Extract<Command, { kind: "fmt" }>): number {
  let status = 0;
  for (const file of files) {
    const { original, formatted, diagnostics, sources } = layOut(file);
    tell(diagnostics, sources);
    if (formatted === undefined) status = 1;
    else if (formatted !== original && only) {
      print(`${file} is not laid out`);
      status = 1;
    } else if (formatted !== original) {
      writeFileSync(file, formatted);
      print(`${file} laid out`);
    }
  }
  return status;
}

function convert({ file, output, inputs }: Extract<Command, { kind: "convert" }>): number {
  const { text, diagnostics, sources } = convertFile(file, inputs, output);
  tell(diagnostics, sources);
  if (text === undefined) return 1;
  if (output === undefined) {
    process.stdout.write(text);
    return 0;
  }
  try {
    writeFileSync(output, text, { flag: "wx" });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    throw new UsageError(`${output} exists already and stays; give another --output, or remove it`);
  }
  print(`${output} written`);
  return 0;
}

function tell(diagnostics: readonly Diagnostic[], sources: Sources): void {
  const colours = picocolors.createColors(isTerminal(process.stderr));
  for (const one of diagnostics) {
    process.stderr.write(`${renderDiagnostic(one, sources.linesOf(one.at.file), colours)}\n\n`);
  }
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** https://no-color.org and the terminal itself say whether colour is wanted. */
function isTerminal(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY === true && !process.env["NO_COLOR"] && process.env["TERM"] !== "dumb";
}

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  const known = error instanceof UsageError || (error instanceof Error && "code" in error && "path" in error);
  process.stderr.write(`${known ? (error as Error).message : (error as Error).stack}\n`);
  process.exitCode = 2;
}
