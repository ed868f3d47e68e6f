import { describe, expect, it } from "vitest";
import { type Case, diagnose } from "./diagnose";

const service = (...lines: string[]) =>
  `services:\n- type: docker:web\n  id: web\n${lines.map((line) => `  ${line}\n`).join("")}`;
const FIELDS = "write fields of Marathon's app definition, e.g. { constraints: [[hostname, UNIQUE]] }";
const PORTS = "write openPorts, directPorts or portBindings: the links need them";

describe("instances", () => {
  it.each<Case>([
    [
      "none",
      service("instances: 0"),
      "app.yaml:4:14 error bad-number: instances of service 'web' needs a whole number from 1 to 10000, not '0'\n  write a whole number from 1 to 10000",
    ],
    [
      "a part",
      service("instances: 1.5"),
      "app.yaml:4:14 error bad-number: instances of service 'web' needs a whole number from 1 to 10000, not '1.5'\n  write a whole number from 1 to 10000",
    ],
    [
      "of software",
      "services:\n- type: org.apache.brooklyn.entity.nosql.redis.RedisStore\n  id: db\n  instances: 2\n",
      "app.yaml:4:3 error misplaced-key: instances of service 'db' means nothing to its type org.apache.brooklyn.entity.nosql.redis.RedisStore\n  remove the key, or give the service another type",
    ],
  ])("%s", (_, text, expected) => expect(diagnose(text)).toBe(expected));
});

describe("marathon.app", () => {
  const owned = (column: number, path: string, remedy: string) =>
    `app.yaml:4:${column} error owned-field: marathon.app of service 'web' cannot set '${path}', which is Clocker's\n  ${remedy}`;

  it.each<[field: string, path: string, column: number, remedy: string]>([
    ["{id: /web}", "id", 18, "it is made of the application, the stack and the service; remove it"],
    ["{instances: 3}", "instances", 18, "write instances beside marathon.app"],
    ["{cmd: run}", "cmd", 18, "write entrypoint and commands"],
    ["{portDefinitions: []}", "portDefinitions", 18, PORTS],
    ["{uris: [a]}", "uris", 18, "write fetch"],
    ["{version: a}", "version", 18, "Marathon sets it; remove it"],
    ["{container: {portMappings: []}}", "container.portMappings", 30, PORTS],
    ["{container: {type: MESOS}}", "container.type", 30, "the location's containerizer says it; remove it"],
    ["{container: {docker: {image: a}}}", "container.docker.image", 39, "the service's type names the image"],
    ["{labels: {clocker.stack: a}}", "labels.clocker.stack", 27, "it says whose the app is; remove it"],
  ])("cannot be %s", (field, path, column, remedy) => {
    expect(diagnose(service(`marathon.app: ${field}`))).toBe(owned(column, path, remedy));
  });

  it.each<Case>([
    [
      "an unknown field with the one that is meant",
      service("marathon.app: {constraint: []}"),
      "app.yaml:4:18 error unknown-key: marathon.app of service 'web' has 'constraint', which is no field of Marathon's app definition\n  did you mean 'constraints'?",
    ],
    [
      "an unknown field",
      service("marathon.app: {zzz: 1}"),
      `app.yaml:4:18 error unknown-key: marathon.app of service 'web' has 'zzz', which is no field of Marathon's app definition\n  ${FIELDS}`,
    ],
    [
      "a list",
      service("marathon.app: [a]"),
      `app.yaml:4:17 error bad-type: marathon.app of service 'web' needs a map, not a list\n  ${FIELDS}`,
    ],
    [
      "what is added to as a list",
      service("marathon.app: {env: [a]}"),
      `app.yaml:4:23 error bad-type: marathon.app.env of service 'web' needs a map, not a list\n  ${FIELDS}`,
    ],
    [
      "an expression that cannot be read",
      service("marathon.app: {labels: {a: '$brooklyn:config(\"none\")'}}"),
      "app.yaml:4:41 error unknown-config-key: service 'web' has no configuration 'none'\n  keys that are set: 'docker.image.name' and 'docker.image.tag'",
    ],
  ])("%s", (_, text, expected) => expect(diagnose(text)).toBe(expected));
});
