import { expect, it } from "vitest";
import { rolesSchema, type State, stateSchema } from "../../../providers/mesos/api";
import { describeCluster } from "../../../providers/mesos/cluster";

const agent = (n: number, more: object = {}) => ({
  id: `a-S${n}`,
  hostname: `agent-${n}`,
  pid: `slave(1)@192.0.2.${n}:5051`,
  active: true,
  version: "1.9.0",
  attributes: { zone: "b", rack: n },
  resources: { cpus: 4, mem: 4096, disk: 9000, gpus: 0, ports: "[31000-32000, 33000-33010]" },
  used_resources: { cpus: 0.5, mem: 256, disk: 0, gpus: 0, ports: "[31001-31001]" },
  ...more,
});

const framework = (name: string, more: object = {}) => ({
  id: `f-${name}`,
  name,
  active: true,
  webui_url: "",
  ...more,
});

/** A state as masters give it, with what is not read left in. */
const state = (more: object = {}): State =>
  stateSchema.parse({
    version: "1.9.0",
    pid: "master@192.0.2.100:5050",
    leader: "master@192.0.2.100:5050",
    cluster: "east",
    slaves: [agent(2), agent(1)],
    frameworks: [framework("marathon"), framework("chronos"), framework("gone", { active: false })],
    completed_frameworks: [framework("ended")],
    ...more,
  });

const { roles: ROLES } = rolesSchema.parse({
  roles: [
    {
      name: "web",
      weight: 2.5,
      resources: { cpus: 1 },
      frameworks: ["f-marathon"],
      quota: { role: "web", guarantee: { cpus: 8 } },
    },
    { name: "*", weight: 1, resources: { cpus: 3 }, frameworks: [] },
  ],
});

it("shows version, leader, agents with what they have in all, roles and active frameworks, in the order of names", () => {
  const described = describeCluster(state(), ROLES);
  expect(described).toEqual({
    version: "1.9.0",
    leader: "192.0.2.100:5050",
    name: "east",
    agents: {
      "agent-1": {
        hostname: "agent-1",
        address: "192.0.2.1",
        active: true,
        version: "1.9.0",
        attributes: { rack: 1, zone: "b" },
        resources: { cpus: 4, mem: 4096, disk: 9000, ports: "[31000-32000, 33000-33010]" },
      },
      "agent-2": expect.objectContaining({ address: "192.0.2.2", attributes: { rack: 2, zone: "b" } }),
    },
    roles: { "*": { weight: 1 }, web: { weight: 2.5, quota: { guarantee: { cpus: 8 } } } },
    frameworks: ["chronos", "marathon"],
  });
  expect(Object.keys(described.agents)).toEqual(["agent-1", "agent-2"]);
});

it("is the same while tasks come and go and agents are listed in another order", () => {
  const busy = agent(1, { used_resources: { cpus: 4, mem: 4096, ports: "[31000-31500]" }, TASK_RUNNING: 7 });
  const later = state({ slaves: [busy, agent(2)], frameworks: [framework("chronos"), framework("marathon")] });
  const rolesLater = ROLES.map((role) => ({ ...role, resources: { cpus: 9 } })).reverse();
  expect(JSON.stringify(describeCluster(later, rolesLater))).toBe(JSON.stringify(describeCluster(state(), ROLES)));
});

it("shows GPUs where there are some, and two agents of one host by their ports", () => {
  const twin = agent(1, { id: "a-S9", pid: "slave(1)@192.0.2.1:5052", resources: { cpus: 1, gpus: 2 } });
  const { agents } = describeCluster(state({ slaves: [agent(1), twin] }), undefined);
  expect(Object.keys(agents)).toEqual(["agent-1:5051", "agent-1:5052"]);
  expect(agents["agent-1:5052"]?.resources).toEqual({ cpus: 1, mem: 0, disk: 0, gpus: 2 });
});

it("shows what a release before 1.0 tells of an agent", () => {
  const old = {
    id: "S0",
    hostname: "agent-1",
    pid: "slave(1)@192.0.2.1:5051",
    resources: { cpus: 4, disk: 4096, mem: 4096, ports: "[31000-32000]" },
    attributes: {},
    active: true,
  };
  const { agents, roles } = describeCluster(state({ version: "0.26.0", slaves: [old] }), undefined);
  expect(agents["agent-1"]).toEqual({
    hostname: "agent-1",
    address: "192.0.2.1",
    active: true,
    attributes: {},
    resources: { cpus: 4, mem: 4096, disk: 4096, ports: "[31000-32000]" },
  });
  expect(roles).toBeUndefined();
});
