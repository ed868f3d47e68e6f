import type { Instance } from "../marathon/tasks/instance";
import type { Agent } from "../marathon/tasks/runner";

/** Resources as a master's JSON has them: ports as ranges, and only where there are some. */
export interface Resources {
  readonly cpus: number;
  readonly mem: number;
  readonly disk: number;
  readonly gpus: number;
  readonly ports?: string;
}

export const NOTHING: Resources = { cpus: 0, disk: 0, gpus: 0, mem: 0 };

/** All that an agent has. */
export function totalOf({ cpus, mem, disk, gpus, ports }: Agent): Resources {
  return { cpus, disk, gpus, mem, ...(ports.length > 0 && { ports: ranges(ports) }) };
}

/** What these instances take together. */
export function usedBy(instances: readonly Instance[]): Resources {
  const sum = (read: (instance: Instance) => number) =>
    Math.round(instances.reduce((total, instance) => total + read(instance), 0) * 1000) / 1000;
  const ports = instances.flatMap(({ task }) => task?.hostPorts ?? []).sort((a, b) => a - b);
  return {
    cpus: sum(({ app }) => app.cpus),
    disk: sum(({ app }) => app.disk),
    gpus: sum(({ app }) => app.gpus),
    mem: sum(({ app }) => app.mem),
    ...(ports.length > 0 && { ports: ranges(joined(ports)) }),
  };
}

/** Ranges of neighbouring ports; `ports` ascend. */
function joined(ports: readonly number[]): [number, number][] {
  const found: [number, number][] = [];
  for (const port of ports) {
    const last = found.at(-1);
    if (last && port <= last[1] + 1) last[1] = port;
    else found.push([port, port]);
  }
  return found;
}

function ranges(ports: readonly (readonly [number, number])[]): string {
  return `[${ports.map(([from, to]) => `${from}-${to}`).join(", ")}]`;
}
