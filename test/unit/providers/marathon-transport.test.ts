import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { MarathonClient } from "../../../providers/marathon/client";
import { MarathonError } from "../../../providers/marathon/error";
import type { MarathonSettings } from "../../../providers/marathon/location";
import { MarathonTransport } from "../../../providers/marathon/transport";
import { Deadline } from "../../../providers/runtime/deadline";

const AUTH = { type: "basic", username: "ops", password: "open-sesame" } as const;
const SENT = `Basic ${Buffer.from("ops:open-sesame").toString("base64")}`;

interface Master {
  readonly url: string;
  /** `METHOD path credentials` of each request. */
  readonly seen: string[];
  stop(): Promise<void>;
}

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A master that answers each request by the next of `answers`, and from the last one on always by that. */
async function master(...answers: RequestListener[]): Promise<Master> {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push([request.method, request.url?.split("?")[0], request.headers.authorization].join(" ").trim());
    answers[Math.min(seen.length, answers.length) - 1]?.(request, response);
  }).listen(0, "127.0.0.1");
  servers.push(server);
  await once(server, "listening");
  const stop = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen, stop };
}

function json(status: number, body: unknown, headers: Record<string, string> = {}): RequestListener {
  return (_, response) =>
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}

const ok = json(200, { version: "1.8.222" });
const created = json(201, { version: "2026-01-01T00:00:00.000Z", deployments: [{ id: "d" }] });
const empty =
  (status: number): RequestListener =>
  (_, response) =>
    response.writeHead(status).end();
const page: RequestListener = (_, response) => response.writeHead(404).end("<html>Not found</html>");
const reset: RequestListener = (request) => request.socket.destroy();
const cut: RequestListener = (_, response) => {
  response.writeHead(201, { "content-type": "application/json", "content-length": "100" }).write('{"version"');
  setImmediate(() => response.destroy());
};

function client(settings: MarathonSettings, retrySeconds?: number): MarathonClient {
  return new MarathonClient(new MarathonTransport(settings, retrySeconds === undefined ? {} : { retrySeconds }));
}

const info = (settings: MarathonSettings, retrySeconds?: number) =>
  client(settings, retrySeconds).info(new Deadline(20));
const create = (settings: MarathonSettings) => client(settings).createApp("/a", {}, false, new Deadline(20));

async function failureOf(call: Promise<unknown>): Promise<MarathonError> {
  const failure = await call.then(
    () => expect.unreachable(),
    (error) => error,
  );
  expect(failure).toBeInstanceOf(MarathonError);
  return failure;
}

describe("of several masters", () => {
  test.each([
    ["refuses connections", undefined],
    ["resets them", reset],
    ["is just losing its leadership", empty(500)],
    ["is not ready", empty(503)],
  ])("another is asked at once if one %s", async (_, answer) => {
    const [first, second] = [await master(answer ?? ok), await master(ok)];
    if (!answer) await first.stop();
    expect(await info({ url: [first.url, second.url] }, 0)).toEqual({ version: "1.8.222" });
    expect(second.seen).toHaveLength(1);
  });

  test("the one that answered is asked from then on", async () => {
    const [first, second] = [await master(empty(503), ok), await master(ok)];
    const both = client({ url: [first.url, second.url] });
    for (let count = 0; count < 3; count++) await both.info(new Deadline(20));
    expect([first.seen.length, second.seen.length]).toEqual([1, 3]);
  });

  test("none is asked for another's fault: a refusal is final", async () => {
    const [first, second] = [await master(json(422, { message: "Object is not valid" })), await master(created)];
    const failure = await failureOf(create({ url: [first.url, second.url] }));
    expect(failure.message).toContain("answered 422 to POST /v2/apps: Object is not valid");
    expect(second.seen).toEqual([]);
  });
});

