import { isHostMode } from "../../model/app";
import type { Launch } from "../runner";

/** The environment Marathon gives a task: the app's own variables, then what the task is and which ports it has. */
export function taskEnvironment({ app, taskId, agent, hostPorts }: Launch): Record<string, string> {
  const own = Object.entries(app.env ?? {}).flatMap(([name, value]) =>
    typeof value === "string" ? [[name, value]] : [],
  );
  const labels = Object.entries(app.labels).flatMap(([name, value]) => {
    const upper = name.toUpperCase().replace(/[^A-Z0-9_]/g, "_");
    return value.length <= 512 ? [[upper, value] as const] : [];
  });
  return {
    ...portVariables({ app, hostPorts }),
    MARATHON_APP_ID: app.id,
    MARATHON_APP_VERSION: app.version,
    MARATHON_APP_RESOURCE_CPUS: double(app.cpus),
    MARATHON_APP_RESOURCE_MEM: double(app.mem),
    MARATHON_APP_RESOURCE_DISK: double(app.disk),
    MARATHON_APP_RESOURCE_GPUS: String(app.gpus),
    ...(app.container?.docker ? { MARATHON_APP_DOCKER_IMAGE: app.container.docker.image } : {}),
    MARATHON_APP_LABELS: labels.map(([name]) => name).join(" "),
    ...Object.fromEntries(labels.map(([name, value]) => [`MARATHON_APP_LABEL_${name}`, value])),
    MESOS_TASK_ID: taskId,
    HOST: agent.hostname,
    ...Object.fromEntries(own),
  };
}

/** The port inside the task, per port of the app: its host port in host mode, else the container port. */
export function innerPorts({ app, hostPorts }: Pick<Launch, "app" | "hostPorts">): number[] {
  if (isHostMode(app)) return [...hostPorts];
  let published = -1;
  return (app.container?.portMappings ?? []).map((mapping) => {
    if (mapping.hostPort !== undefined) published += 1;
    return mapping.containerPort || (mapping.hostPort === undefined ? 0 : (hostPorts[published] ?? 0));
  });
}

function portVariables(launch: Pick<Launch, "app" | "hostPorts">): Record<string, string> {
  const { app, hostPorts } = launch;
  const host = isHostMode(app);
  const named = host ? (app.portDefinitions ?? []) : (app.container?.portMappings ?? []);
  const inner = innerPorts(launch);
  let published = -1;
  const ports = named.map((port, index) => {
    if (host) return hostPorts[index] ?? 0;
    if (!("hostPort" in port) || port.hostPort === undefined) return inner[index] ?? 0;
    published += 1;
    return hostPorts[published] ?? 0;
  });
  const first = ports[0];
  if (first === undefined) return {};
  const variables: Record<string, string> = { PORT: String(first), PORTS: ports.join(",") };
  ports.forEach((port, index) => {
    const name = named[index]?.name;
    variables[`PORT${index}`] = String(port);
    if (name) variables[`PORT_${name.toUpperCase().replace(/[^A-Z0-9_]/g, "_")}`] = String(port);
    if (!host && inner[index]) variables[`PORT_${inner[index]}`] = String(port);
  });
  return variables;
}

function double(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}
