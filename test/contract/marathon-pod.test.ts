import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Properties } from "../../providers/runtime/handler";
import { UNKNOWN } from "../../providers/runtime/unknown";
import { podArgs, server } from "./support/marathon-pods";
import { MarathonProvider } from "./support/marathon-provider";

let marathon: MarathonProvider;

beforeAll(async () => {
  marathon = await MarathonProvider.start("marathon.Pod");
});

afterEach(() => marathon.proxy.reset());

afterAll(async () => {
  await marathon?.stop();
});

const scaling = (instances: number) => ({ kind: "fixed", instances });
const foreign = { containers: [{ name: "c", resources: { cpus: 0.1, mem: 16 } }] };

async function live(path: string): Promise<Properties> {
  return (await marathon.somebody("GET", path)).body;
}

async function expectNoChange(id: string, outs: Properties, inputs: Properties): Promise<void> {
  expect(await marathon.provider.diff(id, outs, inputs)).toEqual({ changes: false, replaces: [] });
  expect((await marathon.provider.read(id, outs))?.inputs).toEqual({ ...inputs, __provider: marathon.text });
}

function idsOf(outs: Properties): string[] {
  return (outs["instances"] as { id: string }[]).map(({ id }) => id);
}

describe("a pod on Marathon", () => {
  test("is made with all outputs; then neither a preview nor a refresh finds a change", async () => {
    const { id, inputs, outs } = await marathon.created(podArgs({ scaling: scaling(2) }));
    expect(marathon.changes).toEqual(["POST /v2/pods?force=false"]);
    const instance = {
      id: expect.stringContaining(".instance-"),
      host: expect.stringMatching(/^127\.0\.1\.\d$/),
      status: "STABLE",
      addresses: [expect.stringMatching(/^127\.0\.1\.\d$/)],
      endpoints: { server: [{ name: "http", hostPort: expect.any(Number), healthy: true }], logs: [] },
    };
    expect(outs).toMatchObject({
      ...inputs,
      healthy: true,
      version: expect.stringMatching(/^\d{4}-/),
      instances: [instance, instance],
    });
    await expectNoChange(id, outs, inputs);
    expect((await marathon.provider.read(id, outs))?.props).toEqual(outs);
  });

  test("is scaled without a restart of what runs, and restarted by any other change, as the preview says", async () => {
    const { id, outs, inputs } = await marathon.created(podArgs());
    const pod = inputs["pod"] as Properties;
    const more = await marathon.checked({ ...inputs, pod: { ...pod, scaling: scaling(2) } });
    expect(await marathon.provider.diff(id, outs, more)).toEqual({ changes: true, replaces: [] });
    const scaled = await marathon.provider.update(id, outs, more);
    expect(idsOf(scaled)).toHaveLength(2);
    expect(idsOf(scaled)).toEqual(expect.arrayContaining(idsOf(outs)));
    const other = await marathon.checked({ ...inputs, pod: { ...pod, environment: { A: "1" } } });
    await marathon.provider.diff(id, scaled, other);
    const restarted = await marathon.provider.update(id, scaled, other);
    expect(restarted).toMatchObject({ ...other, healthy: true });
    expect(idsOf(restarted)).toHaveLength(1);
    expect(idsOf(scaled)).not.toContain(idsOf(restarted)[0]);
    expect(marathon.provider.output).toContain(`pod ${id}: no instance restarts: scaling changes alone`);
    expect(marathon.provider.output).toContain(
      `pod ${id}: all instances restart, because environment and scaling change`,
    );
    await expectNoChange(id, restarted, other);
  });

  test("is replaced for another location or id, and not touched for another time limit", async () => {
    const { id, outs, inputs } = await marathon.created(podArgs());
    const differ = (news: Properties) => marathon.provider.diff(id, outs, { ...inputs, ...news });
    expect(await differ({ podId: "/clocker/elsewhere" })).toMatchObject({ changes: true, replaces: ["podId"] });
    expect(await differ({ location: "other" })).toMatchObject({ changes: true, replaces: ["location"] });
    expect(await differ({ timeoutSeconds: 5 })).toEqual({ changes: false, replaces: [] });
    const unknown = await marathon.checked({ ...inputs, pod: { ...(inputs["pod"] as Properties), user: UNKNOWN } });
    expect(await differ(unknown)).toEqual({ changes: true, replaces: [] });
  });

  test("shows on refresh what somebody changed, and the next update puts it right", async () => {
    const { id, outs, inputs } = await marathon.created(podArgs());
    const { version: _, ...shown } = await live(`/v2/pods${id}`);
    await marathon.somebody("PUT", `/v2/pods${id}`, { ...shown, environment: { B: "2" } });
    await marathon.idle();
    const refreshed = await marathon.provider.read(id, outs);
    expect(refreshed?.inputs["pod"]).toEqual({ ...(inputs["pod"] as Properties), environment: { B: "2" } });
    const props = refreshed?.props ?? {};
    expect(await marathon.provider.diff(id, props, inputs)).toEqual({ changes: true, replaces: [] });
    await expectNoChange(id, await marathon.provider.update(id, props, inputs), inputs);
  });

  test("is deleted with the groups that it leaves empty; what is gone already is no error", async () => {
    const { id, outs } = await marathon.created(podArgs({}, { podId: "/clocker/pods/inner/web" }));
    await marathon.provider.delete(id, outs);
    expect((await marathon.somebody("GET", `/v2/pods${id}::status`)).status).toBe(404);
    expect((await marathon.somebody("GET", "/v2/groups/clocker/pods")).status).toBe(404);
    expect(await marathon.provider.read(id, outs)).toBeUndefined();
    await marathon.provider.delete(id, outs);
  });

  test("of somebody else is neither changed nor deleted, unless adopt says so", async () => {
    const args = podArgs();
    await marathon.somebody("POST", "/v2/pods", { ...foreign, id: args.podId });
    await marathon.idle();
    const failure = await marathon.failureOf(marathon.created(args));
    expect(failure.message).toContain(
      `pod ${args.podId} exists on mesos and belongs to something without Clocker's labels`,
    );
    expect(failure.partial).toBeUndefined();
    const inputs = await marathon.checked(args);
    await marathon.provider.delete(args.podId, { ...inputs, version: "", instances: [], healthy: true });
    expect(marathon.changes).toEqual([]);
    const { outs } = await marathon.created({ ...args, adopt: true });
    expect(outs).toMatchObject({ healthy: true });
  });
});

