import { readDuration } from "../quantities";
import { subject } from "../scope";
import { type Reading, readBoolean, readList, readMap, readText, refuse } from "../values";
import { type Node, quote } from "../yaml/nodes";
import { readHealthCheck } from "./health-check";
import type { ContainerOptions, RestartPolicy } from "./model";

/** Reads the value of a key, if it is given. */
type At = <T>(name: string, read: (value: Node, reading: Reading) => T) => T | undefined;

const RESTART = "write no, always, unless-stopped, on-failure or on-failure:3";
const HOST_NAME =
  /^(?=.{1,253}$)[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$/;
const USER = /^[a-zA-Z0-9_][a-zA-Z0-9_.-]*(?::[a-zA-Z0-9_][a-zA-Z0-9_.-]*)?$/;
const SIGNAL = /^(?:SIG[A-Z0-9+-]+|\d{1,2})$/;
const CAPABILITY = /^(?:CAP_)?[A-Z][A-Z_]*$/;
const MAX_CPUS = 1024;

/** What a container is like beside its image, command, ports and volumes. */
export function readContainerOptions(at: At): ContainerOptions {
  const options = {
    healthCheck: at("docker.container.healthCheck", readHealthCheck),
    restartPolicy: at("docker.container.restartPolicy", readRestartPolicy),
    hostname: at(
      "docker.container.hostname",
      matching(HOST_NAME, "a host name", "use letters, digits, hyphens and dots"),
    ),
    user: at(
      "docker.container.user",
      matching(USER, "a user", "write a name or number, with :group if needed, e.g. 1000:1000"),
    ),
    workingDir: at("docker.container.workingDir", readPath),
    labels: at("docker.container.labels", readLabels),
    cpus: at("docker.cpus", readCpus),
    init: at("docker.container.init", readBoolean),
    readOnly: at("docker.container.readOnly", readBoolean),
    tty: at("docker.container.tty", readBoolean),
    capAdd: at("docker.container.capAdd", readCapabilities),
    capDrop: at("docker.container.capDrop", readCapabilities),
    tmpfs: at("docker.container.tmpfs", readPaths),
    stopSignal: at("docker.container.stopSignal", matching(SIGNAL, "a signal", "write its name, e.g. SIGTERM")),
    stopTimeoutSeconds: at("docker.container.stopTimeout", readDuration),
  };
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function matching(pattern: RegExp, needs: string, remedy: string) {
  return (node: Node, reading: Reading): string | undefined => {
    const text = readText(node, reading, remedy);
    return text === undefined || pattern.test(text) ? text : refuse(node, reading, needs, remedy, "bad-value");
  };
}

function readRestartPolicy(node: Node, reading: Reading): RestartPolicy | undefined {
  // YAML 1.1 readers make false of a bare `no`.
  const text = node.kind === "scalar" && node.value === false ? "no" : readText(node, reading, RESTART);
  if (text === undefined) return undefined;
  const [, name, retries] = /^(no|always|unless-stopped|on-failure)(?::(\d{1,9}))?$/.exec(text) ?? [];
  if (name === undefined || (retries !== undefined && name !== "on-failure")) {
    return refuse(node, reading, "a policy", RESTART, "bad-value");
  }
  return { name: name as RestartPolicy["name"], ...(retries !== undefined && { maxRetries: Number(retries) }) };
}

function readPath(node: Node, reading: Reading): string | undefined {
  const remedy = "write an absolute path in the container, e.g. /srv";
  const path = readText(node, reading, remedy);
  if (path === undefined || (path.startsWith("/") && !path.includes("\0"))) return path;
  return refuse(node, reading, "an absolute path", remedy, "bad-path");
}

function readPaths(node: Node, reading: Reading): readonly string[] | undefined {
  const items = readList(node, reading, "write a list of absolute paths in the container, e.g. [/run]");
  return items?.flatMap((item) => readPath(item, reading) ?? []);
}

function readLabels(node: Node, reading: Reading): Readonly<Record<string, string>> | undefined {
  const remedy = "write a map of texts, e.g. { team: shop }";
  const map = readMap(node, reading, remedy);
  return (
    map &&
    Object.fromEntries(
      map.entries.flatMap(({ key, keyAt, value }): [string, string][] => {
        if (/^clocker\./i.test(key)) {
          reading.scope.problems.error(
            "reserved-label",
            keyAt,
            `${subject(reading.key, reading.scope)} has ${quote(key)}: labels that begin with clocker. say whose a container is`,
            "give the label another name",
          );
          return [];
        }
        const empty = value.kind === "scalar" && value.text.trim() === "";
        const text = empty ? "" : readText(value, { ...reading, key: `${reading.key}.${key}` }, remedy);
        return text === undefined ? [] : [[key, text]];
      }),
    )
  );
}

function readCpus(node: Node, reading: Reading): number | undefined {
  const text = node.kind === "scalar" ? node.text.trim() : "";
  const cpus = /^(?:\d+(?:\.\d+)?|\.\d+)$/.test(text) ? Number(text) : Number.NaN;
  if (cpus >= 0.01 && cpus <= MAX_CPUS) return cpus;
  return refuse(node, reading, `a number of processors from 0.01 to ${MAX_CPUS}`, "write e.g. 0.5 or 2", "bad-number");
}

function readCapabilities(node: Node, reading: Reading): readonly string[] | undefined {
  const remedy = "write a list of names, e.g. [NET_BIND_SERVICE]";
  const items = readList(node, reading, remedy);
  return items?.flatMap((item) => {
    const text = readText(item, reading, remedy)?.toUpperCase();
    if (text === undefined) return [];
    if (!CAPABILITY.test(text)) return refuse(item, reading, "names of capabilities", remedy, "bad-value") ?? [];
    return [text.replace(/^CAP_/, "")];
  });
}
