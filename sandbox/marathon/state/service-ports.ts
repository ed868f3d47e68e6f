import { type App, servicePorts, withServicePorts } from "../model/app";
import type { Root } from "./root";

/** Range that service ports are taken from, both ends included. */
export const SERVICE_PORTS = { min: 10_000, max: 20_000 } as const;

/**
 * Gives every service port that is 0 a number: first those the same app had before, by position, then the lowest that
 * no app uses. Throws an Error if the range is used up.
 */
export function assignServicePorts(original: Root, target: Root): Root {
  const taken = new Set([...target.apps.values()].flatMap(servicePorts));
  taken.delete(0);
  const before = (app: App): number[] => {
    const known = original.apps.get(app.id);
    return known ? servicePorts(known).filter((port) => port >= SERVICE_PORTS.min && port <= SERVICE_PORTS.max) : [];
  };
  const open = [...target.apps.values()].filter((app) => servicePorts(app).includes(0));
  if (open.length === 0) return target;
  const kept = new Map(open.map((app) => [app.id, before(app).filter((port) => !servicePorts(app).includes(port))]));
  for (const ports of kept.values()) for (const port of ports) taken.add(port);
  const apps = new Map(target.apps);
  let next: number = SERVICE_PORTS.min;
  const lowest = (): number => {
    while (taken.has(next)) next += 1;
    if (next > SERVICE_PORTS.max)
      throw new Error(`all service ports of ${SERVICE_PORTS.min}-${SERVICE_PORTS.max} are used`);
    taken.add(next);
    return next;
  };
  for (const app of open) {
    const old = [...(kept.get(app.id) ?? [])];
    const ports = servicePorts(app).map((port) => (port === 0 ? (old.shift() ?? lowest()) : port));
    apps.set(app.id, withServicePorts(app, ports));
  }
  return { ...target, apps };
}
