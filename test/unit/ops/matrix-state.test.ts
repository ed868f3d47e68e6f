import { expect, test } from "vitest";
import { stateOf } from "../../../ops/matrix/state";

const SECRET = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };

function resource(type: string, name: string, outputs: Record<string, unknown>) {
  return { urn: `urn:pulumi:dev::clocker::clocker:index:Application$${type}::${name}`, type, outputs };
}

function exported(...resources: object[]): object {
  return { version: 3, deployment: { resources } };
}

test("services are read from the stack's outputs, their endpoints from the components", () => {
  const services = { web: { address: "192.0.2.11", calicoAddress: "198.18.160.1", location: "docks/h1" } };
  const endpoints = [{ address: "192.0.2.11", port: 80, protocol: "tcp", servicePort: 8080 }];
  const state = stateOf(
    exported(
      resource("pulumi:pulumi:Stack", "clocker-dev", { services: { ...SECRET, plaintext: JSON.stringify(services) } }),
      resource("clocker:docker:ContainerService", "web", { address: "192.0.2.11", endpoints }),
      resource("docker:index/container:Container", "web", { endpoints: "somebody else's" }),
    ),
  );
  expect([...state]).toEqual([
    [
      "web",
      {
        address: "192.0.2.11",
        calicoAddress: "198.18.160.1",
        endpoints: [{ address: "192.0.2.11", port: 80, protocol: "tcp", servicePort: 8080 }],
      },
    ],
  ]);
});

test("a machine comes with its address inside and with its login, whose key is secret in the state", () => {
  const login = { address: "192.0.2.90", port: 22, user: "debian", hostKey: "SHA256:abc" };
  const state = stateOf(
    exported(
      resource("pulumi:pulumi:Stack", "clocker-dev", { services: { redis: { address: "192.0.2.90" } } }),
      resource("clocker:openstack:MachineService", "redis", { endpoints: [] }),
      resource("openstack:networking/port:Port", "redis-port", { allFixedIps: ["198.18.128.5"] }),
      resource("pulumi-nodejs:dynamic/machine:Setup", "redis-setup", {
        ...login,
        privateKey: { ...SECRET, plaintext: '"the key"' },
      }),
    ),
  );
  expect(state.get("redis")?.machine).toEqual({
    insideAddress: "198.18.128.5",
    login: { ...login, privateKey: "the key" },
  });
});

test("a stack that is down has no services", () => {
  expect(stateOf(exported())).toEqual(new Map());
  expect(stateOf({ deployment: {} })).toEqual(new Map());
});
