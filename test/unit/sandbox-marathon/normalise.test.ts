import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Json } from "../../../sandbox/marathon/model/json";
import { normalise } from "../../../sandbox/marathon/model/normalise";
import { parseApp, type RawApp } from "../../../sandbox/marathon/model/raw-app";

const normal = (body: Json) => normalise(parseApp(body), {});

const labels = fc.dictionary(fc.constantFrom("a", "b"), fc.string({ maxLength: 3 }));
const port = fc.constantFrom(0, 80, 10_500);
const mapping = fc.record(
  { containerPort: port, hostPort: port, servicePort: port, labels, protocol: fc.constantFrom("tcp", "udp") },
  { requiredKeys: [] },
);
const networking = fc.oneof(
  fc.constant({}),
  fc.record({ portDefinitions: fc.array(fc.record({ port, labels }, { requiredKeys: [] }), { maxLength: 3 }) }),
  fc.record({ ports: fc.array(port, { maxLength: 3 }) }),
  fc.record({
    networks: fc.constantFrom(
      [{ mode: "container/bridge" }],
      [{ mode: "container", name: "n", labels: {} }],
      [{ name: "n" }],
    ),
  }),
  fc.record({
    ipAddress: fc.constantFrom({}, { networkName: "n" }, { networkName: "mesos-bridge", labels: { a: "b" } }),
  }),
);
const container = fc.option(
  fc.record(
    {
      type: fc.constantFrom("MESOS", "DOCKER"),
      docker: fc.record(
        { image: fc.constant("nginx"), portMappings: fc.array(mapping, { maxLength: 2 }) },
        { requiredKeys: ["image"] },
      ),
      volumes: fc.array(
        fc.constantFrom(
          { containerPath: "p", mode: "RW", persistent: { size: 1 } },
          { containerPath: "/c", mode: "ro", hostPath: "/h" },
          { containerPath: "e", mode: "RW", external: { name: "n", options: {} } },
        ),
        { maxLength: 2 },
      ),
    },
    { requiredKeys: ["docker"] },
  ),
  { nil: undefined },
);
const check = fc.record(
  {
    protocol: fc.constantFrom("HTTP", "TCP", "MESOS_HTTP", "https"),
    path: fc.constant("/p"),
    delaySeconds: fc.nat(9),
    ignoreHttp1xx: fc.boolean(),
  },
  { requiredKeys: [] },
);
const body = fc
  .tuple(
    fc.record(
      {
        id: fc.constantFrom("a", "/a/b", "/x/../y", "c//d/"),
        cmd: fc.constant("sleep 1"),
        args: fc.constantFrom([], ["x"]),
        env: fc.constantFrom({}, { A: "b" }),
        uris: fc.constantFrom([], ["http://h/a.tgz", "http://h/b"]),
        labels,
        requirePorts: fc.boolean(),
        healthChecks: fc.array(check, { maxLength: 2 }),
        dependencies: fc.constantFrom([], ["b", "/c"]),
        executorResources: fc.constantFrom({}, { cpus: 1 }),
        container,
      },
      { requiredKeys: ["id"] },
    ),
    networking,
  )
  .map(([app, ports]) => JSON.parse(JSON.stringify({ ...app, ...ports })) as Json);

describe("normal form of an app", () => {
  it("is its own normal form, once the ports it gained count as declared", () => {
    fc.assert(
      fc.property(body, (given) => {
        const twice = normalise(normal(given) as RawApp, {});
        expect(normalise(twice as RawApp, {})).toEqual(twice);
      }),
    );
  });

  it("is reached at once by an app without health checks", () => {
    fc.assert(
      fc.property(body, (given) => {
        const once = normal({ ...(given as object), healthChecks: [] });
        expect(normalise(once as RawApp, {})).toEqual(once);
      }),
    );
  });

  it("holds no null, no undefined and no field of the old API", () => {
    fc.assert(
      fc.property(body, (given) => {
        const app = normal(given);
        expect(JSON.parse(JSON.stringify(app))).toEqual(app);
        expect(Object.values(app)).not.toContain(null);
        for (const old of ["ports", "uris", "ipAddress", "version"]) expect(app).not.toHaveProperty(old);
        expect(app.container?.docker ?? {}).not.toHaveProperty("portMappings");
        expect(app.container?.docker ?? {}).not.toHaveProperty("network");
      }),
    );
  });
});

