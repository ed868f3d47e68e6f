import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { lineLog } from "../../../docker-calico/log";
import { callPlugin } from "../../../docker-calico/plugin-client";
import { PluginServer } from "../../../docker-calico/plugin-server";
import { ENDPOINTS, TestDriver } from "./support/driver";
import recorded from "./support/recorded-20.10.json";

let driver: TestDriver;
let server: PluginServer;
let lines: string[];

beforeEach(async () => {
  driver = await TestDriver.start();
  lines = [];
  server = new PluginServer(
    join(driver.folder, "calico.sock"),
    driver.calls,
    lineLog((line) => lines.push(line)),
  );
  await server.listen();
});

afterEach(async () => {
  await server.close();
  driver.stop();
});

async function replay(upTo?: string): Promise<void> {
  for (const { call, request, answer } of recorded) {
    expect({ call, answer: await callPlugin(join(driver.folder, "calico.sock"), call, request ?? {}) }).toEqual({
      call,
      answer,
    });
    if (call === "NetworkDriver.Join") driver.host.moveInto(String(request?.["EndpointID"]));
    if (call === upTo) return;
  }
}

it("answers what Docker 20.10 asks for a container's life as Docker took it, and leaves nothing behind", async () => {
  await replay();
  expect(Object.keys(await driver.etcd.all()).filter((key) => !/ippools|\/block\//.test(key))).toEqual([]);
  expect(driver.host.links.size).toBe(0);
  expect(driver.host.rules).toEqual([]);
  expect(driver.networks.ids).toEqual([]);
});

it("has the endpoint with all labels and its port when Docker starts the container", async () => {
  await replay("NetworkDriver.ProgramExternalConnectivity");
  const id = "22ae1e8ea9022ae1e8ea9022ae1e8ea9022ae1e8ea9022ae1e8ea9022ae1e8ea";
  expect(await driver.etcd.all(ENDPOINTS)).toEqual({
    [`host--1-libnetwork-libnetwork-${id}`]: {
      kind: "WorkloadEndpoint",
      apiVersion: "projectcalico.org/v3",
      metadata: {
        name: `host--1-libnetwork-libnetwork-${id}`,
        namespace: "libnetwork",
        uid: expect.stringMatching(/^[0-9a-f-]{36}$/),
        creationTimestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
        labels: {
          app: "shop",
          role: "web",
          "projectcalico.org/namespace": "libnetwork",
          "projectcalico.org/orchestrator": "libnetwork",
        },
        annotations: { "clocker.sandbox-key": "/run/docker/netns/70b2fe2a98b5" },
      },
      spec: {
        orchestrator: "libnetwork",
        workload: "libnetwork",
        node: "host-1",
        endpoint: id,
        ipNetworks: ["198.18.160.0/32"],
        interfaceName: "cali22ae1e8ea90",
        mac: "02:42:c6:12:a0:00",
        profiles: [],
        ports: [{ name: "tcp-80", protocol: "TCP", port: 80, hostPort: 8081, hostIP: "" }],
      },
    },
  });
  expect(driver.host.rules).toEqual([
    "PREROUTING -m addrtype --dst-type LOCAL -j CLOCKER-CALICO",
    "OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j CLOCKER-CALICO",
    `CLOCKER-CALICO -p tcp -m tcp --dport 8081 -m comment --comment ${id} -j DNAT --to-destination 198.18.160.0:80`,
  ]);
});

it("logs each call as one line of JSON, with what it was about", async () => {
  await replay("NetworkDriver.Join");
  const calls = lines.map((line) => JSON.parse(line));
  expect(lines.every((line) => line.endsWith("}\n") && line.indexOf("\n") === line.length - 1)).toBe(true);
  expect(calls.at(-1)).toEqual({
    time: expect.any(String),
    level: "info",
    message: "NetworkDriver.Join",
    network: "0f9e0f9e0f9e",
    endpoint: "22ae1e8ea902",
    ms: expect.any(Number),
  });
});
