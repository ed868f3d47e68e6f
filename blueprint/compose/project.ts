import type { FrontEndContext } from "../front-end";
import { type Entry, find, isNull, type MapNode, type Node, quote } from "../yaml/nodes";
import type { ProjectVariables } from "./environment-files";
import { Extender, servicesIn } from "./extends";
import { contentsOf } from "./files";
import { includedFiles } from "./include";
import { interpolate } from "./interpolate";

const TOP = ["name", "services", "volumes", "networks", "secrets", "configs", "include", "version"];

/** A service with all that it extends, and the file that its relative paths and its variables are those of. */
export interface ProjectService {
  readonly node: MapNode;
  readonly variables: ProjectVariables;
  readonly context: FrontEndContext;
}

/** What a Compose file and the files that it includes hold, by name. */
export interface Project {
  readonly services: ReadonlyMap<string, ProjectService>;
  /** Entries of the file's `volumes`. */
  readonly volumes: ReadonlyMap<string, Entry>;
  readonly networks: ReadonlyMap<string, Entry>;
  /** Contents of the file's `secrets` and `configs`; undefined after telling that there is none. */
  readonly secrets: ReadonlyMap<string, Node | undefined>;
  readonly configs: ReadonlyMap<string, Node | undefined>;
}

/** @param open Files that are being included, to tell circles. */
export function readProject(
  root: MapNode,
  variables: ProjectVariables,
  context: FrontEndContext,
  open: readonly string[] = [context.file],
): Project {
  const document = interpolate(root, variables, context.problems) as MapNode;
  checkTop(document, context);
  const all = servicesIn(document);
  const extender = new Extender(all, variables, context);
  const services = [...all.keys()].flatMap((name): [string, ProjectService][] => {
    const node = extender.resolve(name);
    return node === undefined ? [] : [[name, { node, variables, context }]];
  });
  const own: Project = {
    services: new Map(services),
    volumes: new Map(entriesOf(document, "volumes").map((entry) => [entry.key, entry])),
    networks: new Map(entriesOf(document, "networks").map((entry) => [entry.key, entry])),
    secrets: contentsOf(entriesOf(document, "secrets"), true, variables, context),
    configs: contentsOf(entriesOf(document, "configs"), false, variables, context),
  };
  const include = find(document, "include");
  const others = (include === undefined ? [] : includedFiles(include, variables, context, open)).map((one) => ({
    at: one.at,
    project: readProject(one.root, one.variables, one.context, [...open, one.context.file]),
  }));
  const joined = <K extends keyof Project>(kind: K): Project[K] => {
    const result = new Map<string, unknown>(own[kind]);
    for (const { at, project } of others) {
      for (const [name, value] of project[kind]) {
        if (!result.has(name)) result.set(name, value);
        else {
          context.problems.error(
            "duplicate-name",
            at,
            `the included file has ${quote(name)} in ${kind}, which is there already`,
            "give one of them another name",
          );
        }
      }
    }
    return result as unknown as Project[K];
  };
  return {
    services: joined("services"),
    volumes: joined("volumes"),
    networks: joined("networks"),
    secrets: joined("secrets"),
    configs: joined("configs"),
  };
}

function checkTop(root: MapNode, { problems }: FrontEndContext): void {
  for (const { key, keyAt, value } of root.entries) {
    if (TOP.includes(key) || key.startsWith("x-") || isNull(value)) continue;
    const message = `${quote(key)} of the Compose file is not supported`;
    problems.error("unsupported-key", keyAt, message, `use ${TOP.join(", ")}`);
  }
  for (const { key, keyAt, value } of entriesOf(root, "networks")) {
    if (value.kind !== "map" || value.entries.length === 0 || key === "default") continue;
    problems.warning(
      "ignored-key",
      keyAt,
      `the settings of network ${quote(key)} have no effect: who may reach whom follows from depends_on and links`,
      "say in the stack's clocker:network what the network is like",
    );
  }
  for (const { key, value } of entriesOf(root, "volumes")) {
    for (const entry of value.kind === "map" ? value.entries : []) {
      if (["labels", "name"].includes(entry.key) || entry.key.startsWith("x-")) continue;
      problems.error(
        "unsupported-key",
        entry.keyAt,
        `${quote(entry.key)} of volume ${quote(key)} is not supported`,
        "a volume is one of the host's engine, made with the service; remove the key",
      );
    }
  }
}

function entriesOf(root: MapNode, key: string): readonly Entry[] {
  const value: Node | undefined = find(root, key)?.value;
  return value?.kind === "map" ? value.entries : [];
}
