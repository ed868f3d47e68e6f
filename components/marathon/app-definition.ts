import type * as pulumi from "@pulumi/pulumi";
import type { PlacedService, Plan } from "../../placement/model";
import type { MarathonLocation } from "../../settings/schema";
import type { ServiceArgs } from "../platform";
import { workloadImage } from "../software/workload-image";

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
  extends Pick<ServiceArgs, "placed" | "env" | "entrypoint" | "commands" | "resolver"> {
  readonly labels: Readonly<Record<string, string>>;
  readonly containerizer: MarathonLocation["containerizer"];
  /** Network of the agents that the task joins, one of Docker or, with Mesos' own containerizer, of CNI; absent: each agent's bridge. */
  readonly network?: TaskNetwork;
  /** `name:address` entries for the task's hosts file. */
  readonly hosts: readonly pulumi.Input<string>[];
}

/** The Marathon app of a service, without its id: one task of a Docker image whose first port is checked by Mesos. */
export function appDefinition(args: AppDefinitionArgs): pulumi.Input<Record<string, unknown>> {
  const { placed } = args;
  const { service } = placed;
  const fixed = placed.ports.some(({ hostPort }) => typeof hostPort === "number");
  const [, ...entryArguments] = args.entrypoint ?? [];
  const command = [...entryArguments, ...(args.commands ?? [])];
  return {
    instances: 1,
    cpus: service.machine?.minCores ?? DEFAULT_CPUS,
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
      portMappings: placed.ports.map(({ port, hostPort }) => ({
        containerPort: port,
        ...(hostPort !== undefined && { hostPort: typeof hostPort === "number" ? hostPort : 0 }),
        protocol: "tcp",
        name: `tcp-${port}`,
      })),
      volumes: service.volumes.map(({ hostPath, containerPath }) => ({ hostPath, containerPath, mode: "RW" })),
    },
    healthChecks:
      placed.ports.length === 0
        ? []
        : [
            {
              protocol: "MESOS_TCP",
              portIndex: 0,
              gracePeriodSeconds: service.startTimeoutSeconds,
              intervalSeconds: 5,
              timeoutSeconds: 5,
              maxConsecutiveFailures: 3,
              delaySeconds: 1,
            },
          ],
    // A second task cannot take a host port while the first one holds it, so it has to stop first.
    upgradeStrategy: fixed
      ? { minimumHealthCapacity: 0, maximumOverCapacity: 0 }
      : { minimumHealthCapacity: 1, maximumOverCapacity: 1 },
  };
}

function dockerParameters({ placed, entrypoint, resolver, hosts }: AppDefinitionArgs) {
  const [executable] = entrypoint ?? [];
  const { containerName } = placed.service;
  return [
    ...(executable === undefined ? [] : [{ key: "entrypoint", value: executable }]),
    ...(containerName === undefined ? [] : [{ key: "hostname", value: containerName }]),
    ...(resolver === undefined
      ? []
      : [
          { key: "dns", value: resolver.server },
          { key: "dns-search", value: resolver.search },
        ]),
    ...hosts.map((value) => ({ key: "add-host", value })),
  ];
}