describe("a change", () => {
  test("goes to another master if one was not reached", async () => {
    const [first, second] = [await master(ok), await master(created)];
    await first.stop();
    expect(await create({ url: [first.url, second.url] })).toMatchObject({ deploymentId: "d" });
  });

  test.each([
    ["a reset", reset],
    ["an answer that is cut", cut],
    ["502", empty(502)],
    ["503", empty(503)],
    ["500 without a word", empty(500)],
  ])("is not sent again after %s, which leaves open whether it was made", async (_, answer) => {
    const [first, second] = [await master(answer), await master(created)];
    const failure = await failureOf(create({ url: [first.url, second.url] }));
    expect(failure).toMatchObject({ ambiguous: true, transient: true });
    expect([first.seen.length, second.seen.length]).toEqual([1, 0]);
  });

  test.each([
    ["429", json(429, { message: "slow down" }, { "retry-after": "0" })],
    [
      "the word that too many deployments run",
      json(403, { message: "Max number (100) of running deployments is achieved. Wait for existing deployments." }),
    ],
  ])("is sent again after %s, which says that it was not made", async (_, busy) => {
    const { url, seen } = await master(busy, busy, created);
    expect(await create({ url })).toMatchObject({ deploymentId: "d" });
    expect(seen).toHaveLength(3);
  });

  test("is given up at once if it is to wait longer than there is time", async () => {
    const { url, seen } = await master(json(429, { message: "slow down" }, { "retry-after": "3600" }));
    const failure = await failureOf(create({ url }));
    expect(failure.message).toContain("run again when Marathon, or the proxy before it, takes more requests");
    expect(seen).toHaveLength(1);
  });
});

describe("an app is gone", () => {
  test("if Marathon says so", async () => {
    const { url } = await master(json(404, { message: "App '/a' does not exist" }));
    expect(await client({ url }).app("/a", new Deadline(20))).toBeUndefined();
  });

  test.each([
    ["404 of something else", page, "check url of this location"],
    [
      "a web page",
      (_: unknown, response: Parameters<RequestListener>[1]) => response.end("<html></html>"),
      "is not Marathon's",
    ],
  ])("not if the answer is %s", async (_, answer, words) => {
    const { url } = await master(answer);
    expect((await failureOf(client({ url }).app("/a", new Deadline(20)))).message).toContain(words);
  });
});

describe("the event stream of a standby", () => {
  const stream: RequestListener = (_, response) =>
    response.writeHead(200, { "content-type": "text/event-stream" }).write("data: {}\r\n\r\n");
  const to =
    (url: string): RequestListener =>
    (_, response) =>
      response.writeHead(302, { location: `${url}/v2/events?event_type=x` }).end();
  const open = async (settings: MarathonSettings) => {
    const closing = new AbortController();
    const transport = new MarathonTransport(settings);
    const opened = await transport.stream({ url: "/v2/events" }, new Deadline(20), closing.signal);
    opened.destroy();
  };

  test("is that of the leader, which gets the credentials too if it is one of ours", async () => {
    const leader = await master(stream);
    const standby = await master(to(leader.url));
    await open({ url: [standby.url, leader.url], auth: AUTH });
    expect(leader.seen).toEqual([`GET /v2/events ${SENT}`]);
  });

  test("is not followed to a foreign host, which sees neither credentials nor requests", async () => {
    const foreign = await master(stream);
    const standby = await master(to(foreign.url.replace("127.0.0.1", "localhost")));
    await expect(open({ url: standby.url, auth: AUTH })).rejects.toThrow("which is none of the masters");
    await expect(open({ url: standby.url.replace("//", "//ops:open-sesame@") })).rejects.toThrow("none of the masters");
    expect(foreign.seen).toEqual([]);
  });

  test("is followed anywhere if there are no credentials to lose", async () => {
    const leader = await master(stream);
    const standby = await master(to(leader.url));
    await open({ url: standby.url });
    expect(leader.seen).toEqual(["GET /v2/events"]);
  });
});
