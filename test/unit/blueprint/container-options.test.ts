import { describe, expect, test } from "vitest";
import { parseBlueprint } from "../../../blueprint/parse";
import { diagnose } from "./diagnose";

function parsed(keys: string) {
  const { blueprint, diagnostics } = parseBlueprint(
    `services:\n- type: docker:web\n  id: web\n  ${keys}\n`,
    "app.yaml",
  );
  expect(diagnostics).toEqual([]);
  return blueprint?.services[0];
}

describe("an option of a container", () => {
  test.each([
    ["hostname: web.example.com", { hostname: "web.example.com" }],
    ["user: 1000:1000", { user: "1000:1000" }],
    ["workingDir: /srv", { workingDir: "/srv" }],
    ["labels: {team: shop, empty: }", { labels: { team: "shop", empty: "" } }],
    ["cpus: 0.5", { cpus: 0.5 }],
    ["docker.cpus: 2", { cpus: 2 }],
    ["init: true", { init: true }],
    ["readOnly: true", { readOnly: true }],
    ["tty: false", { tty: false }],
    ["capAdd: [net_admin, CAP_SYS_TIME]", { capAdd: ["NET_ADMIN", "SYS_TIME"] }],
    ["capDrop: [ALL]", { capDrop: ["ALL"] }],
    ["tmpfs: [/run, /tmp]", { tmpfs: ["/run", "/tmp"] }],
    ["stopSignal: SIGINT", { stopSignal: "SIGINT" }],
    ["stopTimeout: 1m30s", { stopTimeoutSeconds: 90 }],
    ["restartPolicy: no", { restartPolicy: { name: "no" } }],
    ["restartPolicy: false", { restartPolicy: { name: "no" } }],
    ["restartPolicy: always", { restartPolicy: { name: "always" } }],
    ["restartPolicy: on-failure:3", { restartPolicy: { name: "on-failure", maxRetries: 3 } }],
    ["healthCheck: none", { healthCheck: "none" }],
    [
      "healthCheck: {command: [redis-cli, ping], interval: 10s, timeout: 2s, startPeriod: 1m, retries: 5}",
      {
        healthCheck: {
          test: { kind: "command", words: ["redis-cli", "ping"] },
          intervalSeconds: 10,
          timeoutSeconds: 2,
          startPeriodSeconds: 60,
          retries: 5,
        },
      },
    ],
    ["healthCheck: {command: redis-cli ping}", { healthCheck: { test: { kind: "shell", command: "redis-cli ping" } } }],
    ["healthCheck: {http: {port: 8080}}", { healthCheck: { test: { kind: "http", path: "/", port: 8080 } } }],
    ["healthCheck: {tcp: 6379}", { healthCheck: { test: { kind: "tcp", port: 6379 } } }],
  ])("%s is read", (keys, expected) => {
    expect(parsed(keys)?.container).toEqual(expected);
  });

  test.each([
    ["volumes: [/a:ro]", { source: { hostPath: "/a" }, containerPath: "/a", readOnly: true }],
    ["volumes: ['/a:/b']", { source: { hostPath: "/a" }, containerPath: "/b", readOnly: false }],
    ["volumes: ['data:/b:ro']", { source: { volume: "data" }, containerPath: "/b", readOnly: true }],
    ["volumeMappings: {/a: '/b:ro'}", { source: { hostPath: "/a" }, containerPath: "/b", readOnly: true }],
  ])("%s is a mount", (keys, expected) => {
    expect(parsed(keys)?.volumes).toEqual([{ ...expected, at: expect.anything() }]);
  });

  test("files have contents of the blueprint and of secrets, and a mode", () => {
    const { blueprint } = parseBlueprint(
      `services:
- type: docker:web
  files:
    /etc/motd: hello
    /etc/key: {content: '$brooklyn:external("vault", "key")', mode: "400"}
`,
      "app.yaml",
    );
    expect(blueprint?.services[0]?.files).toMatchObject([
      { path: "/etc/motd", content: { kind: "literal", value: "hello" } },
      { path: "/etc/key", content: { kind: "external", supplier: "vault", key: "key" }, mode: "0400" },
    ]);
  });

  test.each([
    ["hostname: a_b", "needs a host name, not 'a_b'"],
    ["user: a b", "needs a user, not 'a b'"],
    ["workingDir: srv", "needs an absolute path, not 'srv'"],
    ["labels: {clocker.stack: x}", "labels that begin with clocker. say whose a container is"],
    ["cpus: 0", "needs a number of processors from 0.01 to 1024, not '0'"],
    ["cpus: many", "needs a number of processors"],
    ["capAdd: [net admin]", "needs names of capabilities, not 'net admin'"],
    ["tmpfs: [run]", "needs an absolute path, not 'run'"],
    ["stopSignal: TERM", "needs a signal, not 'TERM'"],
    ["restartPolicy: sometimes", "needs a policy, not 'sometimes'"],
    ["restartPolicy: always:3", "needs a policy, not 'always:3'"],
    ["healthCheck: 8080", "needs a check, not '8080'"],
    ["healthCheck: {}", "needs exactly one of command, http and tcp, not a map"],
    ["healthCheck: {tcp: 1, command: x}", "needs exactly one of command, http and tcp"],
    ["healthCheck: {tcp: 1, every: 5s}", "has the unknown key 'every'"],
    ["healthCheck: {http: {path: x, port: 1}}", "needs a path that begins with / and has no quotes, not 'x'"],
    ["healthCheck: {http: /}", "needs a map, not '/'"],
    ["healthCheck: {command: []}", "needs at least one word, not a list"],
    ["files: {etc/motd: x}", "has the path 'etc/motd', which is none of a file"],
    ["files: {/etc/motd: {content: x, owner: y}}", "files./etc/motd.owner of service 'web' needs to go"],
    ["files: {/etc/motd: {content: x, mode: rw}}", "needs a mode, not 'rw'"],
    ["healthCheck: {tcp: 53/udp}", "healthCheck.tcp of service 'web' needs a TCP port from 1 to 65535, not '53/udp'"],
  ])("%s is told", (keys, expected) => {
    expect(diagnose(`services:\n- type: docker:web\n  id: web\n  ${keys}\n`)).toContain(expected);
  });
});
