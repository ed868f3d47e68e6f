import { get } from "node:http";
import { describe, expect, test } from "vitest";
import { appHandler } from "../../providers/marathon/app-handler";
import type { Handler, Properties, StackConfig } from "../../providers/runtime/handler";
import { PartialFailure } from "../../providers/runtime/partial-failure";
import type { Fault } from "./support/marathon-faults/faults";
import { InProcessProvider } from "./support/marathon-faults/in-process-provider";
import { AMPLE_SECONDS, type Life, live } from "./support/marathon-faults/life";

const QUIET: Life = { masters: 1, apps: 1, steps: ["update"], faults: [], seconds: AMPLE_SECONDS, givesUp: false };
const LOST_FOR_GOOD: Fault = { when: { request: "create", nth: 0, times: 1000 }, what: { kind: "lost answer" } };
/** Behind the look ahead of the create. */
const NEVER_SEEN: Fault = {
  when: { request: "app", nth: 1, times: 1000 },
  what: { kind: "status", status: 503, taken: false },
};

/** Handlers with one fault each, by what the harness has to say of them. */
const BROKEN: readonly (readonly [string, Partial<Life>, Partial<Handler>, RegExp])[] = [
  [
    "forgets the app when the answer to its create is lost",
    { faults: [LOST_FOR_GOOD, NEVER_SEEN], seconds: 2 },
    {
      create: (inputs, config) =>
        appHandler.create(inputs, config).catch((error: Error) => {
          throw new Error(error.message);
        }),
    },
    /is an orphan/,
  ],
  [
    "takes an answer that got lost for a failure",
    { faults: [{ ...LOST_FOR_GOOD, when: { request: "create", nth: 0, times: 1 } }] },
    { create: withoutRepetition },
    /is an orphan/,
  ],
  [
    "changes the app twice",
    {},
    {
      update: async (id, olds, news, config) => {
        const app = { ...(news["app"] as object), cmd: "sleep 1" };
        await appHandler.update(id, olds, { ...news, app }, config);
        return appHandler.update(id, olds, news, config);
      },
    },
    /Marathon did start, restart, restart, stop, asked was start, restart, stop/,
  ],
  ["changes nothing", {}, { update: async (_, olds, news) => ({ outs: { ...olds, ...news } }) }, /is not as asked/],
  ["deletes nothing", {}, { delete: async () => {} }, /is there after the last destroy/],
  ["does not find its app again", {}, { read: async () => undefined }, /refresh does not find it/],
  [
    "sees a change where there is none",
    {},
    { diff: async () => ({ changes: true }) },
    /the preview after up is not empty/,
  ],
  [
    "leaves a stream open",
    {},
    {
      create: async (inputs, config) => {
        const headers = { Accept: "text/event-stream", Authorization: authorization(config) };
        get(`${locationOf(config).url}/v2/events`, { headers }).on("error", () => {});
        return appHandler.create(inputs, config);
      },
    },
    /1 requests or streams are open/,
  ],
  ["tells secrets", {}, { update: failing((app) => `bad app ${JSON.stringify(app)}; run again`) }, /a secret in/],
  ["tells nothing", {}, { update: failing(() => "failed") }, /an error that does not say what to do/],
  ["gives up too early", {}, { update: failing(() => "busy; run again") }, /although every fault passes in time/],
];

describe("the fault harness finds a provider out that", () => {
  test.concurrent.each(BROKEN)("%s", async (_, life, methods, finding) => {
    const handler = { ...appHandler, ...methods };
    const problems = await live({ ...QUIET, ...life }, async (config) => new InProcessProvider(handler, config));
    expect(problems.join("\n")).toMatch(finding);
  });
});

test("the fault harness finds nothing where there is no fault", async () => {
  expect(await live(QUIET, async (config) => new InProcessProvider(appHandler, config))).toEqual([]);
});

/** What a create is that asks once and believes the first failure. */
async function withoutRepetition(inputs: Properties, config: StackConfig) {
  const headers = { "Content-Type": "application/json", Authorization: authorization(config) };
  const body = JSON.stringify({ ...(inputs["app"] as object), id: inputs["appId"] });
  await fetch(`${locationOf(config).url}/v2/apps`, { method: "POST", headers, body });
  return appHandler.create(inputs, config);
}

function failing(message: (app: unknown) => string): Handler["update"] {
  return async (id, _olds, news) => {
    throw new PartialFailure(message(news["app"]), { id, properties: news });
  };
}

function locationOf(config: StackConfig): { url: string; auth: { username: string; password: string } } {
  return JSON.parse(config.get("clocker:locations") ?? "{}").mesos;
}

function authorization(config: StackConfig): string {
  const { username, password } = locationOf(config).auth;
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}
