import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { outcomeOf, tell } from "./shipped-outcome";

const FOLDER = join(__dirname, "shipped");
const FILES = readdirSync(FOLDER).flatMap((file) => (file.endsWith(".yaml") ? [file.slice(0, -5)] : []));

const text = (name: string) => readFileSync(join(FOLDER, `${name}.yaml`), "utf8");
const outcome = (name: string) => outcomeOf(text(name), `${name}.yaml`);
const errors = (name: string) => outcome(name).diagnostics.filter(({ severity }) => severity === "error");

/** Shapes that run as they are, with the number of their services. */
const RUN: Readonly<Record<string, number>> = {
  "clocker-demo-containers": 3,
  "docker-jboss-wildfly": 1,
  "docker-mysql": 1,
  "docker-redis": 1,
  "dockerfile-mysql": 1,
  "dockercon-clocker-demo": 3,
  "identicon-application": 3,
  "nodejs-todo": 2,
};

/** The others, with what is refused in them. */
const REFUSED: Readonly<Record<string, readonly string[]>> = {
  "clocker-demo-containers-vm": ["inline-location"],
  "clocker-demo-containers-vm-url": ["inline-location"],
  "clocker-on-travis": ["cloud-type"],
  couchbase: ["unsupported-type"],
  "couchbase-with-pillowfight": ["unsupported-adjunct", "unsupported-key", "unsupported-type"],
  "docker-cloud-calico": ["cloud-type"],
  "docker-cloud-weave": ["cloud-type"],
  "docker-host": ["cloud-type"],
  "docker-localhost": ["cloud-type"],
  "docker-mysql-brooklyn-webcluster": ["inline-location", "missing-key", "unsupported-type"],
  "etcd-cluster": ["unsupported-type"],
  "identicon-demo-redis-vm": ["inline-location"],
  "mantl-mesos-cluster": ["cloud-type"],
  "redis-label-placement": ["unsupported-key"],
  "riak-nodejs-example-app": ["inline-location", "unsupported-function", "unsupported-key", "unsupported-type"],
  "riak-webapp-cluster": ["unsupported-function", "unsupported-type"],
  "riak-webapp-cluster-weave": ["unsupported-function", "unsupported-key", "unsupported-type"],
  "tomcat-application": ["misplaced-key"],
  "tomcat-application-with-affinity-rules": ["misplaced-key", "unsupported-key"],
  "tomcat-application-with-volumes": ["misplaced-key", "unsupported-volume"],
  "tomcat-cluster-with-mysql": ["missing-key", "unsupported-function", "unsupported-type"],
  "tomcat-solr-application": ["misplaced-key"],
};

describe("blueprints in the shape of those that Clocker shipped", () => {
  test("are thirty, of which eight run as they are and the others are refused", () => {
    expect([...Object.keys(RUN), ...Object.keys(REFUSED)].sort()).toEqual([...FILES].sort());
    expect([Object.keys(RUN).length, FILES.length]).toEqual([8, 30]);
  });

  test.each(FILES)("%s: what runs where, or what is refused and what to do", async (name) => {
    await expect(tell(outcome(name))).toMatchFileSnapshot(join(FOLDER, `${name}.txt`));
  });

  test.each(Object.entries(RUN))("%s runs as it is", (name, services) => {
    expect(errors(name)).toEqual([]);
    expect(outcome(name).services).toHaveLength(services);
  });

  test.each(Object.entries(REFUSED))("%s is refused by name", (name, codes) => {
    expect([...new Set(errors(name).map(({ code }) => code))].sort()).toEqual([...codes].sort());
    expect(outcome(name).services).toEqual([]);
  });

  test("are refused with something to do, at a line of the file", () => {
    for (const { remedy, at, message } of FILES.flatMap(errors)) {
      expect(remedy, message).toMatch(/\w+ \w+/);
      expect(at.line, message).toBeGreaterThan(0);
    }
  });

  test.each(["clocker-demo-containers-vm", "clocker-demo-containers-vm-url", "identicon-demo-redis-vm"])(
    "%s runs where the stack names another location for its machine",
    (name) => {
      const overrides = { redis: { location: "my-openstack-cloud" } };
      const { services, diagnostics } = outcomeOf(text(name), `${name}.yaml`, overrides);
      expect(diagnostics).toEqual([]);
      expect(services.map(({ service, location }) => [service.id, location])[0]).toEqual([
        "redis",
        "my-openstack-cloud",
      ]);
      expect(services).toHaveLength(3);
    },
  );

  test.each([
    ["tomcat-application", ["tomcat"]],
    ["tomcat-application-with-affinity-rules", ["tomcat"]],
    ["tomcat-solr-application", ["solr", "tomcat"]],
  ])("%s runs on its types' own images where the stack takes away what is refused", (name, ids) => {
    const overrides = { tomcat: { "docker.dockerfile.url": null, "affinity.host.rules": null } };
    const { services, diagnostics } = outcomeOf(text(name), `${name}.yaml`, overrides);
    expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(services.map(({ service }) => service.id).sort()).toEqual(ids);
  });
});