describe("a pod that does not come up", () => {
  test("is kept in the state with the reason, and a corrected one takes its place", async () => {
    const containers = [server({ resources: { cpus: 100, mem: 32 } })];
    const args = podArgs({ containers }, { timeoutSeconds: 3 });
    const { partial } = await marathon.failureOf(marathon.created(args));
    expect(partial?.properties).toMatchObject({ podId: args.podId, healthy: false, instances: [] });
    expect(partial?.reasons).toEqual([
      expect.stringMatching(
        /pod .* not up within 3 s: 0 of 1 instances up; 1 waiting .*InsufficientCpus.*wants 100\.1 CPUs/,
      ),
    ]);
    const corrected = await marathon.checked({ ...args, timeoutSeconds: 30, pod: podArgs().pod });
    const outs = await marathon.provider.update(args.podId, partial?.properties ?? {}, corrected);
    expect(outs).toMatchObject({ ...corrected, healthy: true });
  });

  test("for its health check names the container", async () => {
    const args = podArgs(
      { containers: [server({ exec: { command: { shell: "sim-unhealthy" } } })] },
      { timeoutSeconds: 3 },
    );
    const { partial } = await marathon.failureOf(marathon.created(args));
    expect(partial?.reasons).toEqual([
      expect.stringMatching(
        /0 of 1 instances up; instance .* is DEGRADED, its container server fails its health check/,
      ),
    ]);
    await marathon.provider.delete(args.podId, { ...partial?.properties, timeoutSeconds: 30 });
    expect((await marathon.somebody("GET", `/v2/pods${args.podId}`)).status).toBe(404);
  });
});

describe("what goes wrong on the way", () => {
  test("a lost answer makes nothing twice", async () => {
    marathon.proxy.fail("POST /v2/pods", 502, 1, { afterwards: true });
    const { id, outs, inputs } = await marathon.created(podArgs());
    expect(outs).toMatchObject({ healthy: true });
    expect(marathon.changes).toEqual(["POST /v2/pods?force=false"]);
    marathon.proxy.fail("PUT /v2/pods", 502, 1, { afterwards: true });
    const wanted = await marathon.checked({ ...inputs, pod: { ...(inputs["pod"] as Properties), user: "web" } });
    expect(await marathon.provider.update(id, outs, wanted)).toMatchObject({ ...wanted, healthy: true });
    expect(marathon.changes.slice(1)).toEqual([`PUT /v2/pods${id}?force=false`]);
  });

  test("an interrupted create is finished by the next one without a second deployment", async () => {
    const args = podArgs();
    const { pod } = (await marathon.checked(args)) as { pod: object };
    await marathon.somebody("POST", "/v2/pods", { ...pod, id: args.podId });
    const { outs } = await marathon.created(args);
    expect(outs).toMatchObject({ healthy: true });
    expect(marathon.changes).toEqual([]);
  });

  test("a deployment of its own that holds it is overridden, so that a stuck pod can be deleted", async () => {
    const args = podArgs({ containers: [server({ resources: { cpus: 100, mem: 32 } })] }, { timeoutSeconds: 2 });
    const { partial } = await marathon.failureOf(marathon.created(args));
    await marathon.provider.delete(args.podId, { ...partial?.properties, timeoutSeconds: 30 });
    expect(await live("/v2/deployments")).toEqual([]);
  });

  test.each([404, 501])("a Marathon without pods, which answers %i, is named", async (status) => {
    marathon.proxy.fail("GET /v2/pods", status, 5);
    const failure = await marathon.failureOf(marathon.created(podArgs()));
    expect(failure.message).toMatch(new RegExp(`Marathon at .* has no pods \\(it answered ${status}\\)`));
    expect(failure.partial).toBeUndefined();
    expect(marathon.changes).toEqual([]);
  });
});
