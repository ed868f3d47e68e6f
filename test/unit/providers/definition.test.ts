import { describe, expect, test } from "vitest";
import { checkDefinition } from "../../../providers/marathon/definition";
import { UNKNOWN } from "../../../providers/runtime/unknown";

const labels = { "clocker.application": "shop", "clocker.stack": "test", "clocker.service": "web" };

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
    expect(checkDefinition(once)).toEqual({ app: once, failures: [] });
  });

  test.each([
    ["no object", "serve", "app must be a Marathon app definition: an object"],
    ["nothing to run", { labels }, "app needs cmd, args or a container"],
    ["two commands", { cmd: "a", args: ["b"], labels }, "app.cmd and app.args exclude each other"],
    ["an id", { cmd: "a", labels, id: "/x" }, "app.id is not taken: write it as appId"],
    ["old ports", { cmd: "a", labels, ports: [80] }, "app.ports is not taken: use portDefinitions"],
    ["a version", { cmd: "a", labels, version: "1" }, /app\.version is not taken: Marathon would roll back/],
    [
      "no owner",
      { cmd: "a", labels: { "clocker.stack": "t" } },
      /app\.labels must hold clocker\.application, clocker\.s/,
    ],
    ["a text for a number", { cmd: "a", labels, instances: "2" }, /app\.instances Invalid input: expected number/],
    ["half an instance", { cmd: "a", labels, instances: 0.5 }, /app\.instances /],
    [
      "a wrong network",
      { cmd: "a", labels, networks: [{ mode: "bridge" }] },
      /app\.networks\.0\.mode .*container\/bridge/,
    ],
    [
      "mappings on the host's network",
      { container: { docker: { image: "x" }, portMappings: [{ containerPort: 80 }] }, labels },
      /app\.container\.portMappings has no effect on the host's network/,
    ],
    [
      "definitions on a bridge",
      { cmd: "a", labels, networks: [{ mode: "container/bridge" }], portDefinitions: [{ port: 0 }] },
      /app\.portDefinitions belongs to the host's network/,
    ],
    [
      "the old docker network",
      { container: { docker: { image: "x", network: "BRIDGE" } }, labels },
      "app.container.docker.network use networks of the app",
    ],
  ])("refuses %s", (_, app, expected) => {
    const found = reasons(app);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(expected);
  });

  test.each([
    ["the whole definition", UNKNOWN],
    ["a number", { cmd: "a", labels, instances: UNKNOWN, cpus: UNKNOWN }],
    ["a list", { cmd: "a", labels, networks: UNKNOWN, healthChecks: UNKNOWN, dependencies: [UNKNOWN] }],
    ["the container", { container: UNKNOWN, labels }],
    ["the labels", { cmd: "a", labels: UNKNOWN }],
    ["a variable", { cmd: "a", labels, env: { REDIS: UNKNOWN } }],
  ])("accepts an unknown in place of %s and keeps it", (_, app) => {
    const checked = checkDefinition(app);
    expect(checked.failures).toEqual([]);
    expect(checked.app).toEqual(typeof app === "string" ? app : expect.objectContaining(app));
  });
});
