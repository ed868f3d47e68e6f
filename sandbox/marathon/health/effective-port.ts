import { type App, isBridgeMode, isHostMode } from "../model/app";
import type { Task } from "../tasks/instance";

/** Address and port a probe goes to, or undefined if the definition does not say one. */
export function endpointOf(
  app: App,
  task: Task,
  port: { readonly port?: number; readonly portIndex?: number },
): { host: string; port: number } | undefined {
  const inside = !isHostMode(app) && !isBridgeMode(app);
  const address = task.ipAddresses[0] ?? task.agentAddress;
  if (port.port !== undefined) return { host: inside ? address : task.agentAddress, port: port.port };
  if (port.portIndex === undefined) return undefined;
  if (isHostMode(app)) return at(task.agentAddress, task.hostPorts[port.portIndex]);
  const mappings = app.container?.portMappings ?? [];
  const mapping = mappings[port.portIndex];
  if (!mapping) return undefined;
  if (mapping.hostPort === undefined) return at(address, mapping.containerPort);
  const published = mappings.slice(0, port.portIndex).filter((other) => other.hostPort !== undefined).length;
  return at(task.agentAddress, task.hostPorts[published]);
}

/** Position of the port of that name among the app's ports, or -1. */
export function portIndexOf(app: App, name: string): number {
  const ports = isHostMode(app) ? (app.portDefinitions ?? []) : (app.container?.portMappings ?? []);
  return ports.findIndex((port) => port.name === name);
}

function at(host: string, port: number | undefined): { host: string; port: number } | undefined {
  return port === undefined ? undefined : { host, port };
}