describe("old fields", () => {
  const docker = (rest: object) => ({ id: "a", container: { docker: { image: "nginx", ...rest } } });

  it.each<[string, Json, object]>([
    ["docker.network HOST is host mode", docker({ network: "HOST" }), { networks: [{ mode: "host" }] }],
    [
      "docker.network BRIDGE with mappings is bridge mode",
      docker({ network: "BRIDGE", portMappings: [{ containerPort: 80 }] }),
      {
        networks: [{ mode: "container/bridge" }],
        container: {
          portMappings: [{ containerPort: 80, hostPort: 0, labels: {}, protocol: "tcp", servicePort: 0 }],
        },
      },
    ],
    [
      "docker.network USER with a network name is container mode",
      { ...docker({ network: "USER" }), ipAddress: { networkName: "calico", labels: { a: "b" } } },
      { networks: [{ name: "calico", mode: "container", labels: { a: "b" } }] },
    ],
    [
      "ipAddress alone brings a Mesos container",
      { id: "a", cmd: "sleep 1", ipAddress: { networkName: "calico" } },
      { container: { type: "MESOS", volumes: [] }, networks: [{ name: "calico", mode: "container" }] },
    ],
    [
      "ipAddress of the Mesos bridge is bridge mode",
      { id: "a", cmd: "sleep 1", ipAddress: { networkName: "mesos-bridge" } },
      { networks: [{ mode: "container/bridge" }] },
    ],
    [
      "discovery ports are mappings without host port",
      {
        id: "a",
        cmd: "sleep 1",
        ipAddress: { networkName: "n", discovery: { ports: [{ number: 80, name: "http" }] } },
      },
      {
        container: {
          portMappings: [{ containerPort: 80, labels: {}, name: "http", protocol: "tcp", servicePort: 0 }],
        },
      },
    ],
    [
      "ports are port definitions",
      { id: "a", cmd: "sleep 1", ports: [1000, 0] },
      {
        portDefinitions: [
          { port: 1000, protocol: "tcp" },
          { port: 0, protocol: "tcp" },
        ],
      },
    ],
    [
      "uris are fetched, archives unpacked",
      { id: "a", cmd: "sleep 1", uris: ["http://h/a.tgz", "http://h/b.txt"] },
      {
        fetch: [
          { uri: "http://h/a.tgz", extract: true, executable: false, cache: false },
          { uri: "http://h/b.txt", extract: false, executable: false, cache: false },
        ],
      },
    ],
  ])("%s", (_, given, expected) => {
    expect(normal(given)).toMatchObject(expected);
  });

  it("docker.network NONE cannot be translated", () => {
    expect(() => normal(docker({ network: "NONE" }))).toThrow("unsupported docker network type NONE");
  });

  it("mappings in both places cannot be translated", () => {
    const both = { ...docker({ portMappings: [{}] }).container, portMappings: [{}] };
    expect(() => normal({ id: "a", container: both })).toThrow(
      "cannot specify both portMappings and docker.portMappings",
    );
  });
});

describe("ports of a mode that does not have them", () => {
  it("port mappings are dropped in host mode", () => {
    const app = normal({ id: "a", container: { docker: { image: "nginx" }, portMappings: [{ containerPort: 80 }] } });
    expect(app.container).not.toHaveProperty("portMappings");
    expect(app.portDefinitions).toEqual([{ port: 0, name: "default", protocol: "tcp" }]);
  });

  it("port definitions in bridge mode become bare mappings where there are more of them", () => {
    const app = normal({
      id: "a",
      container: { docker: { image: "nginx" } },
      networks: [{ mode: "container/bridge" }],
      portDefinitions: [{ port: 10_100 }, { port: 0 }],
      requirePorts: true,
    });
    expect(app).not.toHaveProperty("portDefinitions");
    expect(app.requirePorts).toBe(false);
    expect(app.container?.portMappings).toMatchObject([
      { name: "default", hostPort: 0, servicePort: 0 },
      { containerPort: 0, hostPort: 0, servicePort: 0 },
    ]);
  });
});
