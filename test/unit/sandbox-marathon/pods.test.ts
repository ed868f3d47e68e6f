import { describe, expect, it } from "vitest";
import type { Json } from "../../../sandbox/marathon/model/json";
import { parsePod } from "../../../sandbox/marathon/model/pod";
import { type Details, expectInvalidJson, expectNotValid } from "./refusals";

const resources = { cpus: 0.1, mem: 32 };
const container = (rest: object = {}) => ({ name: "c", resources, ...rest });
const pod = (rest: object = {}) => ({ id: "/p", containers: [container()], ...rest });
const parse = (body: object, features: string[] = ["secrets"]) =>
  parsePod(body as Json, { features: new Set(features) });

describe("bodies that do not have the shape of a pod", () => {
  it.each<[string, object, Details]>([
    [
      "a container has a name and resources",
      { containers: [{}] },
      {
        "/containers(0)/name": ["'name' is undefined on object: {}"],
        "/containers(0)/resources": ["'resources' is undefined on object: {}"],
      },
    ],
    [
      "resources are not negative",
      { containers: [container({ resources: { cpus: -1, mem: -1 } })] },
      {
        "/containers(0)/resources/cpus": ["error.min"],
        "/containers(0)/resources/mem": ["error.min"],
      },
    ],
    [
      "an image is of a kind",
      { containers: [container({ image: { id: "a" } })] },
      {
        "/containers(0)/image/kind": [`'kind' is undefined on object: {"id":"a"}`],
      },
    ],
    [
      "a port of a container is above zero",
      { containers: [container({ endpoints: [{ name: "e", containerPort: 0 }] })] },
      {
        "/containers(0)/endpoints(0)/containerPort": ["error.min"],
      },
    ],
    [
      "a command is one for the shell or a list",
      { containers: [container({ exec: { command: {} } })] },
      {
        "/containers(0)/exec/command/argv": ["'argv' is undefined on object: {}"],
      },
    ],
    [
      "a mount names its volume and a path",
      { containers: [container({ volumeMounts: [{ name: "V" }] })] },
      {
        "/containers(0)/volumeMounts(0)/name": ["error.pattern"],
        "/containers(0)/volumeMounts(0)/mountPath": [`'mountPath' is undefined on object: {"name":"V"}`],
      },
    ],
    [
      "there is one kind of scaling",
      { scaling: { kind: "auto" } },
      { "/scaling/kind": ["error.unknown.enum.literal"] },
    ],
    [
      "a constraint has an operator",
      { scheduling: { placement: { constraints: [{ fieldName: "a", operator: "FOO" }] } } },
      {
        "/scheduling/placement/constraints(0)/operator": ["error.unknown.enum.literal"],
      },
    ],
  ])("%s", (_, rest, details) => expectInvalidJson(() => parse(pod(rest)), details));
});

