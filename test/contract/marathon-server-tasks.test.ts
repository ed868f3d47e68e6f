import { mkdtempSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ApiClient, type Body } from "../unit/sandbox-marathon/api-client";

let api: ApiClient;

beforeAll(async () => {
  api = await ApiClient.start({ features: ["secrets"] });
});
afterAll(() => api.stop());

const TINY = { cmd: "sleep 1000", cpus: 0.01, mem: 8 };
const tasks = async (id: string): Promise<Body[]> => (await api.app(id)).tasks as Body[];

describe("tasks", () => {
  it("a killed task is replaced under the same instance", async () => {
    await api.post("/v2/apps", { id: "/kill", ...TINY });
    await api.idle();
    const [task] = await tasks("kill");
    const { body } = await api.delete(`/v2/apps/kill/tasks/${task?.id}`);
    expect(body.task).toMatchObject({ id: task?.id, state: "TASK_RUNNING" });
    const next = String(task?.id).replace("._app.1", "._app.2");
    await api.until(
      async () => (await tasks("kill")).some(({ id, state }) => id === next && state === "TASK_RUNNING"),
      "the next task runs",
    );
  });

  it("row 62: scale reduces the instances, scale and wipe exclude each other, an unknown task is 404", async () => {
    await api.post("/v2/apps", { id: "/less", ...TINY, instances: 3 });
    await api.idle();
    const [chosen] = await tasks("less");
    const answer = await api.delete(`/v2/apps/less/tasks/${chosen?.id}?scale=true`);
    expect(Object.keys(answer.body).sort()).toEqual(["deploymentId", "version"]);
    await api.idle();
    const left = await tasks("less");
    expect((await api.app("less")).instances).toBe(2);
    expect(left.map(({ id }) => id)).not.toContain(chosen?.id);
    const both = await api.delete("/v2/apps/less/tasks?scale=true&wipe=true");
    expect([both.status, both.body]).toEqual([400, { message: "You cannot use scale and wipe at the same time." }]);
    const unknown = await api.delete("/v2/apps/less/tasks/x");
    expect([unknown.status, unknown.body]).toEqual([404, { message: "Task 'x' does not exist" }]);
  });

  it("tasks/delete wants well-formed ids and ignores unknown ones", async () => {
    const bad = await api.post("/v2/tasks/delete", { ids: ["bad"] });
    expect([bad.status, bad.body.message]).toEqual([
      400,
      "Invalid task id 'bad'. [taskId bad no valid identifier (of class java.lang.String)]",
    ]);
    const unknown = "t.instance-11111111-e6f5-11f1-8d70-aae3abdab014._app.1";
    expect((await api.post("/v2/tasks/delete", { ids: [unknown] })).body).toEqual({ tasks: [] });
  });

  it("lists come as text too, with service ports", async () => {
    await api.post("/v2/apps", { id: "/text/app", ...TINY, portDefinitions: [{ port: 10_777 }] });
    await api.idle();
    const [task] = await tasks("text/app");
    const { text } = await api.get("/v2/tasks", { Accept: "text/plain" });
    expect(text).toContain(`text_app\t10777\t${task?.host}:${(task?.ports as number[] | undefined)?.[0]}\t\n`);
    expect(((await api.get("/v2/tasks")).body.tasks as Body[]).find(({ id }) => id === task?.id)).toMatchObject({
      servicePorts: [10_777],
    });
  });

  it("UNIQUE puts one task on each agent and no more", async () => {
    await api.post("/v2/apps", { id: "/unique", ...TINY, instances: 4, constraints: [["hostname", "UNIQUE"]] });
    await api.until(async () => (await api.app("unique")).tasksRunning === 3, "three of four run");
    expect(new Set((await tasks("unique")).map(({ host }) => host)).size).toBe(3);
    expect((await api.app("unique")).deployments).toHaveLength(1);
    await api.delete("/v2/apps/unique");
    await api.idle();
  });

  it("a failing command is told, retried and delayed", async () => {
    await api.post("/v2/apps", { id: "/fails", ...TINY, cmd: "exit 1", backoffSeconds: 30 });
    await api.until(async () => (await api.app("fails")).lastTaskFailure !== undefined, "the task failed");
    const app = await api.app("fails");
    expect(app.lastTaskFailure).toMatchObject({ state: "TASK_FAILED", message: "Command exited with status 1" });
    expect(app.tasks).toEqual([expect.objectContaining({ state: "TASK_FAILED", ports: [] })]);
    const [entry] = (await api.get("/v2/queue")).body.queue as { delay: { timeLeftSeconds: number } }[];
    expect(entry?.delay.timeLeftSeconds).toBeGreaterThan(20);
    expect((await api.delete("/v2/queue//fails/delay")).status).toBe(204);
    await api.until(
      async () => (await tasks("fails")).some(({ id }) => String(id).endsWith("_app.2")),
      "it starts again",
    );
    await api.delete("/v2/apps/fails");
    await api.idle();
  });
});

