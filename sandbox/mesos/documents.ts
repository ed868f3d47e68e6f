import type { Json, JsonObject } from "../marathon/model/json";
import { flat } from "../marathon/model/path-id";
import type { Instance } from "../marathon/tasks/instance";
import type { Agent } from "../marathon/tasks/runner";
import type { ClusterView } from "./cluster-view";
import { NOTHING, type Resources, totalOf, usedBy } from "./resources";

/** The release whose documents these are. */
const VERSION = "1.9.0";
const AGENT_PORT = 5051;
const FAILOVER_TIMEOUT = 604_800;
const TASK_STATES = "STAGING STARTING RUNNING KILLING FINISHED KILLED FAILED LOST ERROR UNREACHABLE".split(" ");

/** Who this master is, and since when it leads, in seconds. */
export interface Master {
  /** `host:port` */
  readonly address: string;
  readonly since: number;
}

/** `/state` */
export function state(view: ClusterView, { address, since }: Master): Json {
  const [hostname = "", port = ""] = address.split(":");
  const id = clusterId(view);
  return {
    version: VERSION,
    start_time: since,
    elected_time: since,
    id,
    pid: `master@${address}`,
    hostname,
    capabilities: ["AGENT_UPDATE", "AGENT_DRAINING", "QUOTA_V2"],
    activated_slaves: view.agents.filter((agent) => view.isAvailable(agent.id)).length,
    deactivated_slaves: view.agents.filter((agent) => !view.isAvailable(agent.id)).length,
    unreachable_slaves: 0,
    leader: `master@${address}`,
    leader_info: { id, pid: `master@${address}`, port: Number(port), hostname },
    flags: {},
    slaves: view.agents.map((agent) => describeAgent(agent, view, since)),
    recovered_slaves: [],
    frameworks: [describeMarathon(view, since)],
    completed_frameworks: [],
    orphan_tasks: [],
    unregistered_frameworks: [],
  };
}

/** `/state-summary` */
export function stateSummary(view: ClusterView, { address, since }: Master): Json {
  return {
    hostname: address.split(":")[0] ?? "",
    slaves: view.agents.map((agent) => {
      const own = placedOn(agent, view);
      return {
        ...describeAgent(agent, view, since),
        ...taskStates(own),
        framework_ids: own.length > 0 ? [view.frameworkId] : [],
      };
    }),
    frameworks: [
      {
        ...summariseMarathon(view),
        ...taskStates(view.placed),
        slave_ids: view.agents.filter((agent) => placedOn(agent, view).length > 0).map(({ id }) => id),
      },
    ],
  };
}

/** `/slaves` */
export function slaves(view: ClusterView, { since }: Master): Json {
  return { slaves: view.agents.map((agent) => describeAgent(agent, view, since)), recovered_slaves: [] };
}

/** `/frameworks` */
export function frameworks(view: ClusterView, { since }: Master): Json {
  return { frameworks: [describeMarathon(view, since)], completed_frameworks: [], unregistered_frameworks: [] };
}

/** `/roles` */
export function roles(view: ClusterView): Json {
  const names = [...new Set(["*", view.role ?? "*"])].sort();
  const own = view.role ?? "*";
  return {
    roles: names.map((name) => ({
      name,
      weight: 1,
      resources: json(name === own ? usedBy(view.placed) : NOTHING),
      frameworks: name === own ? [view.frameworkId] : [],
    })),
  };
}

function describeAgent(agent: Agent, view: ClusterView, since: number): JsonObject {
  const total = json(totalOf(agent));
  return {
    id: agent.id,
    hostname: agent.hostname,
    port: AGENT_PORT,
    attributes: { ...agent.attributes },
    pid: `slave(1)@${agent.address}:${AGENT_PORT}`,
    registered_time: since,
    resources: total,
    used_resources: json(usedBy(placedOn(agent, view))),
    offered_resources: json(NOTHING),
    reserved_resources: {},
    unreserved_resources: total,
    active: view.isAvailable(agent.id),
    version: VERSION,
    capabilities: ["MULTI_ROLE", "HIERARCHICAL_ROLE", "RESERVATION_REFINEMENT"],
  };
}

function summariseMarathon(view: ClusterView): JsonObject {
  return {
    id: view.frameworkId,
    name: "marathon",
    used_resources: json(usedBy(view.placed)),
    offered_resources: json(NOTHING),
    capabilities: ["PARTITION_AWARE", "TASK_KILLING_STATE", "REGION_AWARE"],
    hostname: new URL(view.marathonUrl).hostname,
    webui_url: view.marathonUrl,
    active: true,
    connected: true,
    recovered: false,
  };
}

function describeMarathon(view: ClusterView, since: number): JsonObject {
  return {
    ...summariseMarathon(view),
    user: "root",
    failover_timeout: FAILOVER_TIMEOUT,
    checkpoint: true,
    registered_time: since,
    unregistered_time: 0,
    resources: json(usedBy(view.placed)),
    role: view.role ?? "*",
    tasks: view.placed.flatMap((instance) => describeTask(instance, view)),
    unreachable_tasks: [],
    completed_tasks: [],
    offers: [],
    executors: [],
  };
}

function describeTask({ app, task, ...rest }: Instance, view: ClusterView): JsonObject[] {
  if (!task) return [];
  return [
    {
      id: task.id,
      name: flat(app.id).split("_").reverse().join("."),
      framework_id: view.frameworkId,
      executor_id: "",
      slave_id: task.agentId,
      state: task.state,
      resources: json(usedBy([{ app, task, ...rest }])),
      role: view.role ?? "*",
      statuses: [],
    },
  ];
}

function placedOn(agent: Agent, view: ClusterView): Instance[] {
  return view.placed.filter(({ task }) => task?.agentId === agent.id);
}

function taskStates(instances: readonly Instance[]): JsonObject {
  const count = (state: string) => instances.filter(({ task }) => task?.state === `TASK_${state}`).length;
  return Object.fromEntries(TASK_STATES.map((state) => [`TASK_${state}`, count(state)]));
}

/** Ids of agents and frameworks begin with that of the master which admitted them. */
function clusterId({ frameworkId }: ClusterView): string {
  return frameworkId.replace(/-\d+$/, "");
}

function json(resources: Resources): JsonObject {
  return { ...resources };
}
