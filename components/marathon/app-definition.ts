import * as pulumi from "@pulumi/pulumi";
import { numbersOf } from "../../blueprint/port";
import type { PlacedService, Plan } from "../../placement/model";
import type { MarathonLocation } from "../../settings/schema";
import type { HostsEntry } from "../hosts-entries";
import type { ServiceArgs } from "../platform";
import { workloadImage } from "../software/workload-image";
import { containerParameters, healthChecks } from "./container-options";
import { layOver } from "./lay-over";
import { portMappings } from "./port-mappings";

/** CPU share and memory (MiB) of a task when the blueprint says nothing: Clocker's. */
const DEFAULT_CPUS = 0.25;
const DEFAULT_MEMORY = 256;

/** `<group>/<application>-<stack>/<service>`: the parts of the physical name, which Marathon's ids can take. */
export function appId(settings: MarathonLocation, plan: Plan, placed: PlacedService): string {
  return `${settings.group}/${plan.physicalName}/${placed.physicalName.slice(plan.physicalName.length + 1)}`;
}

export interface TaskNetwork {
  readonly name: string;
  /** What a CNI plugin is told of the task. */
  readonly labels?: Readonly<Record<string, string>>;
}

export interface AppDefinitionArgs
  extends Pick<ServiceArgs, "placed" | "env" | "entrypoint" | "commands" | "marathonApp" | "resolver"> {
  readonly labels: Readonly<Record<string, string>>;
  readonly containerizer: MarathonLocation["containerizer"];
  /** Network of the agents that the task joins, one of Docker or, with Mesos' own containerizer, of CNI; absent: each agent's bridge. */
  readonly network?: TaskNetwork;
  /** Entries for the task's hosts file; absent: none. */
  readonly hosts?: pulumi.Output<HostsEntry[]>;
}

/**
 * The Marathon app of a service, without its id: tasks of a Docker image whose first port of TCP is checked by Mesos, with the blueprint's
 * `marathon.app` laid over.
 */
export function appDefinition(args: AppDefinitionArgs): pulumi.Input<Record<string, unknown>> {
  const { placed, marathonApp = {} } = args;
  const { instances } = placed.service;
  const fixed = placed.ports.some(({ hostPort }) => typeof hostPort === "number");
  const definition = layOver(derived(args, fixed), marathonApp);
  return fixed && instances > 1 ? { ...definition, constraints: apart(definition["constraints"]) } : definition;
}

/** Two tasks with the same host port cannot share an agent. */
function apart(given: unknown): unknown[] {
  const constraints = Array.isArray(given) ? given : [];
  const known = constraints.some(
    (one) => Array.isArray(one) && ["hostname", "@hostname"].includes(one[0]) && one[1] === "UNIQUE",
  );
  return known ? constraints : [...constraints, ["hostname", "UNIQUE"]];
}

function derived(args: AppDefinitionArgs, fixed: boolean): Record<string, unknown> {
  const { placed } = args;
  const { service } = placed;
  const [, ...entryArguments] = args.entrypoint ?? [];
  const command = [...entryArguments, ...(args.commands ?? [])];
  return {
    instances: service.instances,
    cpus: service.container.cpus ?? service.machine?.minCores ?? DEFAULT_CPUS,
    mem: service.memoryBytes === undefined ? DEFAULT_MEMORY : Math.ceil(service.memoryBytes / 1024 ** 2),
    ...(command.length > 0 && { args: command }),
    env: { ...args.env },
    labels: { ...args.labels },
    networks: [args.network === undefined ? { mode: "container/bridge" } : { mode: "container", ...args.network }],
    container: {
      type: args.containerizer === "mesos" ? "MESOS" : "DOCKER",
      docker: {
        image: workloadImage(service.workload),
        ...(args.containerizer === "docker" && {
          privileged: service.privileged,
          parameters: dockerParameters(args),
        }),
      },
      portMappings: portMappings(placed.ports),
      volumes: service.volumes.map(({ source, containerPath, readOnly }) => ({
        ...source,
        containerPath,
        mode: readOnly ? "RO" : "RW",
      })),
    },
    healthChecks: healthChecks(service, numbersOf(placed.ports, "tcp")),
    ...(service.container.tty !== undefined && { tty: service.container.tty }),
    ...(service.container.stopTimeoutSeconds !== undefined && {
      taskKillGracePeriodSeconds: service.container.stopTimeoutSeconds,
    }),
    // A new task cannot take a host port while an old one holds it, so one has to stop first.
    upgradeStrategy: fixed
      ? { minimumHealthCapacity: allButOne(service.instances), maximumOverCapacity: 0 }
      : { minimumHealthCapacity: 1, maximumOverCapacity: 1 },
  };
}

/** As a share, rounded down: Marathon rounds the tasks that it makes of it up. */
function allButOne(instances: number): number {
  return Math.floor(((instances - 1) / instances) * 100) / 100;
}

function dockerParameters({ placed, entrypoint, resolver, hosts }: AppDefinitionArgs) {
  const [executable] = entrypoint ?? [];
  const { container, containerName } = placed.service;
  const parameters = [
    ...(executable === undefined ? [] : [{ key: "entrypoint", value: executable }]),
    ...containerParameters({ ...(containerName !== undefined && { hostname: containerName }), ...container }),
    ...(resolver === undefined
      ? []
      : [
          { key: "dns", value: resolver.server },
          { key: "dns-search", value: resolver.search },
        ]),
  ];
  if (hosts === undefined) return parameters;
  return pulumi
    .all([pulumi.all(parameters.map((parameter) => pulumi.output(parameter))), hosts])
    .apply(([known, entries]) => [
      ...known,
      ...entries.map(({ host, ip }) => ({ key: "add-host", value: `${host}:${ip}` })),
    ]);
}