describe("health", () => {
  it("row 60: an app whose agent check fails counts as unhealthy and stays deploying", async () => {
    const healthChecks = [{ protocol: "MESOS_HTTP", portIndex: 0 }];
    await api.post("/v2/apps", { id: "/sick", ...TINY, cmd: "sleep 1 # sim-unhealthy", healthChecks });
    await api.until(async () => (await api.app("sick")).tasksUnhealthy === 1, "the task is unhealthy");
    expect(await api.app("sick")).toMatchObject({ tasksHealthy: 0, deployments: [expect.anything()] });
    await api.delete("/v2/apps/sick");
    await api.idle();
  });

  it("an HTTP check asks the task's own port", async () => {
    const page = createServer((_, response) => response.end("ok"));
    await new Promise<void>((resolve) => page.listen(0, "0.0.0.0", resolve));
    const { port } = page.address() as AddressInfo;
    const healthChecks = [{ protocol: "HTTP", path: "/", port, intervalSeconds: 1, gracePeriodSeconds: 0 }];
    await api.post("/v2/apps", { id: "/page", ...TINY, healthChecks });
    await api.idle();
    expect(await api.app("page")).toMatchObject({ tasksHealthy: 1, tasksUnhealthy: 0 });
    page.closeAllConnections();
    await new Promise((resolve) => page.close(resolve));
    await api.until(async () => (await api.app("page")).tasksUnhealthy === 1, "the check fails");
    const [page1] = await tasks("page");
    const [result] = (page1?.healthCheckResults ?? []) as Body[];
    expect(result).toMatchObject({ alive: false, lastFailureCause: expect.stringContaining("refused") });
    await api.delete("/v2/apps/page");
    await api.idle();
  });

  it("a readiness check holds the deployment until the task says so", async () => {
    let status = 503;
    const page = createServer((_, response) => {
      response.statusCode = status;
      response.end();
    });
    await new Promise<void>((resolve) => page.listen(31_999, "0.0.0.0", resolve));
    await api.post("/v2/apps", {
      id: "/ready",
      ...TINY,
      requirePorts: true,
      portDefinitions: [{ port: 31_999, name: "main" }],
      readinessChecks: [{ portName: "main", intervalSeconds: 1, timeoutSeconds: 1 }].map((check) => ({
        ...check,
        intervalSeconds: 2,
      })),
    });
    const results = async () =>
      (await api.get("/v2/apps/ready?embed=app.readiness")).body.app as { readinessCheckResults: Body[] };
    await api.until(async () => (await results()).readinessCheckResults[0]?.ready === false, "it is not ready");
    expect((await api.app("ready")).deployments).toHaveLength(1);
    status = 200;
    await api.idle();
    await new Promise((resolve) => page.close(resolve));
  });
});

