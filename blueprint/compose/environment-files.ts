import { parse } from "dotenv";
import { beside } from "../archive/member";
import type { FrontEndContext } from "../front-end";
import type { Position } from "../model";
import type { Variables } from "./interpolate";

/** The variables of `.env` beside a file; none if there is no such file. */
export function projectVariables({ file, files }: FrontEndContext): Variables {
  const source = files.read(beside(file, ".env"));
  return "text" in source ? new Map(Object.entries(parse(source.text))) : new Map();
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
