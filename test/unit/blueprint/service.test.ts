import { describe, expect, it } from "vitest";
import type { Service } from "../../../blueprint/model";
import { tcp, udp } from "../../support/ports";
import { blueprintOf, diagnose, serviceOf } from "./diagnose";

/** Plain data without positions. */
function bare(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value ?? null, (key, child) => (key === "at" ? undefined : child)));
}

const redis = "org.apache.brooklyn.entity.nosql.redis.RedisStore";
const only = (text: string): Service => blueprintOf(text).services[0] as Service;
const literal = (value: unknown) => ({ kind: "literal", value });

describe("a key of a service", () => {
  it.each<[string, Partial<Record<keyof Service, unknown>>]>([
    ["openPorts: 6379", { ports: tcp(6379) }],
    ['openPorts: "6379, 80"', { ports: tcp(80, 6379) }],
    ['openPorts: "[80,81]"', { ports: tcp(80, 81) }],
    ["openPorts: [81, '80', 81]", { ports: tcp(80, 81) }],
    ["docker.container.openPorts: [80]", { ports: tcp(80) }],
    ["brooklyn.config:\n  openPorts: 80", { ports: tcp(80), config: expect.not.objectContaining({ openPorts: 80 }) }],
    ["openPorts:", { ports: [] }],
    ["openPorts: 53/udp", { ports: udp(53) }],
    ['openPorts: "53/udp, 80"', { ports: [...tcp(80), ...udp(53)] }],
    ["openPorts: [53/udp, 53/tcp, 53/UDP, 53, 8080]", { ports: [...tcp(53, 8080), ...udp(53)] }],
    ["directPorts: [53/udp]", { ports: udp(53), directPorts: udp(53) }],
    [
      "portBindings: {5353/udp: 53, 5354: 53/udp, 5355/UDP: 53/udp, 5353: 8053}",
      {
        ports: [...tcp(8053), ...udp(53)],
        portBindings: [
          { hostPort: 5353, containerPort: 8053, protocol: "tcp" },
          { hostPort: 5353, containerPort: 53, protocol: "udp" },
          { hostPort: 5354, containerPort: 53, protocol: "udp" },
          { hostPort: 5355, containerPort: 53, protocol: "udp" },
        ],
      },
    ],
    ["directPorts: [8080]", { ports: tcp(8080), directPorts: tcp(8080) }],
    ["portBindings: {80: 9090}", { ports: tcp(9090), portBindings: [{ hostPort: 80, containerPort: 9090 }] }],
    [
      "openPorts: 8443\nportBindings: {'443': '8443', 80: 9090}",
      {
        ports: tcp(8443, 9090),
        portBindings: [
          { hostPort: 80, containerPort: 9090 },
          { hostPort: 443, containerPort: 8443 },
        ],
      },
    ],
    ["env: {MODE: production, V: 3.0}", { env: { MODE: literal("production"), V: literal("3.0") } }],
    ["shell.env: {A: 1}", { env: { A: literal(1) } }],
    ["docker.container.environment: {A: }", { env: { A: literal(null) } }],
    [
      "entrypoint: [sh, -c]\ncommands: [echo, 1]",
      { entrypoint: [literal("sh"), literal("-c")], commands: [literal("echo"), literal(1)] },
    ],
    ["containerName: web.1", { containerName: "web.1" }],
    ["volumes: [/a]", { volumes: [{ source: { hostPath: "/a" }, containerPath: "/a", readOnly: false }] }],
    [
      "docker.container.volumes: [/a]",
      { volumes: [{ source: { hostPath: "/a" }, containerPath: "/a", readOnly: false }] },
    ],
    [
      "docker.container.volumes.export: [/a]\nvolumeMappings: {/b: /c, /d: /e}",
      {
        volumes: [
          { source: { hostPath: "/a" }, containerPath: "/a", readOnly: false },
          { source: { hostPath: "/b" }, containerPath: "/c", readOnly: false },
          { source: { hostPath: "/d" }, containerPath: "/e", readOnly: false },
        ],
      },
    ],
    ["volumesFrom: [data]", { volumesFrom: ["data"] }],
    ["cpuShares: 512", { cpuShares: 512 }],
    ["memory: 536870912", { memoryBytes: 536870912 }],
    ["memory: 512m", { memoryBytes: 536870912 }],
    ["docker.memory: 1.5 GiB", { memoryBytes: 1610612736 }],
    ["privileged: true\ninteractive: 'true'", { privileged: true, interactive: true }],
    ["instances: 3", { instances: 3, config: expect.objectContaining({ instances: literal(3) }) }],
    ["brooklyn.config: {instances: '2'}", { instances: 2 }],
    [
      "marathon.app: {cpus: 1.0, constraints: [[hostname, UNIQUE]], labels: {team: {$brooklyn:external: [a, b]}}}",
      {
        marathonApp: {
          cpus: literal(1),
          constraints: {
            kind: "list",
            items: [{ kind: "list", items: [literal("hostname"), literal("UNIQUE")] }],
          },
          labels: { kind: "map", entries: { team: { kind: "external", supplier: "a", key: "b" } } },
        },
      },
    ],
    ["brooklyn.config:\n  marathonApp: {healthChecks: }", { marathonApp: { healthChecks: literal(null) } }],
    ["start.timeout: 10m", { startTimeoutSeconds: 600 }],
    ["startTimeout: 1h 30m", { startTimeoutSeconds: 5400 }],
    ["start.timeout: 90000", { startTimeoutSeconds: 90 }],
    ["start.timeout: 1500ms", { startTimeoutSeconds: 2 }],
    [
      "provisioning.properties: {minRam: 2048, minCores: 2, minDisk: 20}",
      { machine: { minRamMb: 2048, minCores: 2, minDiskGb: 20 } },
    ],
    ["provisioning.properties: {minRam: 7g, minDisk: 1t}", { machine: { minRamMb: 7168, minDiskGb: 1024 } }],
    ["location: my-docker-cloud", { locations: [{ name: "my-docker-cloud" }] }],
    ["locations: [named:a, b]", { locations: [{ name: "a" }, { name: "b" }] }],
    ["location: a\nlocations: [a]", { locations: [{ name: "a" }] }],
    ["locations: []", { locations: [] }],
    ['links: [$brooklyn:component("db")]', { links: [{ alias: "db", target: "db" }] }],
    ['links: {store: $brooklyn:entity("db")}', { links: [{ alias: "store", target: "db" }] }],
    [
      'links: {a: $brooklyn:component("db"), b: {$brooklyn:component: db}}',
      {
        links: [
          { alias: "a", target: "db" },
          { alias: "b", target: "db" },
        ],
      },
    ],
    ['links: $brooklyn:component("db")', { links: [{ alias: "db", target: "db" }] }],
    [
      "imageName: other/web\nimageTag: 2",
      { workload: { kind: "image", image: { repository: "other/web", tag: "2" } } },
    ],
    [
      "imageName: localhost:5000/web",
      { workload: { kind: "image", image: { registry: "localhost:5000", repository: "web", tag: "latest" } } },
    ],
    [
      "docker.registry.url: https://localhost:5000/team/",
      { workload: { kind: "image", image: { registry: "localhost:5000", repository: "team/web", tag: "latest" } } },
    ],
    ["name: The Web\ndescription: serves", { name: "The Web", description: "serves" }],
    ["useSsh: false\nmanaged: true\nnetwork.list: []\nbrooklyn.policies: []", {}],
    [
      "brooklyn.config: {greeting: hello}",
      {
        config: {
          greeting: literal("hello"),
          "docker.image.name": literal("web"),
          "docker.image.tag": literal("latest"),
        },
      },
    ],
  ])("%s is read", (keys, expected) => {
    expect(bare(serviceOf(keys))).toMatchObject(expected);
  });

  it("has a default that is safe", () => {
    expect(bare(serviceOf(""))).toEqual({
      id: "web",
      type: "docker:web",
      workload: { kind: "image", image: { repository: "web", tag: "latest" } },
      locations: [],
      links: [],
      ports: [],
      directPorts: [],
      portBindings: [],
      env: {},
      volumes: [],
      files: [],
      container: {},
      volumesFrom: [],
      privileged: false,
      interactive: false,
      latches: {},
      machineKeys: [],
      publishes: {},
      startTimeoutSeconds: 300,
      instances: 1,
      config: { "docker.image.name": literal("web"), "docker.image.tag": literal("latest") },
    });
  });

  it("is taken in through anchors and merge keys, where the service's own wins", () => {
    const text =
      "services:\n- &web\n  type: docker:web\n  id: web\n  env: &env {A: 1, B: 2}\n- <<: *web\n  id: other\n  env: {<<: *env, B: 3}\n";
    const [, other] = blueprintOf(text).services;
    expect(bare(other)).toMatchObject({ id: "other", type: "docker:web", env: { A: literal(1), B: literal(3) } });
  });
});

