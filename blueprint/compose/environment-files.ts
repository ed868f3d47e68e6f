import { parse } from "dotenv";
import { beside } from "../archive/member";
import type { FrontEndContext } from "../front-end";
import type { Position } from "../model";
import { show } from "../yaml/nodes";
import type { Variables } from "./interpolate";

/** The variables of a project: those that it is given, else those of `.env` beside the file. */
export class ProjectVariables extends Map<string, string> implements Variables {
  readonly secrets: ReadonlySet<string>;
  private readonly asked: Set<string>;

  /**
   * @param including Those of the file that includes this one, which win.
   * @param names Files in place of `.env`.
   */
  constructor(
    private readonly context: FrontEndContext,
    including?: ProjectVariables,
    names?: readonly string[],
  ) {
    const { file, files, inputs, problems } = context;
    const sources = (names ?? [beside(file, ".env")]).map((name) => files.read(name));
    super(sources.flatMap((source) => ("text" in source ? Object.entries(parse(source.text)) : [])));
    for (const [name, value] of including ?? []) this.set(name, value);
    this.asked = including?.asked ?? new Set();
    for (const name of inputs.names) {
      const value = inputs.get(name);
      if (value?.kind === "scalar") this.set(name, value.text);
      else if (value !== undefined) {
        problems.error(
          "bad-type",
          value.at,
          `the variable '${name}' needs a text, not ${show(value)}`,
          "write one text",
        );
      }
    }
    this.secrets = new Set(inputs.secret ? inputs.names : []);
  }

  override get(name: string): string | undefined {
    this.asked.add(name);
    return super.get(name);
  }

  /** Tells values that are given and not asked for; to be called when all is read. */
  tellUnused(): void {
    const { inputs, problems } = this.context;
    inputs.tellUnknown(this.asked, "variable", problems);
  }
}

/** The variables of an `env_file`; undefined after telling why it cannot be read. */
export function readEnvironmentFile(
  name: string,
  required: boolean,
  at: Position,
  { file, files, problems }: FrontEndContext,
): Variables | undefined {
  const source = files.read(beside(file, name));
  if ("text" in source) return new Map(Object.entries(parse(source.text)));
  if (!required) return new Map();
  problems.error(
    "unreadable-file",
    at,
    `cannot read the environment file '${name}': ${source.problem}`,
    "give its path from the folder of this file, or write `required: false`",
  );
  return undefined;
}
