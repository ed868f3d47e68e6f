import { describe, expect, test } from "vitest";
import { tcp, udp } from "../../support/ports";
import { parseCompose, told } from "./compose";

function web(keys: string, more = "") {
  const { blueprint, diagnostics } = parseCompose(`services:\n  web:\n    image: shop/web:1\n    ${keys}\n${more}`);
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  return blueprint?.services.find(({ id }) => id === "web");
}

const literal = (value: string | number) => ({ kind: "literal", value });

describe("a service of a Compose file", () => {
  test("is a docker: service of the same name", () => {
    expect(web("")).toMatchObject({ id: "web", type: "docker:shop/web:1" });
  });

  test.each([
    ['ports: ["8080:80"]', { portBindings: [{ hostPort: 8080, containerPort: 80 }], ports: tcp(80) }],
    ['ports: ["80"]', { portBindings: [], ports: tcp(80) }],
    ["ports: [80]", { portBindings: [], ports: tcp(80) }],
    ['ports: ["0.0.0.0:8080:80/tcp"]', { portBindings: [{ hostPort: 8080, containerPort: 80 }] }],
    [
      'ports: ["8000-8001:80-81"]',
      {
        portBindings: [
          { hostPort: 8000, containerPort: 80 },
          { hostPort: 8001, containerPort: 81 },
        ],
      },
    ],
    [
      'ports: ["53:53/udp", "53:53", {target: 67, protocol: udp}]\n    expose: ["69/udp"]',
      {
        portBindings: [
          { hostPort: 53, containerPort: 53, protocol: "tcp" },
          { hostPort: 53, containerPort: 53, protocol: "udp" },
        ],
        ports: [...tcp(53), ...udp(53, 67, 69)],
      },
    ],
    ["ports: [{target: 80, published: 8080}]", { portBindings: [{ hostPort: 8080, containerPort: 80 }] }],
    ['expose: ["81", 82]\n    ports: ["80"]', { ports: tcp(80, 81, 82) }],
    ["environment: {MODE: production, N: 3.0}", { env: { MODE: literal("production"), N: literal("3.0") } }],
    ["environment: [MODE=production, EMPTY=]", { env: { MODE: literal("production"), EMPTY: literal("") } }],
    ["command: run --name 'a b'", { commands: [literal("run"), literal("--name"), literal("a b")] }],
    ["command: [run, '1']", { commands: [literal("run"), literal("1")] }],
    ["entrypoint: /bin/start", { entrypoint: [literal("/bin/start")] }],
    ["container_name: shop-web", { containerName: "shop-web" }],
    ["hostname: front", { container: { hostname: "front" } }],
    ["restart: on-failure:2", { container: { restartPolicy: { name: "on-failure", maxRetries: 2 } } }],
    ["mem_limit: 512m\n    cpus: 0.5", { memoryBytes: 512 * 1024 ** 2, container: { cpus: 0.5 } }],
    ["deploy: {resources: {limits: {memory: 1g, cpus: '2'}}}", { memoryBytes: 1024 ** 3, container: { cpus: 2 } }],
    ["deploy: {restart_policy: {condition: none}}", { container: { restartPolicy: { name: "no" } } }],
    ["stop_grace_period: 1m30s", { container: { stopTimeoutSeconds: 90 } }],
    ["labels: [team=shop]", { container: { labels: { team: "shop" } } }],
    ["tmpfs: /run", { container: { tmpfs: ["/run"] } }],
    ["healthcheck: {disable: true}", { container: { healthCheck: "none" } }],
    ["healthcheck: {test: [NONE]}", { container: { healthCheck: "none" } }],
    [
      "healthcheck: {test: [CMD, curl, localhost], interval: 1m30s, retries: 3, start_period: 5s}",
      {
        container: {
          healthCheck: {
            test: { kind: "command", words: ["curl", "localhost"] },
            intervalSeconds: 90,
            retries: 3,
            startPeriodSeconds: 5,
          },
        },
      },
    ],
    [
      "healthcheck: {test: curl localhost}",
      { container: { healthCheck: { test: { kind: "shell", command: "curl localhost" } } } },
    ],
    [
      "volumes: ['/srv:/data:ro']",
      { volumes: [{ source: { hostPath: "/srv" }, containerPath: "/data", readOnly: true }] },
    ],
    ["x-team: shop", {}],
    ["privileged: false", { privileged: false }],
    ["devices: []", {}],
  ])("with %s says so in the model", (keys, expected) => {
    expect(web(keys)).toMatchObject(expected);
  });

  test("takes its named volumes from the file", () => {
    const volumes = "volumes: {data: }\n";
    expect(web("volumes: ['data:/data']", volumes)?.volumes).toMatchObject([{ source: { volume: "data" } }]);
    expect(
      web("volumes: [{type: volume, source: data, target: /data, read_only: true}]", volumes)?.volumes,
    ).toMatchObject([{ source: { volume: "data" }, containerPath: "/data", readOnly: true }]);
  });

  test("links to what it depends on, under the names and aliases that it has", () => {
    const { blueprint } = parseCompose(`services:
  web:
    image: web
    depends_on: {db: {condition: service_healthy}, gone: {condition: service_started, required: false}}
    links: [cache:store]
  db: {image: db, networks: {back: {aliases: [database]}}}
  cache: {image: cache}
networks: {back: }
`);
    const links = blueprint?.services[0]?.links.map(({ alias, target }) => [alias, target]);
    expect(links).toEqual([
      ["db", "db"],
      ["store", "cache"],
      ["database", "db"],
    ]);
  });

  test("has environment files below its own variables", () => {
    const { blueprint } = parseCompose(
      "services:\n  web:\n    image: web\n    env_file: [a.env, {path: b.env, required: false}]\n    environment: {B: own}\n",
      {
        "a.env": "A=1\nB=2 # two\n",
      },
    );
    expect(blueprint?.services[0]?.env).toEqual({ A: literal("1"), B: literal("own") });
  });

  test("has secrets and configs as files; a secret's content is secret", () => {
    const { blueprint, diagnostics } = parseCompose(
      `services:
  web:
    image: web
    secrets: [token, {source: outside, target: /etc/outside, mode: 0440}]
    configs: [{source: motd, target: /etc/motd}]
secrets: {token: {file: token.txt}, outside: {external: true}}
configs: {motd: {content: hello}}
`,
      { "token.txt": "hunter2" },
    );
    expect(diagnostics).toEqual([]);
    expect(blueprint?.services[0]?.files).toMatchObject([
      { path: "/run/secrets/token", content: { kind: "secret", value: "hunter2" } },
      { path: "/etc/outside", content: { kind: "external", supplier: "compose", key: "outside" }, mode: "0440" },
      { path: "/etc/motd", content: { kind: "literal", value: "hello" } },
    ]);
  });

  test("keeps text that looks like an expression as text", () => {
    expect(web("environment: {A: '$$brooklyn:x'}")?.env).toEqual({ A: literal("$brooklyn:x") });
  });
});

