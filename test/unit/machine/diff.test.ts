import { describe, expect, test } from "vitest";
import { readinessHandler } from "../../../providers/docker/readiness-handler";
import { setupHandler } from "../../../providers/machine/setup-handler";
import { UNKNOWN } from "../../../providers/runtime/unknown";

describe("machine.Setup", () => {
  const inputs = {
    machine: "server-1",
    address: "198.18.0.200",
    port: 22,
    user: "debian",
    privateKey: "key",
    files: [{ path: "/a", content: "a" }],
    steps: [{ name: "one", script: "true" }],
    verify: { script: "echo 1", expect: "1" },
    timeoutSeconds: 600,
  };
  const olds = { ...inputs, hostKey: "SHA256:x", problem: "" };

  test.each([
    ["nothing", {}, { changes: false, replaces: [] }],
    ["its deadline", { timeoutSeconds: 900 }, { changes: false, replaces: [] }],
    ["what to hide", { redact: ["x"] }, { changes: false, replaces: [] }],
    ["a step", { steps: [{ name: "one", script: "false" }] }, { changes: true, replaces: [] }],
    [
      "a file that is not known yet",
      { files: [{ path: "/a", content: `x ${UNKNOWN}` }] },
      { changes: true, replaces: [] },
    ],
    ["its address", { address: "198.18.0.201" }, { changes: true, replaces: [] }],
    ["its triggers", { triggers: ["1"] }, { changes: true, replaces: [] }],
    ["the machine", { machine: "server-2" }, { changes: true, replaces: ["machine"] }],
    ["a machine that is not known yet", { machine: UNKNOWN }, { changes: true, replaces: ["machine"] }],
  ])("a change of %s", async (_what, change, expected) => {
    expect(await setupHandler.diff("server-1", olds, { ...inputs, ...change })).toMatchObject(expected);
  });

  test("a problem that a refresh found is repaired by an update", async () => {
    expect(await setupHandler.diff("server-1", { ...olds, problem: "changed: /a" }, inputs)).toMatchObject({
      changes: true,
      replaces: [],
    });
  });
});

describe("docker.Readiness", () => {
  const inputs = {
    location: "docks",
    host: "h1",
    containerId: "c1",
    ports: [80],
    probeImage: "socat:1",
    timeoutSeconds: 300,
  };
  const olds = { ...inputs, address: "198.18.64.2" };

  test.each([
    ["nothing", {}, { changes: false, replaces: [] }],
    ["deadline and probe image", { timeoutSeconds: 1, probeImage: "socat:2" }, { changes: false, replaces: [] }],
    ["its ports", { ports: [80, 81] }, { changes: true, replaces: [] }],
    ["its container", { containerId: "c2" }, { changes: true, replaces: ["containerId"] }],
    ["a container that is not known yet", { containerId: UNKNOWN }, { changes: true, replaces: ["containerId"] }],
    ["its host", { host: "h2" }, { changes: true, replaces: ["host"] }],
    ["its triggers", { triggers: ["1"] }, { changes: true, replaces: ["triggers"] }],
  ])("a change of %s", async (_what, change, expected) => {
    expect(await readinessHandler.diff("c1", olds, { ...inputs, ...change })).toEqual(expected);
  });
});
