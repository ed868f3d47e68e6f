import type { Properties } from "../../../providers/runtime/handler";

/** An app of a group; `fields` go over what it has. */
export function groupApp(id: string, fields: Properties = {}): Properties {
  const labels = { "clocker.application": "shop", "clocker.stack": "test", "clocker.service": id };
  return { id, cmd: "sleep 1000", cpus: 0.1, mem: 16, healthChecks: [{ protocol: "MESOS_TCP" }], labels, ...fields };
}

let count = 0;

/** `/clocker/shop-N` with app `web`, which needs group `data` with app `redis`. */
export function groupArgs(group: Properties = {}, args: Properties = {}) {
  return {
    location: "mesos",
    groupId: `/clocker/shop-${++count}`,
    timeoutSeconds: 30,
    group: {
      apps: [groupApp("web", { dependencies: ["data"] })],
      groups: [{ id: "data", apps: [groupApp("redis")] }],
      ...group,
    } as Properties,
    ...args,
  };
}
