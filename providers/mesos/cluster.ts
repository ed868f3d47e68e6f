import type { Agent, Roles, State } from "./api";

/** Resources of an agent in all: CPUs, MiB of memory and disk, GPUs, and ranges of ports. */
interface Resources {
  readonly cpus: number;
  readonly mem: number;
  readonly disk: number;
  readonly gpus?: number;
  readonly ports?: string;
}

/** A Mesos cluster as far as it stays the same while tasks come and go. */
export interface MesosCluster {
  readonly version: string;
  /** Address of the leading master, as `host:port`. */
  readonly leader: string;
  readonly name?: string;
  /** Agents by host name, in the order of names; one that shares its host's name has its port behind it. */
  readonly agents: Readonly<Record<string, MesosAgent>>;
  /** Roles by name. */
  readonly roles?: Readonly<Record<string, { readonly weight: number; readonly quota?: object }>>;
  /** Names of the active frameworks, Marathon's among them. */
  readonly frameworks: readonly string[];
}

interface MesosAgent {
  readonly hostname: string;
  readonly address?: string;
  readonly active: boolean;
  readonly version?: string;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly resources: Resources;
}

/**
 * What does not change from one run to the next unless the cluster does. Resources in use, running tasks and times are left out: they
 * would be a difference in every preview.
 */
export function describeCluster(state: State, roles: Roles | undefined): MesosCluster {
  const { version, leader = "", cluster, slaves, frameworks } = state;
  const active = frameworks.filter((framework) => framework.active).map(({ name }) => name);
  return {
    version,
    leader: leader.replace(/^.*@/, ""),
    ...(cluster !== undefined && { name: cluster }),
    agents: byName(slaves.map((agent) => [nameOf(agent, slaves), describeAgent(agent)])),
    ...(roles && {
      roles: byName(roles.map(({ name, weight = 1, quota }) => [name, { weight, ...(quota && { quota }) }])),
    }),
    frameworks: [...new Set(active)].sort(),
  };
}

function nameOf(agent: Agent, all: readonly Agent[]): string {
  const alone = all.filter(({ hostname }) => hostname === agent.hostname).length === 1;
  return alone ? agent.hostname : `${agent.hostname}:${agent.pid?.split(":").at(-1) ?? agent.id}`;
}

function describeAgent({ hostname, pid, active = true, version, attributes = {}, resources = {} }: Agent): MesosAgent {
  const scalar = (name: string) => Number(resources[name] ?? 0);
  const { ports } = resources;
  const gpus = scalar("gpus");
  const address = pid?.replace(/^.*@/, "").replace(/:\d+$/, "");
  return {
    hostname,
    ...(address !== undefined && { address }),
    active,
    ...(version !== undefined && { version }),
    attributes: byName(Object.entries(attributes)),
    resources: {
      cpus: scalar("cpus"),
      mem: scalar("mem"),
      disk: scalar("disk"),
      ...(gpus > 0 && { gpus }),
      ...(ports !== undefined && { ports: String(ports) }),
    },
  };
}

function byName<T>(entries: readonly (readonly [string, T])[]): Record<string, T> {
  return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
}