describe("rules for a pod", () => {
  it.each<[string, object, Details]>([
    ["has containers", { containers: [] }, { "/containers": ["must not be empty"] }],
    ["has a user with a name", { user: "" }, { "/user": ["must not be empty"] }],
    [
      "names its containers apart",
      { containers: [container(), container()] },
      {
        "/containers": ["container names must be unique"],
      },
    ],
    [
      "names and numbers its endpoints apart",
      {
        containers: [
          container({ endpoints: [{ name: "e", hostPort: 5 }] }),
          container({ name: "d", endpoints: [{ name: "e", hostPort: 5 }] }),
        ],
      },
      {
        "/": ["endpoint names nust be unique across all containers", "host ports must be unique across all containers"],
      },
    ],
    [
      "mounts its volumes",
      { volumes: [{ name: "v" }] },
      {
        "/volumes(0)": ["volume must be referenced by at least one container"],
      },
    ],
    [
      "mounts only volumes it has",
      { containers: [container({ volumeMounts: [{ name: "v", mountPath: "m" }] })] },
      {
        "/containers(0)/volumeMounts(0)/name": ["Referenced Volume in VolumeMount should exist"],
      },
    ],
    [
      "maps no ports on networks of the host",
      {
        networks: [{ mode: "host" }],
        containers: [container({ endpoints: [{ name: "e", containerPort: 80 }] })],
      },
      { "/containers(0)/endpoints(0)/containerPort": ["is not allowed when using host-mode networking"] },
    ],
    [
      "says which port it listens on in other networks",
      {
        networks: [{ mode: "container", name: "n" }],
        containers: [container({ endpoints: [{ name: "e" }] })],
      },
      { "/containers(0)/endpoints(0)/containerPort": ["is required when using container-mode networking"] },
    ],
    [
      "has one kind of health check, of an endpoint it has",
      {
        containers: [container({ healthCheck: { http: { endpoint: "e" }, tcp: { endpoint: "e" } } })],
      },
      {
        "/containers(0)/healthCheck": ["Only one of http, tcp, or command may be specified"],
        "/containers(0)/healthCheck/http/endpoint": ["contained in the container endpoints"],
        "/containers(0)/healthCheck/tcp/endpoint": ["contained in the container endpoints"],
      },
    ],
    [
      "has health checks that end before the next begins",
      {
        containers: [
          container({
            endpoints: [{ name: "e" }],
            healthCheck: { tcp: { endpoint: "e" }, intervalSeconds: 5, timeoutSeconds: 5 },
          }),
        ],
      },
      { "/containers(0)/healthCheck/timeoutSeconds": ["got 5, expected less than 5"] },
    ],
    [
      "needs networks with names",
      { networks: [{}] },
      {
        "/networks": ["Network name must be specified when container network is selected."],
      },
    ],
    [
      "keeps to the rules of constraints",
      {
        scheduling: {
          placement: {
            constraints: [
              { fieldName: "", operator: "UNIQUE" },
              { fieldName: "a", operator: "MAX_PER" },
            ],
          },
        },
      },
      {
        "/scheduling/placement/constraints(0)": ["missing field for constraint declaration"],
        "/scheduling/placement/constraints(1)": ["MAX_PER requires an integer value"],
      },
    ],
    [
      "refers to secrets it has",
      {
        environment: { A: { secret: "s" } },
        containers: [container({ image: { kind: "DOCKER", id: "a", pullConfig: { secret: "s" } } })],
      },
      {
        "/environment/A/secret": ["references an undefined secret"],
        "/containers(0)/image/pullConfig": ["pullConfig.secret must refer to an existing secret"],
      },
    ],
    [
      "has an id that ends with no reserved word",
      { id: "/p/tasks" },
      {
        "/id": ["must not end with any of the following reserved keywords: restart, tasks, versions"],
      },
    ],
  ])("%s", (_, rest, details) => expectNotValid(() => parse(pod(rest)), details));

  it("has secrets only with the feature", () => {
    expectNotValid(() => parse(pod({ secrets: { s: { source: "a" } } }), []), {
      "/secrets": ["must be empty", "Feature secrets is not enabled. Enable with --enable_features secrets)"],
    });
  });
});

describe("a pod as it is shown", () => {
  it("has host ports that Marathon finds, and lacks what is empty", () => {
    const shown = parse(
      pod({ labels: {}, networks: [], containers: [container({ endpoints: [{ name: "e" }], artifacts: [] })] }),
    );
    expect(shown.containers).toEqual([
      { name: "c", resources: { cpus: 0.1, mem: 32, disk: 0, gpus: 0 }, endpoints: [{ name: "e", hostPort: 0 }] },
    ]);
    expect(shown).not.toHaveProperty("labels");
    expect(shown).not.toHaveProperty("networks");
  });

  it("stays with its persistent volumes", () => {
    const volumes = [{ name: "v", persistent: { size: 1 } }];
    const shown = parse(pod({ volumes, containers: [container({ volumeMounts: [{ name: "v", mountPath: "m" }] })] }));
    expect(shown.scheduling).toMatchObject({
      upgrade: { minimumHealthCapacity: 0.5, maximumOverCapacity: 0 },
      unreachableStrategy: "disabled",
    });
  });
});
