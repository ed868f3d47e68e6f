import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, it } from "vitest";
import { parseBlueprint } from "../../../blueprint/parse";
import { dockerPreflight } from "../../../components/docker/docker-preflight";
import { place } from "../../../placement/place";
import { type DockerLocation, settingsSchema } from "../../../settings/schema";

/** What an engine without images and with one container on a port tells. */
const ANSWERS: Readonly<Record<string, [status: number, body: unknown]>> = {
  "/version": [200, { Version: "28.0.0", ApiVersion: "1.48" }],
  "/containers/json": [
    200,
    [
      {
        Id: "c1",
        Names: ["/other"],
        Labels: {},
        Ports: [{ PrivatePort: 80, PublicPort: 8001, Type: "tcp" }],
        NetworkSettings: { Networks: { bridge: {} } },
      },
    ],
  ],
  "/images/example/same:1/json": [404, { message: "No such image" }],
  "/distribution/example/same:1/json": [404, { message: "manifest unknown" }],
};

let server: Server;
let asked: string[];

beforeEach(async () => {
  asked = [];
  server = createServer((request, response) => {
    const path = (request.url ?? "").replace(/^\/v[\d.]+(?=\/)/, "").replace(/\?.*$/, "");
    asked.push(path);
    const [status, body] = ANSWERS[path] ?? [500, { message: `nobody expects ${path}` }];
    response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

it("a host is asked once for its containers and once for an image, however many services need them", async () => {
  const url = `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const settings = settingsSchema.parse({
    blueprint: "unit.yaml",
    locations: { docks: { type: "docker", hosts: { h: { url, address: "192.0.2.11" } } } },
  });
  const services = [0, 1, 2, 3].map(
    (index) =>
      `- {type: "docker:example/same:1", id: s${index}, location: docks, openPorts: 80, portBindings: {${8000 + index}: 80}}`,
  );
  const { blueprint } = parseBlueprint(`id: app\nservices:\n${services.join("\n")}\n`, "unit.yaml");
  const plan = blueprint && place(blueprint, settings, "unit").plan;
  if (plan === undefined) throw new Error("the application of this test is wrong");
  const found = await dockerPreflight("docks", settings.locations["docks"] as DockerLocation, plan);
  expect(asked.sort()).toEqual(Object.keys(ANSWERS).sort());
  const missing = found.filter(({ code }) => code === "image-missing").map(({ message }) => message);
  expect(missing).toEqual([0, 1, 2, 3].map((index) => expect.stringContaining(`of service 's${index}'`)));
  const taken = found.filter(({ code }) => code === "port-taken").map(({ message }) => message);
  expect(taken).toEqual([expect.stringMatching(/^port 8001 .* of service 's1', is held by container 'other'$/)]);
});
