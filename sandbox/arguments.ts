import { checkName } from "./address-plan";
import { SandboxError } from "./sandbox-error";

/** What can be chosen with `--parts`. */
export const PARTS = ["hosts", "marathon", "openstack", "etcd", "bind", "calico"] as const;
export type Part = (typeof PARTS)[number];

/** What the command line asks for. */
export type Command =
  | { readonly kind: "up"; readonly name: string; readonly parts: readonly Part[] }
  | { readonly kind: "status"; readonly name?: string }
  | { readonly kind: "down"; readonly name: string; readonly volumes: boolean; readonly images: boolean }
  | { readonly kind: "marathon"; readonly args: readonly string[] }
  | { readonly kind: "help" };

export const USAGE = `usage: npm run sandbox -- COMMAND

  up [--parts PARTS] [--name NAME]            start it, or bring it up to date
  status [--name NAME]                        what runs, where, since when
  down [--volumes] [--images] [--name NAME]   remove it; --volumes its data too, --images its images too
  marathon --help                             the Marathon-compatible server alone

PARTS is a list of ${PARTS.join(",")}; default: all of them.
calico gives the Docker hosts the images of Calico's Felix, compiled from source the first time (5 to 15 min), and of the network driver.`;

/** Parses the arguments after `npm run sandbox --`; throws a `SandboxError` that names what is allowed. */
export function parseArguments(args: readonly string[]): Command {
  const [command, ...rest] = args;
  switch (command) {
    case "up": {
      const options = parseOptions(command, rest, { name: true, parts: true });
      return { kind: "up", name: checkName(options.name ?? "default"), parts: parseParts(options.parts) };
    }
    case "status": {
      const { name } = parseOptions(command, rest, { name: true });
      return name === undefined ? { kind: "status" } : { kind: "status", name: checkName(name) };
    }
    case "down": {
      const options = parseOptions(command, rest, { name: true, volumes: false, images: false });
      return {
        kind: "down",
        name: checkName(options.name ?? "default"),
        volumes: options.volumes !== undefined,
        images: options.images !== undefined,
      };
    }
    case "marathon":
      return { kind: "marathon", args: rest };
    case "help":
    case "--help":
    case "-h":
    case undefined:
      return { kind: "help" };
    default:
      throw new SandboxError(`unknown command '${command}', allowed are up, status, down and marathon\n${USAGE}`);
  }
}

/** Checks a list of parts; marathon needs the hosts as its agents, calico the hosts and etcd, so they come with it. */
function parseParts(text: string | undefined): readonly Part[] {
  if (text === undefined) return PARTS;
  const chosen = new Set<string>();
  for (const part of text.split(",").map((word) => word.trim())) {
    if (!PARTS.some((known) => known === part)) {
      throw new SandboxError(`--parts is '${text}': there is no part '${part}', allowed are ${PARTS.join(", ")}`);
    }
    chosen.add(part);
  }
  if (chosen.has("marathon") || chosen.has("calico")) chosen.add("hosts");
  if (chosen.has("calico")) chosen.add("etcd");
  return PARTS.filter((part) => chosen.has(part));
}

/** Reads `--key value`, `--key=value` and bare `--key`; `known` says which options take a value. */
function parseOptions(
  command: string,
  args: readonly string[],
  known: Readonly<Record<string, boolean>>,
): Partial<Record<string, string>> {
  const allowed = Object.keys(known).map((key) => `--${key}`);
  const found: Partial<Record<string, string>> = {};
  for (let index = 0; index < args.length; index++) {
    const word = args[index] ?? "";
    const [, key = "", inline] = /^--([a-z]+)(?:=(.*))?$/s.exec(word) ?? [];
    const takesValue = known[key];
    if (takesValue === undefined) {
      throw new SandboxError(`${command} does not know '${word}', allowed are ${allowed.join(", ")}\n${USAGE}`);
    }
    if (!takesValue && inline !== undefined) throw new SandboxError(`--${key} takes no value, given is '${inline}'`);
    const value = takesValue ? (inline ?? args[++index]) : "";
    if (value === undefined || (takesValue && value.startsWith("--"))) {
      throw new SandboxError(`--${key} needs a value, e.g. --${key} ${key === "parts" ? "hosts,marathon" : "default"}`);
    }
    found[key] = value;
  }
  return found;
}
