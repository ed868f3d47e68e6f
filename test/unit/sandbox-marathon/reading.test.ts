import { describe, expect, it } from "vitest";
import { create, type Details, expectInvalidJson } from "./refusals";

const app = (rest: object) => ({ id: "/a", cmd: "sleep 1", ...rest });
const image = (rest: object) => ({ container: { docker: { image: "nginx", ...rest } } });

describe("bodies that do not have the shape of an app", () => {
  it.each<[string, object, Details]>([
    [
      "the same error of two limits is named once",
      { id: "/App", instances: "x" },
      {
        "/id": ["error.pattern"],
        "/instances": ["error.expected.jsnumber"],
      },
    ],
    [
      "every limit that is broken is named",
      { portDefinitions: [{ name: "" }] },
      {
        "/portDefinitions(0)/name": ["error.minLength", "error.pattern"],
      },
    ],
    [
      "a name of a network has at most 63 characters",
      { networks: [{ name: "a".repeat(64) }] },
      {
        "/networks(0)/name": ["error.maxLength"],
      },
    ],
    ["an enum takes no number", { killSelection: 1 }, { "/killSelection": ["error.unknown.enum.literal"] }],
    ["an integer is not beyond 32 bits", { instances: 2 ** 31 }, { "/instances": ["error.expected.int"] }],
    [
      "a long is not beyond 64 bits",
      { unreachableStrategy: { expungeAfterSeconds: 1e19 } },
      {
        "/unreachableStrategy/expungeAfterSeconds": ["error.expected.long"],
      },
    ],
    ["a version is a text", { version: 5 }, { "/version": ["error.expected.date"] }],
    ["a version is a time", { version: "monday" }, { "/version": ["error.expected.date.isoformat"] }],
    ["a flag is a boolean", { requirePorts: "yes" }, { "/requirePorts": ["error.expected.jsboolean"] }],
    ["a list is a list", { args: "a" }, { "/args": ["error.expected.jsarray"] }],
    ["a map is a map", { labels: ["a"] }, { "/labels": ["error.expected.jsobject"] }],
    ["an element of a list has its type", { args: ["a", 1] }, { "/args(1)": ["error.expected.jsstring"] }],
    ["backoffFactor is at least one", { backoffFactor: 0.5 }, { "/backoffFactor": ["error.min"] }],
    [
      "what is no object lacks all required fields",
      { upgradeStrategy: 5 },
      {
        "/upgradeStrategy/maximumOverCapacity": ["5 is not an object"],
        "/upgradeStrategy/minimumHealthCapacity": ["5 is not an object"],
      },
    ],
    [
      "a URI alone is no artifact",
      { fetch: ["http://a/b"] },
      {
        "/fetch(0)/uri": ['"http://a/b" is not an object'],
      },
    ],
    ["null in a list counts as no object", { fetch: [null] }, { "/fetch(0)/uri": ["null is not an object"] }],
    ["a reference to a secret is an object", { env: { A: 1 } }, { "/env/A": ["error.expected.jsobject"] }],
    ["a reference to a secret names it", { env: { A: {} } }, { "/env/A/secret": ["error.path.missing"] }],
    [
      "a reference to a secret names it by text",
      { env: { A: { secret: 1 } } },
      {
        "/env/A/secret": ["error.expected.jsstring"],
      },
    ],
    [
      "a command check has a value",
      { healthChecks: [{ protocol: "COMMAND", command: {} }] },
      {
        "/healthChecks(0)/command/value": ["error.path.missing"],
      },
    ],
    [
      "credentials name a principal",
      image({ credential: {} }),
      {
        "/container/docker/credential/principal": ["error.path.missing"],
      },
    ],
    [
      "a parameter has key and value",
      image({ parameters: [{}] }),
      {
        "/container/docker/parameters(0)/key": ["'key' is undefined on object: {}"],
        "/container/docker/parameters(0)/value": ["'value' is undefined on object: {}"],
      },
    ],
    [
      "codes of readiness are not none",
      { readinessChecks: [{ httpStatusCodesForReady: [] }] },
      {
        "/readinessChecks(0)/httpStatusCodesForReady": ["error.minLength"],
      },
    ],
    [
      "a readiness check has a second at least",
      { readinessChecks: [{ timeoutSeconds: 0 }] },
      {
        "/readinessChecks(0)/timeoutSeconds": ["error.min"],
      },
    ],
    ["a port is at most 65535", { portDefinitions: [{ port: 65_536 }] }, { "/portDefinitions(0)/port": ["error.max"] }],
    [
      "a protocol is tcp, udp or both",
      { portDefinitions: [{ protocol: "sctp" }] },
      {
        "/portDefinitions(0)/protocol": ["error.unknown.enum.literal"],
      },
    ],
    [
      "a digest of an image has seven characters",
      { container: { type: "MESOS", appc: { image: "a", id: "x" } } },
      {
        "/container/appc/id": ["error.minLength"],
      },
    ],
  ])("%s", (_, rest, details) => expectInvalidJson(() => create(app(rest)), details));

  it.each<[string, object]>([
    ["that is persistent and lacks its size", { containerPath: "p", mode: "RW", persistent: {} }],
    ["that is external and lacks its mode", { containerPath: "p", external: {} }],
    ["of a secret without its name", { containerPath: "p", mode: "RW", secret: "" }],
    ["of no kind", { containerPath: "p", mode: "RW" }],
  ])("a volume %s is judged as one of the host, the last kind that is tried", (_, volume) => {
    const text = JSON.stringify(volume);
    const missing = (name: string): string[] => [`'${name}' is undefined on object: ${text}`];
    expectInvalidJson(() => create(app({ container: { type: "MESOS", volumes: [volume] } })), {
      "/container/volumes(0)/hostPath": missing("hostPath"),
      ...("mode" in volume ? {} : { "/container/volumes(0)/mode": missing("mode") }),
    });
  });
});

