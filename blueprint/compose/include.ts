import path from "node:path";
import { beside } from "../archive/member";
import type { FrontEndContext } from "../front-end";
import type { Position } from "../model";
import { type Entry, find, type MapNode, type Node, quote, show, textOf } from "../yaml/nodes";
import { parseYaml } from "../yaml/source";
import { ProjectVariables } from "./environment-files";

const KEYS = ["path", "project_directory", "env_file"];
const FORM = "write a list of paths from the folder of this file, or of { path, project_directory, env_file }";

/** A file that is taken in as a project of its own: its paths and its `.env` are those of its folder. */
export interface Included {
  readonly root: MapNode;
  readonly variables: ProjectVariables;
  readonly context: FrontEndContext;
  /** Where it is named. */
  readonly at: Position;
}

/** The files of `include`; those that cannot be taken in are told and left out. */
export function includedFiles(
  { keyAt, value }: Entry,
  variables: ProjectVariables,
  context: FrontEndContext,
  open: readonly string[],
): readonly Included[] {
  const { problems } = context;
  const refuse = (at: Position, message: string): readonly [] => {
    problems.error("bad-include", at, message, FORM);
    return [];
  };
  if (value.kind !== "list") return refuse(keyAt, `include needs a list, not ${show(value)}`);
  return value.items.flatMap((item) => includedFile(item));

  function includedFile(item: Node): readonly Included[] {
    for (const { key, keyAt } of item.kind === "map" ? item.entries : []) {
      if (!KEYS.includes(key)) return refuse(keyAt, `${quote(key)} of include is not supported`);
    }
    const field = (key: string) => (item.kind === "map" ? find(item, key)?.value : undefined);
    const named = item.kind === "map" ? field("path") : item;
    if (named?.kind === "list" && named.items.length > 1) {
      return refuse(named.at, "include lays several files over each other, which is not supported: name one");
    }
    const only = named?.kind === "list" ? named.items[0] : named;
    const name = only && textOf(only);
    if (name === undefined) return refuse(item.at, `include needs the path of a file, not ${show(only ?? item)}`);
    const file = beside(context.file, name);
    if (open.includes(file)) return refuse(item.at, `the file ${quote(name)} includes itself`);
    const source = context.files.read(file);
    if (!("text" in source)) return refuse(item.at, `cannot include ${quote(name)}: ${source.problem}`);
    const root = parseYaml(source.text, file, problems);
    if (root === undefined) return [];
    if (root.kind !== "map") return refuse(root.at, `an included file needs keys such as services, not ${show(root)}`);
    const directory = textIn(field("project_directory"));
    const folder = directory === undefined ? file : beside(context.file, path.join(directory, path.basename(file)));
    const own = { ...context, file: folder };
    const environment = field("env_file");
    const files = environment?.kind === "list" ? environment.items : environment && [environment];
    const names = files?.flatMap((one) => textOf(one) ?? []).map((one) => beside(context.file, one));
    return [{ root, variables: new ProjectVariables(own, variables, names), context: own, at: item.at }];
  }
}

function textIn(node: Node | undefined): string | undefined {
  return node && textOf(node);
}