describe("events", () => {
  it("row 64: a create and a delete tell each step", async () => {
    const stream = await api.listen();
    expect(stream.headers["content-type"]).toBe("text/event-stream;charset=utf-8");
    const { headers } = await api.post("/v2/apps", { id: "/events", ...TINY });
    const id = headers["marathon-deployment-id"];
    await api.until(() => stream.events.some(({ event }) => event === "deployment_success"), "it is deployed");
    const kinds = stream.events.map(({ event }) => event);
    expect(kinds[0]).toBe("event_stream_attached");
    for (const kind of ["api_post_event", "group_change_success", "status_update_event"]) expect(kinds).toContain(kind);
    expect(kinds.filter((kind) => kind.startsWith("deployment_"))).toEqual([
      "deployment_info",
      "deployment_step_success",
      "deployment_info",
      "deployment_step_success",
      "deployment_success",
    ]);
    const conditions = stream.events.flatMap(({ event, data }) =>
      event === "instance_changed_event" ? data.condition : [],
    );
    expect(conditions).toEqual(["Scheduled", "Provisioned", "Starting", "Running"]);
    expect(stream.events.at(-1)?.data).toMatchObject({ id, eventType: "deployment_success" });
    await api.delete("/v2/apps/events");
    await api.until(() => stream.events.some(({ event }) => event === "app_terminated_event"), "it is gone");
    stream.close();
  });

  it("row 65: a filter lets nothing else through", async () => {
    const stream = await api.listen("?event_type=deployment_success");
    await api.post("/v2/apps", { id: "/filtered", ...TINY });
    await api.idle();
    await api.until(() => stream.events.length > 0, "the deployment is told");
    stream.close();
    expect(new Set(stream.events.map(({ event }) => event))).toEqual(new Set(["deployment_success"]));
  });
});

describe("who may ask", () => {
  it("row 70: with credentials nothing is answered without them", async () => {
    const guarded = await ApiClient.start({ credentials: { user: "u", password: "p" }, token: "t" });
    try {
      for (const path of ["/ping", "/v2/apps", "/v2/events"]) {
        const { status, headers, text } = await guarded.get(path);
        expect([path, status, headers["www-authenticate"], text]).toEqual([path, 401, 'basic realm="null"', ""]);
      }
      const basic = `Basic ${Buffer.from("u:p").toString("base64")}`;
      expect((await guarded.get("/v2/apps", { Authorization: basic })).status).toBe(200);
      expect((await guarded.get("/v2/apps", { Authorization: "token=t" })).status).toBe(200);
      expect((await guarded.get("/v2/apps", { Authorization: "token=u" })).status).toBe(401);
    } finally {
      await guarded.stop();
    }
  });
});

describe("a folder for state", () => {
  it("brings back apps, tasks, versions and what was being deployed", async () => {
    const stateDir = mkdtempSync(join(tmpdir(), "marathon-"));
    const first = await ApiClient.start({ stateDir });
    await first.post("/v2/apps", { id: "/kept/app", ...TINY, instances: 2 });
    await first.idle();
    await first.post("/v2/apps", { id: "/stuck", ...TINY, cpus: 1000 });
    const before = await first.app("kept/app");
    await first.stop();
    expect(statSync(join(stateDir, "state.json")).mode & 0o077).toBe(0);
    const second = await ApiClient.start({ stateDir });
    try {
      const after = await second.app("kept/app");
      expect(after).toMatchObject({ version: before.version, tasksRunning: 2 });
      const idsOf = (app: Body) => (app.tasks as Body[]).map(({ id }) => id);
      expect(idsOf(after)).toEqual(idsOf(before));
      expect((await second.put("/v2/apps/stuck", { cpus: 1 })).status).toBe(409);
      await second.put("/v2/apps/stuck?force=true", { cpus: 0.01 });
      await second.idle();
      expect((await second.app("stuck")).tasksRunning).toBe(1);
    } finally {
      await second.stop();
      rmSync(stateDir, { recursive: true });
    }
  });
});