describe("what a Compose file asks for and there is not", () => {
  test.each([
    [
      "prts: []",
      "5 error unknown-key: service 'web' has the key 'prts', which Compose does not know\n  did you mean 'ports'?",
    ],
    ['ports: ["127.0.0.1:80:80"]', "the host address 127.0.0.1 of ports of service 'web' is not supported"],
    ['ports: ["53:53/sctp"]', "the protocol sctp of ports of service 'web' is not supported"],
    ['ports: ["8000-8002:80-81"]', "needs two ranges of one length"],
    ["network_mode: host", "network_mode 'host' of service 'web' is not supported"],
    [
      "depends_on: {web: {condition: service_completed_successfully}}",
      "the condition 'service_completed_successfully' of depends_on",
    ],
    ["depends_on: [db]", "depends_on of service 'web' names 'db', which is no service that takes part"],
    ["volumes: [data:/data]", "names 'data', which the file does not have"],
    ["volumes: [./data:/data]", "the relative path './data' of volumes of service 'web' is not supported"],
    ["volumes: [/data]", "the volume '/data' without a name of service 'web' is not supported"],
    ["devices: [/dev/sda]", "devices of service 'web' is not supported"],
    ["shm_size: 1g", "shm_size of service 'web' is not supported"],
    ['command: "run \'a"', "needs words whose quotes are closed"],
    ["env_file: gone.env", "cannot read the environment file 'gone.env': there is no such file"],
    ["secrets: [token]", "secrets of service 'web' names 'token', which the file does not have"],
    ["build: {context: ., dockerfile: D}\n    pull_policy: always", "build of service 'web' has no effect"],
    ["deploy: {placement: {constraints: [a]}}", "placement of deploy of service 'web' is not supported"],
    ["logging: {driver: none}", "logging of service 'web' has no effect"],
    ["extends: base", "extends names service 'base'"],
    ["healthcheck: {interval: 5s}", "a healthcheck without test of service 'web' is not supported"],
  ])("%s is told", (keys, expected) => {
    expect(told(`services:\n  web:\n    image: web\n\n    ${keys}\n`)).toContain(expected);
  });

  test("a service without an image is told with what to do", () => {
    expect(told("services: {web: {}}")).toContain("service 'web' has neither image nor build");
  });

  test("keys of the file that there are not, and included files that cannot be read, are told", () => {
    expect(told("include: [a.yaml]\nservices: {web: {image: web}}")).toContain("cannot include 'a.yaml'");
    expect(told("models: {a: {model: b}}\nservices: {web: {image: web}}")).toContain(
      "'models' of the Compose file is not supported",
    );
  });
});
