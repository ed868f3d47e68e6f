import { type App, isHostMode } from "../model/app";
import { podEndpoints } from "../model/pod";
import { meetsConstraints } from "./constraints";
import { type Instance, isPlaced } from "./instance";
import type { Offer, Reason } from "./offer-log";
import type { Agent } from "./runner";

/** What is free on the agent beside the instances that are on it. */
export function offerOf(agent: Agent, instances: readonly Instance[]): Offer {
  const here = instances.filter((instance) => isPlaced(instance) && instance.task?.agentId === agent.id);
  const rest = (resource: "cpus" | "mem" | "disk" | "gpus"): number => {
    const used = here.reduce((total, instance) => total + instance.app[resource], 0);
    return Math.round((agent[resource] - used) * 1000) / 1000;
  };
  return {
    agent,
    cpus: rest("cpus"),
    mem: rest("mem"),
    disk: rest("disk"),
    gpus: rest("gpus"),
    usedPorts: new Set(here.flatMap((instance) => instance.task?.hostPorts ?? [])),
  };
}

/** Host ports for the app on that offer, or why it does not fit. */
export function match(app: App, offer: Offer, others: readonly Agent[]): { ports: number[] } | { reason: Reason } {
  if (app.acceptedResourceRoles && !app.acceptedResourceRoles.includes("*")) return { reason: "UnfulfilledRole" };
  if (!meetsConstraints(app.constraints ?? [], offer.agent, others)) return { reason: "UnfulfilledConstraint" };
  if (app.container?.volumes.some((volume) => volume.persistent)) return { reason: "NoCorrespondingReservationFound" };
  if (offer.cpus < app.cpus) return { reason: "InsufficientCpus" };
  if (offer.mem < app.mem) return { reason: "InsufficientMemory" };
  if (offer.disk < app.disk) return { reason: "InsufficientDisk" };
  if (offer.gpus < app.gpus) return { reason: "InsufficientGpus" };
  const ports = hostPorts(app, offer);
  return ports ? { ports } : { reason: "InsufficientPorts" };
}

/** Host ports an app wants, in the order of its ports; 0 for any, undefined for none. */
function wantedHostPorts(app: App): (number | undefined)[] {
  if (app.pod) return podEndpoints(app.pod).map(({ hostPort }) => hostPort);
  if (isHostMode(app)) return (app.portDefinitions ?? []).map((definition) => (app.requirePorts ? definition.port : 0));
  return (app.container?.portMappings ?? []).map((mapping) => mapping.hostPort);
}

function hostPorts(app: App, offer: Offer): number[] | undefined {
  const taken = new Set(offer.usedPorts);
  const wanted = wantedHostPorts(app).filter((port) => port !== undefined);
  for (const port of wanted) {
    if (port === 0) continue;
    if (taken.has(port) || !offer.agent.ports.some(([first, last]) => port >= first && port <= last)) return undefined;
    taken.add(port);
  }
  const result: number[] = [];
  for (const port of wanted) {
    const chosen = port === 0 ? freePort(offer.agent, taken) : port;
    if (chosen === undefined) return undefined;
    taken.add(chosen);
    result.push(chosen);
  }
  return result;
}

function freePort(agent: Agent, taken: ReadonlySet<number>): number | undefined {
  const [first, last] = agent.ports.find(([low, high]) => low <= 31_000 && high >= 32_000)
    ? [31_000, 32_000]
    : (agent.ports[0] ?? [0, -1]);
  const size = last - first + 1;
  const start = Math.floor(Math.random() * size);
  for (let offset = 0; offset < size; offset += 1) {
    const port = first + ((start + offset) % size);
    if (!taken.has(port)) return port;
  }
  return undefined;
}
