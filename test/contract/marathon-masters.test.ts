import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Properties } from "../../providers/runtime/handler";
import { MarathonServer } from "../../sandbox/marathon/server";
import { QUICK } from "../support/marathon";
import { DynamicProvider } from "./support/dynamic-provider";
import { FaultyProxy } from "./support/faulty-proxy";
import { providerText } from "./support/provider-text";

const marathon = new MarathonServer(QUICK);
const LABELS = { "clocker.application": "shop", "clocker.stack": "masters", "clocker.service": "web" };
let direct: string;
let text: string;
/** Two ways to the same Marathon, as two masters are: whichever is asked, the leader answers. */
let masters: FaultyProxy[];
let provider: DynamicProvider;
let count = 0;

beforeAll(async () => {
  direct = (await marathon.start()).url;
  text = (await providerText("marathon.App")).text;
});

async function start(settings: Properties = {}): Promise<void> {
  masters = [await FaultyProxy.start(direct), await FaultyProxy.start(direct)];
  const location = { type: "marathon", url: masters.map(({ url }) => url), ...settings };
  provider = await DynamicProvider.start(text, { "clocker:locations": JSON.stringify({ mesos: location }) });
}

afterEach(async () => {
  await provider.stop();
  await Promise.all(masters.map((master) => master.stop().catch(() => undefined)));
});

afterAll(() => marathon.stop());

async function checked(app: Properties = {}, args: Properties = {}): Promise<Properties & { appId: string }> {
  const appId = `/clocker/shop-masters/web-${++count}`;
  const given = { cmd: "sleep 1000", cpus: 0.1, mem: 32, labels: LABELS, ...app };
  const { inputs, failures } = await provider.check(
    {},
    { location: "mesos", appId, timeoutSeconds: 30, ...args, app: given },
  );
  expect(failures).toEqual([]);
  return inputs as Properties & { appId: string };
}

/** What was changed on the way through any master. */
function changes(): string[] {
  return masters.flatMap(({ passed }) => passed.filter((line) => !line.startsWith("GET")));
}

describe("with several masters", () => {
  test("an app comes up although the one that took it is gone before it runs, and is made once", async () => {
    await start();
    const inputs = await checked();
    const created = provider.create(inputs);
    await expect.poll(() => masters[0]?.passed.some((line) => line.startsWith("POST"))).toBe(true);
    await masters[0]?.stop();
    const { id, outs } = await created;
    expect(outs).toMatchObject({ healthy: true });
    expect(changes().filter((line) => line.startsWith("POST"))).toHaveLength(1);
    expect(masters[1]?.passed).toContainEqual(expect.stringContaining("/v2/events"));
    await provider.delete(id, outs);
    expect(await provider.read(id, outs)).toBeUndefined();
  });

  test("an update whose answer is lost with the leadership is not sent again, and ends as an update does", async () => {
    await start();
    const inputs = await checked();
    const { id, outs } = await provider.create(inputs);
    for (const master of masters) master.reset();
    masters[0]?.fail("PUT", 500, 1, { afterwards: true });
    const wanted = { ...inputs, app: { ...(inputs["app"] as Properties), env: { A: "b" } } };
    const updated = await provider.update(id, outs, wanted);
    expect(updated).toMatchObject({ ...wanted, healthy: true });
    expect(changes()).toEqual([expect.stringMatching(/^PUT /)]);
    await provider.delete(id, updated);
  });

  test("a delete whose answer is lost is done, whoever is asked next", async () => {
    await start();
    const { id, outs } = await provider.create(await checked());
    for (const master of masters) master.reset();
    masters[0]?.fail("DELETE /v2/apps", 502, 1, { afterwards: true });
    await provider.delete(id, outs);
    expect(changes().filter((line) => line.startsWith("DELETE /v2/apps"))).toHaveLength(1);
    expect(await provider.read(id, outs)).toBeUndefined();
  });
});

test("twenty apps that are made at once wait at one event stream", async () => {
  await start();
  const all = await Promise.all(Array.from({ length: 20 }, async () => provider.create(await checked())));
  expect(all.every(({ outs }) => outs["healthy"] === true)).toBe(true);
  const streams = masters.flatMap(({ passed }) => passed.filter((line) => line.includes("/v2/events")));
  expect(streams).toHaveLength(1);
  await Promise.all(all.map(({ id, outs }) => provider.delete(id, outs)));
});

test("with locks: force a deployment of several apps that holds one is cancelled", async () => {
  await start({ locks: "force" });
  const inputs = await checked();
  const { id, outs } = await provider.create(inputs);
  const huge = { id: "/clocker/shop-masters/huge", cmd: "sleep 1000", cpus: 1000 };
  await fetch(`${direct}/v2/groups/clocker/shop-masters`, {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ apps: [{ ...(inputs["app"] as Properties), id, instances: 2 }, huge] }),
  });
  const wanted = { ...inputs, app: { ...(inputs["app"] as Properties), instances: 3 } };
  expect(await provider.update(id, outs, wanted)).toMatchObject({ ...wanted, healthy: true });
  expect(changes()).toContainEqual(expect.stringMatching(/^PUT .*force=true/));
  await fetch(`${direct}/v2/apps${huge.id}`, { method: "DELETE" });
  await provider.delete(id, outs);
});
