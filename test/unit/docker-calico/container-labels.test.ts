import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ContainerLabels } from "../../../docker-calico/container-labels";
import { DockerApi } from "../../../docker-calico/docker-api";
import { lineLog } from "../../../docker-calico/log";
import { ENDPOINTS, NETWORK, TestDriver } from "./support/driver";

const ENDPOINT = "1".repeat(64);
const CONTAINER = "c".repeat(64);
const OTHER = "0".repeat(64);

interface Listed {
  readonly labels: Record<string, string>;
  readonly endpoints: Record<string, string>;
}

/** The calls of the Docker Engine that are made. */
class FakeDocker {
  readonly containers = new Map<string, Listed>();
  networks: { Id: string; Options: Record<string, string> }[] = [];
  readonly asked: string[] = [];
  readonly followers: ServerResponse[] = [];
  readonly #server: Server = createServer((request, response) => {
    const url = new URL(request.url ?? "", "http://docker");
    this.asked.push(`${request.method} ${url.pathname}`);
    if (url.pathname.endsWith("/events")) {
      response.writeHead(200).flushHeaders();
      this.followers.push(response);
      return;
    }
    const filters = JSON.parse(url.searchParams.get("filters") ?? "{}") as { id?: string[]; driver?: string[] };
    const answer = url.pathname.endsWith("/networks") ? this.networks : this.#list(filters.id);
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
  });

  async listen(socket: string): Promise<void> {
    this.#server.listen(socket);
    await once(this.#server, "listening");
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  connected(container: string): void {
    const event = { Type: "network", Action: "connect", Actor: { Attributes: { container } } };
    for (const follower of this.followers) follower.write(`${JSON.stringify(event)}\n`);
  }

  #list(ids: string[] | undefined) {
    return [...this.containers].flatMap(([Id, { labels, endpoints }]) => {
      if (ids && !ids.includes(Id)) return [];
      const networks = Object.entries(endpoints).map(([NetworkID, EndpointID]) => [
        NetworkID,
        { NetworkID, EndpointID },
      ]);
      return [{ Id, Labels: labels, NetworkSettings: { Networks: Object.fromEntries(networks) } }];
    });
  }
}

let driver: TestDriver;
let docker: FakeDocker;
let stop: AbortController;
let following: Promise<void>;
let lines: string[];

beforeEach(async () => {
  driver = await TestDriver.start();
  await driver.createNetwork({ "label.app": "shop" });
  await driver.connect(ENDPOINT);
  docker = new FakeDocker();
  lines = [];
  const api = new DockerApi(join(driver.folder, "docker.sock"));
  const log = lineLog((line) => lines.push(line));
  const labels = new ContainerLabels(api, driver.endpoints, driver.networks, log);
  stop = new AbortController();
  following = labels.follow(stop.signal);
});

afterEach(async () => {
  stop.abort();
  await following;
  await docker.close();
  driver.stop();
});

async function start(): Promise<void> {
  await docker.listen(join(driver.folder, "docker.sock"));
  await eventually(() => expect(docker.followers.length).toBeGreaterThan(0));
}

async function labelsNow(): Promise<Record<string, string>> {
  const [wep] = Object.values(await driver.etcd.all(ENDPOINTS));
  const { labels } = (wep as { metadata: { labels: Record<string, string> } }).metadata;
  return Object.fromEntries(Object.entries(labels).filter(([key]) => !key.startsWith("projectcalico.org/")));
}

/** A busy machine takes its time. */
const eventually = (holds: () => void | Promise<void>) => vi.waitFor(holds, { timeout: 20_000 });

const isLabelled = (wanted: Record<string, string>) =>
  eventually(async () => expect(await labelsNow()).toEqual(wanted));

it("a container's labels reach its endpoint as soon as Docker knows which that is", async () => {
  await start();
  const labels = { "org.projectcalico.label.role": "web", other: "x", "org.projectcalico.label.bad": "a b" };
  docker.containers.set(CONTAINER, { labels, endpoints: { [NETWORK]: "", [OTHER]: "9".repeat(64) } });
  docker.connected(CONTAINER);
  await eventually(() =>
    expect(docker.asked.filter((line) => line.endsWith("/containers/json")).length).toBeGreaterThan(2),
  );
  expect(await labelsNow()).toEqual({ app: "shop" });
  docker.containers.set(CONTAINER, { labels, endpoints: { [NETWORK]: ENDPOINT, [OTHER]: "9".repeat(64) } });
  await isLabelled({ app: "shop", role: "web" });
  expect(lines.join("")).toContain("label bad is 'a b'");
  expect(docker.asked.every((line) => line.startsWith("GET "))).toBe(true);
});

it("labels of containers that started while Docker or the driver was away are added later", async () => {
  const labels = { "org.projectcalico.label.role": "web" };
  docker.containers.set(CONTAINER, { labels, endpoints: { [NETWORK]: ENDPOINT } });
  await start();
  await isLabelled({ app: "shop", role: "web" });
});

it("Docker may go away and come back", async () => {
  await start();
  await docker.close();
  const again = new FakeDocker();
  docker = again;
  docker.containers.set(CONTAINER, {
    labels: { "org.projectcalico.label.late": "yes" },
    endpoints: { [NETWORK]: ENDPOINT },
  });
  await start();
  await isLabelled({ app: "shop", late: "yes" });
});

it("networks that the driver does not know are learnt from Docker", async () => {
  docker.networks = [{ Id: OTHER, Options: { "label.app": "other" } }];
  await start();
  await eventually(() => expect(driver.networks.get(OTHER)).toEqual({ labels: { app: "other" } }));
  expect(driver.networks.get(NETWORK)).toEqual({ labels: { app: "shop" } });
});