describe("a service of software", () => {
  it.each([redis, `java:${redis}`, `brooklyn:${redis}`])("is Redis for the type %s", (type) => {
    expect(bare(only(`services:\n- type: ${type}\n`))).toMatchObject({
      id: "redis",
      type,
      workload: {
        kind: "software",
        entity: "redis",
        settings: { "install.version": literal("2.8.4"), "redis.port": literal(6379) },
        container: { image: { repository: "redis", tag: "2.8.4" } },
      },
      publishes: { "redis.port": { value: 6379 } },
      ports: tcp(6379),
      startTimeoutSeconds: 600,
    });
  });

  it.each([
    ["3.0.0", "3.0.0"],
    ["3.0", "3.0"],
    ["3.10", "3.10"],
    ["7", "7"],
    ["7.2.4-rc1", "7.2.4-rc1"],
  ])("has the version %s as written", (written, version) => {
    const { workload, config } = only(`services:\n- type: ${redis}\n  install.version: ${written}\n`);
    expect(workload).toMatchObject({ settings: { "install.version": literal(version) } });
    expect(config["install.version"]).toEqual(literal(version));
  });

  it.each([
    ["6380", 6380],
    ["6380+", 6380],
    ["6380-6399", 6380],
    ['"6380, 6381"', 6380],
  ])("takes the first port of %s", (written, port) => {
    const service = only(`services:\n- type: ${redis}\n  redisPort: ${written}\n  openPorts: 16379\n`);
    expect(service.workload).toMatchObject({ settings: { "redis.port": literal(port) } });
    expect(service.ports).toEqual(tcp(port, 16379));
    expect(service.config["redis.port"]).toEqual(literal(port));
  });

  it("puts its version into the download address", () => {
    const url = "https://example.com/${version}/redis-${version}.tar.gz";
    expect(
      only(`services:\n- type: ${redis}\n  install.version: 3.0\n  download.url: ${url}\n`).workload,
    ).toMatchObject({
      settings: { "download.url": literal("https://example.com/3.0/redis-3.0.tar.gz") },
    });
  });
});

