import type { Properties } from "../../../providers/runtime/handler";

export const POD_LABELS = { "clocker.application": "shop", "clocker.stack": "test", "clocker.service": "web" };

let count = 0;

/** `/clocker/pod-N` with containers `server`, which a check looks at, and `logs`; `pod` and `args` go over what it has. */
export function podArgs(pod: Properties = {}, args: Properties = {}) {
  return {
    location: "mesos",
    podId: `/clocker/pod-${++count}`,
    timeoutSeconds: 30,
    pod: {
      labels: POD_LABELS,
      containers: [server(), { name: "logs", resources: { cpus: 0.1, mem: 16 } }],
      networks: [{ mode: "container/bridge" }],
      ...pod,
    } as Properties,
    ...args,
  };
}

/** A container with an endpoint and a check of it. */
export function server(fields: Properties = {}): Properties {
  return {
    name: "server",
    image: { kind: "DOCKER", id: "example/web:1" },
    exec: { command: { shell: "serve" } },
    resources: { cpus: 0.1, mem: 32 },
    endpoints: [{ name: "http", containerPort: 80, hostPort: 0, protocol: ["tcp"] }],
    healthCheck: { http: { endpoint: "http", path: "/" } },
    ...fields,
  };
}
