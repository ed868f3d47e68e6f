import * as http from "node:http";
import { wallClock } from "./clock";
import { EventReader } from "./event-reader";
import { elementsOf, isObject, type Json, parseOrText } from "./json";
import type { Answer, OpenStream, ServerUnderTest } from "./server-under-test";

/** The recording's own address. */
const RECORDED_ADDRESS = "127.0.0.1:8080";
const ANSWER_WITHIN = 40_000;
const CLEAN_WITHIN = 20_000;
const ROOT = "/v2/groups?embed=group.groups&embed=group.apps&embed=group.pods";

/** A Marathon server by its URL. Everything on it belongs to the test. */
export class MarathonClient implements ServerUnderTest {
  readonly authorization: string | undefined;
  private readonly url: URL;
  private readonly names: Set<string>;

  /** @param credentials `user:password` */
  constructor(url: string, credentials?: string) {
    this.url = new URL(url);
    this.names = new Set([this.url.host]);
    this.authorization = credentials === undefined ? undefined : `Basic ${Buffer.from(credentials).toString("base64")}`;
  }

  /** Learns the name that the server gives itself. Throws if it does not answer. */
  async greet(): Promise<void> {
    const leader = parseOrText((await this.ask("GET", "/v2/leader")).text);
    if (isObject(leader) && typeof leader.leader === "string") this.names.add(leader.leader);
  }

  async send(
    method: string,
    target: string,
    body: string | undefined,
    headers: Readonly<Record<string, string>>,
  ): Promise<Answer> {
    const response = await this.request(method, target, body, headers);
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString("utf8");
    return { status: response.statusCode ?? 0, headers: this.headersOf(response), text: this.scrub(text) };
  }

  async open(target: string, headers: Readonly<Record<string, string>>): Promise<OpenStream> {
    const response = await this.request("GET", target, undefined, headers);
    return new EventReader(response, this.headersOf(response), (line) => this.scrub(line));
  }

  async idle(limit: number): Promise<void> {
    const end = wallClock.now() + limit;
    await wallClock.sleep(400);
    while (wallClock.now() < end) {
      const deployments = parseOrText((await this.ask("GET", "/v2/deployments")).text);
      if (Array.isArray(deployments) && deployments.length === 0) return;
      await wallClock.sleep(300);
    }
  }

  async clean(): Promise<void> {
    for (let attempt = 0; attempt < 20; attempt += 1) {
      const emptied = (await this.ask("DELETE", "/v2/groups?force=true")).status < 400;
      await this.idle(CLEAN_WITHIN);
      const root = parseOrText((await this.ask("GET", ROOT)).text);
      const left = ["apps", "pods", "groups"].flatMap((kind) =>
        idsOf(root, kind).map((id) => `/v2/${kind}${id}?force=true`),
      );
      const tasks = elementsOf(parseOrText((await this.ask("GET", "/v2/tasks")).text), "tasks");
      if (left.length === 0 && tasks.length === 0) return;
      // Where the root group cannot be deleted, one by one.
      for (const target of emptied ? [] : left) await this.ask("DELETE", target);
      await wallClock.sleep(500);
    }
    throw new Error(`${this.url.href} still has apps, groups, pods or tasks after 20 attempts to delete them`);
  }

  private ask(method: string, target: string): Promise<Answer> {
    const headers: Record<string, string> =
      this.authorization === undefined ? {} : { Authorization: this.authorization };
    return this.send(method, target, undefined, { ...headers, Accept: "application/json" });
  }

  private request(
    method: string,
    target: string,
    body: string | undefined,
    headers: Readonly<Record<string, string>>,
  ): Promise<http.IncomingMessage> {
    const length = method === "GET" && body === undefined ? {} : { "Content-Length": Buffer.byteLength(body ?? "") };
    const path = `${this.url.pathname.replace(/\/+$/, "")}${target}`;
    const { hostname, port } = this.url;
    return new Promise((resolve, reject) => {
      const request = http.request(
        { hostname, port, path, method, headers: { ...headers, ...length }, agent: false },
        resolve,
      );
      request.setTimeout(ANSWER_WITHIN, () => request.destroy(new Error(`no answer within ${ANSWER_WITHIN / 1000} s`)));
      request.on("response", () => request.setTimeout(0));
      request.on("error", reject);
      request.end(body);
    });
  }

  private headersOf({ headers }: http.IncomingMessage): Record<string, string> {
    const entries = Object.entries(headers).map(([name, value]) => [name, this.scrub([value ?? ""].flat().join(", "))]);
    return Object.fromEntries(entries) as Record<string, string>;
  }

  private scrub(text: string): string {
    return [...this.names].reduce((scrubbed, name) => scrubbed.replaceAll(name, RECORDED_ADDRESS), text);
  }
}

function idsOf(root: Json, kind: string): string[] {
  const list = isObject(root) ? root[kind] : undefined;
  return Array.isArray(list)
    ? list.flatMap((each) => (isObject(each) && typeof each.id === "string" ? [each.id] : []))
    : [];
}
