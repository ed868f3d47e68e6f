import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { rolesSchema, stateSchema, summarySchema } from "../../providers/mesos/api";
import { MarathonServer } from "../../sandbox/marathon/server";
import { type MasterOptions, MesosMaster } from "../../sandbox/mesos/master";

const TIMES = { starting: 5, running: 10, exit: 20, health: 20, killed: 10 };
const marathon = new MarathonServer({ simulatedTimes: TIMES, offerInterval: 20, mesosRole: "web" });
const started: MesosMaster[] = [];
let marathonUrl = "";

async function master(options: MasterOptions = {}): Promise<string> {
  const made = new MesosMaster(() => marathon.clusterView(), options);
  started.push(made);
  return (await made.start()).url;
}

async function get(url: string, headers: Record<string, string> = {}) {
  const response = await fetch(url, { headers, redirect: "manual" });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

beforeAll(async () => {
  marathonUrl = (await marathon.start()).url;
  const app = {
    id: "/shop/web",
    cmd: "sleep 1000",
    cpus: 0.5,
    mem: 64,
    instances: 3,
    constraints: [["hostname", "UNIQUE"]],
  };
  const response = await fetch(`${marathonUrl}/v2/apps`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(app),
  });
  expect(response.status).toBe(201);
  await vi.waitFor(() => expect(marathon.clusterView().placed).toHaveLength(3), 5000);
});
afterAll(async () => {
  for (const one of started) await one.stop();
  await marathon.stop();
});

describe("a master that leads", () => {
  it.each(["/master/state", "/state"])(
    "gives at %s its agents, with what they have and what tasks use",
    async (path) => {
      const url = await master();
      const state = stateSchema.loose().parse(JSON.parse((await get(url + path)).text));
      expect(state).toMatchObject({ version: "1.9.0", activated_slaves: 3, completed_frameworks: [] });
      expect(state.leader).toBe(state.pid);
      expect(state.pid).toBe(`master@${new URL(url).host}`);
      expect(state.slaves.map(({ hostname }) => hostname)).toEqual(["127.0.1.1", "127.0.1.2", "127.0.1.3"]);
      expect(state.slaves[0]).toMatchObject({
        pid: "slave(1)@127.0.1.1:5051",
        active: true,
        attributes: { rack: "r1" },
        resources: { cpus: 16, mem: 32_768, disk: 100_000, gpus: 0, ports: "[31000-32000]" },
        used_resources: { cpus: 0.5, mem: 64, ports: expect.stringMatching(/^\[(3\d{4})-\1\]$/) },
      });
    },
  );

  it("lists Marathon as the framework of the id and address that Marathon has, with its tasks", async () => {
    const url = await master();
    const { frameworkId } = JSON.parse((await get(`${marathonUrl}/v2/info`)).text);
    const { frameworks } = JSON.parse((await get(`${url}/master/frameworks`)).text);
    expect(frameworks).toMatchObject([
      {
        id: frameworkId,
        name: "marathon",
        active: true,
        webui_url: marathonUrl,
        role: "web",
        resources: { cpus: 1.5 },
      },
    ]);
    expect(frameworks[0].tasks.map(({ name, role }: Record<string, string>) => ({ name, role }))).toEqual(
      Array(3).fill({ name: "web.shop", role: "web" }),
    );
  });

  it("counts tasks by state, and names frameworks and agents, in its summary, which has no tasks", async () => {
    const url = await master();
    await expect
      .poll(async () => JSON.parse((await get(`${url}/master/state-summary`)).text).frameworks[0].TASK_RUNNING)
      .toBe(3);
    const summary = JSON.parse((await get(`${url}/master/state-summary`)).text);
    expect(summarySchema.parse(summary).frameworks).toHaveLength(1);
    expect(summary.frameworks[0].slave_ids).toHaveLength(3);
    expect(summary.slaves[0]).toMatchObject({ TASK_RUNNING: 1, framework_ids: [summary.frameworks[0].id] });
    expect(summary.frameworks[0].tasks).toBeUndefined();
  });

  it("gives agents and roles of their own", async () => {
    const url = await master();
    expect(JSON.parse((await get(`${url}/slaves`)).text).slaves).toHaveLength(3);
    const { roles } = JSON.parse((await get(`${url}/master/roles`)).text);
    expect(rolesSchema.parse({ roles }).roles.map(({ name }) => name)).toEqual(["*", "web"]);
    expect(roles[1]).toMatchObject({ weight: 1, resources: { cpus: 1.5, mem: 192 } });
  });

  it("knows no /state.json any more, and redirects to itself", async () => {
    const url = await master();
    expect((await get(`${url}/master/state.json`)).status).toBe(404);
    const redirect = await get(`${url}/master/redirect`);
    expect([redirect.status, redirect.headers.get("location")]).toEqual([307, `//${new URL(url).host}`]);
    expect((await get(`${url}/health`)).status).toBe(200);
  });
});

describe("a master with credentials", () => {
  it("asks for them, and takes basic ones and a token", async () => {
    const url = await master({ credentials: { user: "ops", password: "hunter2" }, token: "a.b.c" });
    const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString("base64")}` });
    const refused = await get(`${url}/master/state`);
    expect([refused.status, refused.headers.get("www-authenticate")]).toEqual([
      401,
      'Basic realm="mesos-master-readonly"',
    ]);
    expect((await get(`${url}/master/state`, basic("ops:wrong"))).status).toBe(401);
    expect((await get(`${url}/master/state`, basic("ops:hunter2"))).status).toBe(200);
    expect((await get(`${url}/master/state`, { authorization: "token=a.b.c" })).status).toBe(200);
  });
});

describe("a standby", () => {
  it("redirects to the leader, without a scheme and with the path", async () => {
    const url = await master({ leader: "192.0.2.1:5050" });
    const answer = await get(`${url}/master/state`);
    expect([answer.status, answer.headers.get("location")]).toEqual([307, "//192.0.2.1:5050/master/state"]);
    expect((await get(`${url}/redirect`)).headers.get("location")).toBe("//192.0.2.1:5050");
  });

  it("says that no leader is elected", async () => {
    const answer = await get(`${await master({ leader: null })}/master/state`);
    expect([answer.status, answer.text]).toEqual([503, "No leader elected"]);
  });
});