describe("an application", () => {
  const services = "services:\n- type: docker:web\n";

  it.each([
    [`id: shop\nname: The Shop\n${services}`, "shop", "The Shop"],
    [`name: The Shop (Übung)\n${services}`, "the-shop-u-bung", "The Shop (Übung)"],
    [`name: 3.0\n${services}`, "3-0", "3.0"],
    [services, "app", "app"],
  ])("%j has the id %s", (text, id, name) => {
    expect(blueprintOf(text)).toMatchObject({ id, name });
  });

  it("gives services without an id the stem of their type, numbered where it is taken", () => {
    const types = ["docker:localhost:5000/a/redis:3", "docker:redis", redis, "docker:x/My_App".toLowerCase()];
    const text = `services:\n${types.map((type) => `- type: ${type}\n`).join("")}- type: docker:other\n  id: redis\n`;
    expect(blueprintOf(text).services.map(({ id }) => id)).toEqual([
      "redis-2",
      "redis-3",
      "redis-4",
      "my_app",
      "redis",
    ]);
  });

  it("passes its configuration on to services that take it and have none of their own", () => {
    const text = `brooklyn.config:\n  start.timeout: 20m\n  docker.container.environment: {A: 1}\n  install.version: 3.2.0\n  greeting: hello\n${services}  start.timeout: 5m\n- type: ${redis}\n`;
    const { services: read, config } = blueprintOf(text);
    expect(read.map(({ startTimeoutSeconds }) => startTimeoutSeconds)).toEqual([300, 1200]);
    expect(read.map(({ env }) => env)).toEqual([{ A: literal(1) }, { A: literal(1) }]);
    expect(read[1]?.workload).toMatchObject({ settings: { "install.version": literal("3.2.0") } });
    expect(config).toMatchObject({ greeting: literal("hello"), "install.version": literal("3.2.0") });
  });

  it("has locations beside those of its services", () => {
    const { locations, services: read } = blueprintOf(`location: a\n${services}  location: b\n- type: docker:db\n`);
    expect(bare([locations, ...read.map((service) => service.locations)])).toEqual([
      [{ name: "a" }],
      [{ name: "b" }],
      [],
    ]);
  });

  it("lets a service read the configuration of one that links to it", () => {
    const text = `services:\n- type: docker:a\n  links: [$brooklyn:component("b")]\n- type: docker:b\n  env: {A: $brooklyn:component("a").config("x")}\n  brooklyn.config: {y: 1}\n`;
    expect(diagnose(text)).toContain("error unknown-config-key: service 'a' has no configuration 'x'");
    expect(diagnose(text.replace("links: [", "brooklyn.config: {x: 1}\n  links: ["))).toBe("");
  });
});
