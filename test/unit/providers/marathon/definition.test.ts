import { describe, expect, test } from "vitest";
import { checkDefinition } from "../../../../providers/marathon/definition/check";
import { UNKNOWN } from "../../../../providers/runtime/unknown";

const labels = { "clocker.application": "shop", "clocker.stack": "test", "clocker.service": "web" };

function notes(app: unknown): readonly string[] {
  const { failures, notes } = checkDefinition(app, "/shop/web");
  expect(failures).toEqual([]);
  return notes;
}

function reasons(app: unknown): string[] {
  return checkDefinition(app).failures.map(({ property, reason }) => `${property} ${reason}`);
}

describe("checkDefinition", () => {
  test("fills in what Marathon would, drops nulls, and gives a health check a port", () => {
    const { app, failures } = checkDefinition({
      cmd: "serve",
      user: null,
      env: { PORT: 80, DEBUG: true, NAME: "x" },
      labels,
      dependencies: ["db", "/shop/cache"],
      healthChecks: [{ protocol: "TCP" }, { protocol: "COMMAND", command: { value: "true" } }],
    });
    expect(failures).toEqual([]);
    expect(app).toEqual({
      cmd: "serve",
      instances: 1,
      cpus: 1,
      mem: 128,
      env: { PORT: "80", DEBUG: "true", NAME: "x" },
      labels,
      dependencies: ["/db", "/shop/cache"],
      healthChecks: [
        { protocol: "TCP", portIndex: 0 },
        { protocol: "COMMAND", command: { value: "true" } },
      ],
      portDefinitions: [{ port: 0, protocol: "tcp", name: "default" }],
    });
  });

  test("is idempotent", () => {
    const once = checkDefinition({ cmd: "serve", labels, healthChecks: [{}] }).app;
    expect(checkDefinition(once)).toEqual({ app: once, failures: [], notes: [] });
  });

  test.each([
    ["no object", "serve", "app must be a Marathon app definition: an object"],
    ["nothing to run", { labels }, "app needs cmd, args or a container"],
    ["two commands", { cmd: "serve", args: ["b"], labels }, "app.cmd and app.args exclude each other"],
    ["an id", { cmd: "serve", labels, id: "/x" }, "app.id is not taken: write it as appId"],
    [
      "no owner",
      { cmd: "serve", labels: { "clocker.stack": "t" } },
      /app\.labels must hold clocker\.application, clocker\.s/,
    ],
    ["a text for a number", { cmd: "serve", labels, instances: "2" }, /app\.instances Invalid input: expected number/],
    ["half an instance", { cmd: "serve", labels, instances: 0.5 }, /app\.instances /],
    [
      "a wrong network",
      { cmd: "serve", labels, networks: [{ mode: "bridge" }] },
      /app\.networks\.0\.mode .*container\/bridge/,
    ],
    [
      "the docker network NONE",
      { container: { docker: { image: "x", network: "NONE" } }, labels },
      "app.container.docker.network Marathon supports BRIDGE, HOST and USER alone",
    ],
    [
      "ports that contradict each other",
      { cmd: "serve", labels, ports: [80], portDefinitions: [{ port: 81 }] },
      "app.ports and portDefinitions name other ports",
    ],
    [
      "a host's port that one of several networks has to lead to",
      {
        cmd: "serve",
        labels,
        networks: [{ name: "a" }, { name: "b" }],
        container: { type: "MESOS", portMappings: [{ containerPort: 80, hostPort: 0 }] },
      },
      "app.container.portMappings.0.networkNames must name the one network",
    ],
    [
      "a persistent volume that is read only",
      {
        cmd: "serve",
        labels,
        container: { type: "MESOS", volumes: [{ containerPath: "d", mode: "RO", persistent: { size: 1 } }] },
      },
      "app.container.volumes.0.mode must be RW",
    ],
    [
      "a check of a port that networks alone imply",
      { cmd: "serve", labels, networks: [{ mode: "container/bridge" }], healthChecks: [{ portIndex: 0 }] },
      "app.healthChecks.0 needs a port that the definition names: give container.portMappings, or port alone, or a check of",
    ],
    [
      "a check of Marathon's own without any port",
      { cmd: "serve", labels, portDefinitions: [], healthChecks: [{ protocol: "TCP" }] },
      "app.healthChecks.0 needs a port that the definition names: give portDefinitions",
    ],
    ["no roles at all", { cmd: "serve", labels, acceptedResourceRoles: [] }, "app.acceptedResourceRoles Too small"],
  ])("refuses %s", (_, app, expected) => {
    const found = reasons(app);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(expected);
  });

  test.each([
    ["names its port itself", { port: 8080 }],
    ["the agents do", { protocol: "MESOS_TCP", portIndex: 0 }],
  ])("takes networks alone beside a check that %s", (_, check) => {
    expect(reasons({ cmd: "serve", labels, networks: [{ mode: "container/bridge" }], healthChecks: [check] })).toEqual(
      [],
    );
  });

  test("shows the value that is wrong, unless it is a text that may be secret", () => {
    const app = { cmd: "serve", labels, cpus: -1, killSelection: "FIRST", env: { TOKEN: ["s3cr3t"] } };
    const found = reasons(app).join("; ");
    expect(found).toMatch(/app\.cpus .*it is -1.*app\.killSelection .*YOUNGEST_FIRST.*it is "FIRST"/);
    expect(found).not.toContain("s3cr3t");
  });

  test("takes the API before 1.5 and writes it in that of today", () => {
    const { app, failures } = checkDefinition({
      labels,
      uris: ["http://h/a.tgz", "http://h/b"],
      container: { type: "DOCKER", docker: { image: "x", network: "BRIDGE", portMappings: [{ containerPort: 80 }] } },
    });
    expect(failures).toEqual([]);
    expect(app).toMatchObject({
      networks: [{ mode: "container/bridge" }],
      container: { type: "DOCKER", docker: { image: "x" }, portMappings: [{ containerPort: 80 }] },
      fetch: [
        { uri: "http://h/a.tgz", extract: true },
        { uri: "http://h/b", extract: false },
      ],
    });
    expect(JSON.stringify(app)).not.toMatch(/uris|"network"/);
    const named = { cmd: "serve", labels, ipAddress: { networkName: "calico", labels: { a: "b" } } };
    expect(checkDefinition(named).app).toMatchObject({
      networks: [{ mode: "container", name: "calico", labels: { a: "b" } }],
      container: { type: "MESOS" },
    });
    expect(checkDefinition({ cmd: "serve", labels, ports: [0, 80] }).app).toMatchObject({
      portDefinitions: [{ port: 0 }, { port: 80 }],
    });
  });

  test.each([
    ["a field that no version knows", { enviroment: {} }, ["enviroment: Marathon has no such field and ignores it"]],
    ["a misspelt field", { instance: 2 }, [/^instance: .*did you mean instances\?$/]],
    ["a misspelt field within another", { healthChecks: [{ interval: 5 }] }, ["healthChecks.0.interval: "]],
    ["what a live app shows", { version: "1", tasks: [] }, [/^version, tasks: Marathon shows this.* left out$/]],
    [
      "mappings on the host's network",
      { container: { docker: { image: "x" }, portMappings: [{ containerPort: 80 }] } },
      ["container.portMappings: without effect on the host's network"],
    ],
    [
      "definitions on a bridge",
      { networks: [{ mode: "container/bridge" }], portDefinitions: [{ port: 0 }] },
      ["portDefinitions: only how many they are counts"],
    ],
    ["a delay of HTTP checks", { healthChecks: [{ delaySeconds: 3 }] }, [/^healthChecks\.0\.delaySeconds: .* 15/]],
    ["residency", { residency: {} }, ["residency: Marathon above 1.5 ignores it"]],
    ["nothing else", { tty: true, check: { tcp: { portIndex: 0 } }, gpus: 1 }, []],
  ])("notes that Marathon ignores %s", (_, app, expected) => {
    const found = notes({ cmd: "serve", labels, ...app });
    expect(found).toHaveLength(expected.length);
    for (const [index, text] of expected.entries())
      expect(found[index]).toEqual(
        text instanceof RegExp ? expect.stringMatching(text) : expect.stringContaining(text),
      );
  });

  test.each([
    ["the whole definition", UNKNOWN],
    ["a number", { cmd: "serve", labels, instances: UNKNOWN, cpus: UNKNOWN }],
    ["a list", { cmd: "serve", labels, networks: UNKNOWN, healthChecks: UNKNOWN, dependencies: [UNKNOWN] }],
    ["the container", { container: UNKNOWN, labels }],
    ["the labels", { cmd: "serve", labels: UNKNOWN }],
    ["a port's number", { cmd: "serve", labels, portDefinitions: [{ port: UNKNOWN }, { port: UNKNOWN }] }],
    ["a port", { cmd: "serve", labels, portDefinitions: [UNKNOWN], readinessChecks: [{ portName: "web" }] }],
    ["a name among secrets", { cmd: "serve", labels, env: { A: { secret: UNKNOWN } } }],
    ["the secrets", { cmd: "serve", labels, env: { A: { secret: "s" } }, secrets: UNKNOWN }],
    ["a volume", { container: { docker: { image: UNKNOWN }, volumes: [UNKNOWN] }, labels }],
    ["a mode", { cmd: "serve", labels, networks: [{ mode: UNKNOWN }], portDefinitions: [] }],
    ["a constraint", { cmd: "serve", labels, constraints: [["hostname", UNKNOWN]], executor: UNKNOWN }],
    ["a variable", { cmd: "serve", labels, env: { REDIS: UNKNOWN } }],
  ])("accepts an unknown in place of %s and keeps it", (_, app) => {
    const checked = checkDefinition(app);
    expect(checked.failures).toEqual([]);
    expect(checked.app).toEqual(typeof app === "string" ? app : expect.objectContaining(app));
  });
});