describe("values that pass although they look wrong", () => {
  it.each<[string, object, object]>([
    ["a number stands for a port without fields", { portDefinitions: [8080] }, { portDefinitions: [{ port: 0 }] }],
    [
      "a text stands for a health check without fields",
      { healthChecks: ["x"] },
      { healthChecks: [{ protocol: "HTTP" }] },
    ],
    [
      "a number stands for a strategy without fields",
      { unreachableStrategy: 5 },
      {
        unreachableStrategy: { inactiveAfterSeconds: 0, expungeAfterSeconds: 0 },
      },
    ],
    ["any text disables the unreachable strategy", { unreachableStrategy: "off" }, { unreachableStrategy: "disabled" }],
    ["ports of the old list know no upper limit", { ports: [70_000] }, { portDefinitions: [{ port: 70_000 }] }],
    [
      "codes of readiness know no limits",
      {
        portDefinitions: [{ name: "http-api" }],
        readinessChecks: [{ httpStatusCodesForReady: [7] }],
      },
      { readinessChecks: [{ httpStatusCodesForReady: [7] }] },
    ],
    [
      "a protocol is read whatever its case",
      { portDefinitions: [{ protocol: "UDP,TCP" }] },
      {
        portDefinitions: [{ protocol: "udp,tcp" }],
      },
    ],
    ["null is the same as nothing", { cpus: null, labels: null, fetch: null }, { cpus: 1, labels: {} }],
    [
      "a long goes beyond what 53 bits hold",
      { unreachableStrategy: { expungeAfterSeconds: 2 ** 60 } },
      {
        unreachableStrategy: { inactiveAfterSeconds: 0, expungeAfterSeconds: 2 ** 60 },
      },
    ],
    [
      "the confinement of seccomp falls back to its default",
      {
        container: { type: "MESOS", linuxInfo: { seccomp: { profileName: "p", unconfined: "x" }, ipcInfo: {} } },
      },
      { container: { linuxInfo: { seccomp: { profileName: "p", unconfined: false } } } },
    ],
    [
      "a volume of two kinds is the first that fits",
      {
        container: { type: "MESOS", volumes: [{ containerPath: "p", mode: "RW", hostPath: "/h", persistent: {} }] },
      },
      { container: { volumes: [{ containerPath: "p", mode: "RW", hostPath: "/h" }] } },
    ],
  ])("%s", (_, rest, shown) => expect(create(app(rest))).toMatchObject(shown));
});
