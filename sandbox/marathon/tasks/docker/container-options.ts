import type { ContainerCreateOptions } from "dockerode";
import { type App, isBridgeMode, isHostMode } from "../../model/app";
import type { Launch } from "../runner";
import { applyParameter, type Draft } from "./parameters";
import { innerPorts, taskEnvironment } from "./task-environment";

/** Labels that mark a task's container. */
export const LABELS = {
  task: "clocker.marathon.task",
  app: "clocker.marathon.app",
  framework: "clocker.marathon.framework",
} as const;

const MIB = 1024 * 1024;
const LEAST_MEMORY = 32;

/** The container a task becomes. Throws an Error if the app asks for what a Docker agent cannot do. */
export function containerOptions(launch: Launch, image: string, frameworkId: string): ContainerCreateOptions {
  const { app, taskId } = launch;
  assertSupported(app);
  const draft: Draft = {
    options: {
      name: containerName(taskId),
      Image: image,
      Env: Object.entries(taskEnvironment(launch)).map(([name, value]) => `${name}=${value}`),
      Labels: { [LABELS.task]: taskId, [LABELS.app]: app.id, [LABELS.framework]: frameworkId },
      ...command(launch),
      ...(app.user ? { User: app.user } : {}),
      ...(app.tty ? { Tty: true } : {}),
    },
    host: {
      Binds: binds(launch),
      Memory: Math.max(app.mem, LEAST_MEMORY) * MIB,
      CpuShares: Math.max(2, Math.round(app.cpus * 1024)),
      Privileged: app.container?.docker?.privileged ?? false,
    },
    network: networkOf(launch),
    aliases: [],
  };
  publish(draft, launch);
  for (const { key, value } of app.container?.docker?.parameters ?? []) applyParameter(draft, key, value);
  return finish(draft);
}

/** Nothing an app asks for is left out in silence. */
function assertSupported(app: App): void {
  const secret = Object.entries(app.env ?? {}).find(([, value]) => typeof value !== "string");
  const fault = app.fetch
    ? "fetches files"
    : secret
      ? `takes ${secret[0]} from a secret`
      : app.container?.volumes.some((volume) => volume.secret)
        ? "mounts a secret"
        : undefined;
  if (fault) throw new Error(`app ${app.id} ${fault}, which a Docker agent cannot do`);
}

export function containerName(taskId: string): string {
  return `mesos-${taskId}`;
}

/** A shell command replaces the image's entrypoint, arguments are given to it. */
function command({ app }: Launch): Pick<ContainerCreateOptions, "Cmd" | "Entrypoint"> {
  if (app.cmd !== undefined) return { Entrypoint: ["/bin/sh"], Cmd: ["-c", app.cmd] };
  return app.args ? { Cmd: [...app.args] } : {};
}

function networkOf({ app }: Launch): string {
  if (isHostMode(app)) return "host";
  if (isBridgeMode(app)) return "bridge";
  return app.networks[0]?.name ?? "bridge";
}

function publish(draft: Draft, launch: Launch): void {
  const { app, hostPorts } = launch;
  if (isHostMode(app)) return;
  const inner = innerPorts(launch);
  const exposed: Record<string, Record<string, never>> = {};
  const bindings: Record<string, { HostPort: string }[]> = {};
  let published = -1;
  (app.container?.portMappings ?? []).forEach((mapping, index) => {
    const port = inner[index];
    if (!port) return;
    if (mapping.hostPort !== undefined) published += 1;
    for (const protocol of mapping.protocol.split(",")) {
      const key = `${port}/${protocol}`;
      exposed[key] = {};
      if (mapping.hostPort !== undefined)
        bindings[key] = [...(bindings[key] ?? []), { HostPort: String(hostPorts[published] ?? "") }];
    }
  });
  draft.options.ExposedPorts = exposed;
  draft.host.PortBindings = bindings;
}

function binds({ app }: Launch): string[] {
  return (app.container?.volumes ?? []).flatMap((volume) => {
    const source = volume.hostPath ?? volume.external?.name;
    if (!source) return [];
    const target = volume.containerPath.startsWith("/")
      ? volume.containerPath
      : `/mnt/mesos/sandbox/${volume.containerPath}`;
    return [`${source}:${target}:${(volume.mode ?? "RW").toLowerCase()}`];
  });
}

function finish({ options, host, network, aliases, ip }: Draft): ContainerCreateOptions {
  const own = !["host", "bridge", "none", "default"].includes(network) && !network.startsWith("container:");
  if (!own && (aliases.length > 0 || ip))
    throw new Error(`network-alias and ip need a network of their own, but the task is on '${network}'`);
  return {
    ...options,
    HostConfig: { ...host, NetworkMode: network },
    ...(own
      ? {
          NetworkingConfig: {
            EndpointsConfig: { [network]: { Aliases: aliases, ...(ip ? { IPAMConfig: { IPv4Address: ip } } : {}) } },
          },
        }
      : {}),
  };
}
