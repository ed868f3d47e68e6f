import { describe, expect, it } from "vitest";
import { blueprintWith, outline, told } from "./catalogs";

const VERSIONS = `brooklyn.catalog:
  items:
  - {id: web, version: 1.9.0, item: {type: "docker:web:1.9"}}
  - {id: web, version: 1.10.0, item: {type: "docker:web:1.10"}}
  - {id: web, version: 2.0.0-SNAPSHOT, item: {type: "docker:web:2"}}
  - {id: "web:1.10.0-rc1", item: {type: "docker:web:rc"}}
`;

const typeOf = (type: string, catalog = VERSIONS) =>
  blueprintWith(catalog, `services:\n- type: ${type}\n`).services.map((service) => service.type);

describe("the type of a service", () => {
  it.each([
    ["web", "docker:web:1.10"],
    ["catalog:web", "docker:web:1.10"],
    ["brooklyn:web", "docker:web:1.10"],
    ["web:1.9.0", "docker:web:1.9"],
    ["catalog:web:1.10.0-rc1", "docker:web:rc"],
    ["web:2.0.0-SNAPSHOT", "docker:web:2"],
  ])("%s is the catalog's %s", (type, expected) => {
    expect(typeOf(type)).toEqual([expected]);
  });

  it("is one of the language before it is one of the catalog", () => {
    const catalog = "brooklyn.catalog: {id: BasicEntity, item: {type: 'docker:web'}}\n";
    const { services } = blueprintWith(
      catalog,
      "services:\n- type: BasicEntity\n  brooklyn.children: [{type: 'docker:db'}]\n- type: catalog:BasicEntity\n",
    );
    expect(services.map(({ type }) => type)).toEqual(["docker:db", "docker:web"]);
  });

  it.each([
    ["brooklyn.catalog: {id: x, version: 1.0, item: {type: 'docker:web'}}", "a map with a type"],
    ["brooklyn.catalog: {id: x, item: {services: [{type: 'docker:web'}]}}", "a plan with one service"],
    ["brooklyn.catalog: {id: x, itemType: template}\nservices: [{type: 'docker:web'}]", "the document's own services"],
    ["brooklyn.catalog: {items: [{items: [{id: x, item: {serviceType: 'docker:web'}}]}]}", "nested items"],
    ["brooklyn.catalog: {items: [{item: {id: x, type: 'docker:web'}}]}", "an item that has its id within"],
  ])("is defined by %s (%s)", (catalog) => {
    expect(typeOf("x", catalog)).toEqual(["docker:web"]);
  });

  it("has the version of the items around it, or its own", () => {
    const catalog = `brooklyn.catalog:
  version: 1.5
  itemType: entity
  items:
  - {id: a, item: {type: "docker:a"}}
  - {id: b, version: 2, item: {type: "docker:b"}}
`;
    expect([typeOf("a:1.5", catalog), typeOf("b:2", catalog)]).toEqual([["docker:a"], ["docker:b"]]);
  });

  it("may be an item that is made of another", () => {
    const catalog = `brooklyn.catalog:
  items:
  - {id: base, item: {type: "docker:base", env: {A: 1, B: 1}, openPorts: [80]}}
  - {id: more, item: {type: base, env: {A: 2}}}
`;
    const [service] = blueprintWith(catalog, "services: [{type: more, openPorts: 81}]").services;
    expect(service).toMatchObject({ id: "more", type: "docker:base", ports: [{ port: 81 }] });
    expect(service?.env).toEqual({ A: { kind: "literal", value: 2 } });
  });
});

describe("a type that is there in no catalog", () => {
  const refusal = (type: string, catalog = VERSIONS) => told(catalog, `services:\n- type: ${type}\n  id: x\n`);

  it.each([
    [
      "web:3",
      "app.yaml:2:9 error unknown-version: service 'x' has the type 'web:3', and the catalog has no version '3' of it\n  there are '1.10.0', '1.10.0-rc1', '1.9.0' and '2.0.0-SNAPSHOT'; without a version it is '1.10.0'",
    ],
    ["wep", "app.yaml:2:9 error unknown-type: service 'x' has the unknown type 'wep'\n  did you mean 'web'? use "],
    [
      "catalog:nobody",
      "app.yaml:2:9 error unknown-type: service 'x' has the type 'catalog:nobody', and no catalog has it\n  the catalog has 'web'; name its file under clocker:catalog of the stack",
    ],
    [
      "classpath:a.yaml",
      "app.yaml:2:9 error unsupported-type: service 'x' has the type 'classpath:a.yaml': a plan on the class path of a Java program, and there is none here\n  write it as an item of a catalog file, and name the file under clocker:catalog of the stack",
    ],
    [
      "https://example.com/a.yaml",
      "app.yaml:2:9 error unsupported-type: service 'x' has the type 'https://example.com/a.yaml': a plan at an address, and nothing is fetched\n  download the plan, write it as an item",
    ],
    [
      "chef:nginx",
      "app.yaml:2:9 error unsupported-type: service 'x' has the type 'chef:nginx': a Chef cookbook, and Chef does not run here\n  use ",
    ],
    [
      "fabric",
      "app.yaml:2:9 error unsupported-type: service 'x' has the type 'fabric': a cluster in each of several locations, which are made while it runs\n  list a service for each location",
    ],
    [
      "java-app",
      "app.yaml:2:9 error unsupported-type: service 'x' has the type 'java-app': a Java program on a machine",
    ],
    [
      "WebAppCluster",
      "app.yaml:2:9 error unsupported-type: service 'x' has the type 'WebAppCluster': a cluster that grows while it runs",
    ],
    [
      "brooklyn-node",
      "app.yaml:2:9 error unsupported-type: service 'x' has the type 'brooklyn-node': a Brooklyn server",
    ],
    [
      "java:com.example.Thing",
      "app.yaml:2:9 error unsupported-type: service 'x' has the type 'java:com.example.Thing': a Java class, and no Java runs here\n  use ",
    ],
  ])("%s is refused with its own reason", (type, expected) => {
    expect(refusal(type).slice(0, expected.length)).toBe(expected);
  });

  it.each([
    [
      "docker-infrastructure",
      "clocker:locations of the stack and write its name as a location, e.g. my-docker-cloud: {type: docker",
    ],
    ["docker-cloud-single:1.1.0", "my-docker-cloud: {type: docker"],
    ["docker-cloud-calico", "clocker:network.calico"],
    ["external-mesos-cluster", "my-mesos-cluster: {type: mesos"],
    ["marathon-framework", "my-mesos-cluster: {type: marathon"],
    ["clocker.docker.entity.DockerInfrastructure", "my-docker-cloud: {type: docker"],
    ["brooklyn.entity.mesos.MesosCluster", "my-mesos-cluster: {type: mesos"],
    ["etcd-cluster", "clocker:network.calico.etcd.endpoints"],
  ])("%s, which makes a cloud, is the one problem of its blueprint", (type, remedy) => {
    const text = `location: jclouds:softlayer:ams01
services:
- type: ${type}
  hostSpec: {$brooklyn:entitySpec: {type: docker-host}}
  brooklyn.config: {entity.dynamicLocation.name: my-docker-cloud, docker.host.cluster.initial.size: 2}
`;
    const all = told(VERSIONS, text);
    expect(all.split("\n")).toHaveLength(2);
    expect(all).toContain(`app.yaml:3:9 error cloud-type: the type '${type}' makes a cloud`);
    expect(all).toContain(remedy);
  });

  it("stays where others of the blueprint are read", () => {
    const all = told(VERSIONS, "services:\n- type: docker-host\n- {type: web, openPort: 1}\n");
    expect(all).toMatch(/cloud-type[\s\S]*unknown-key/);
  });
});

describe("a catalog that is the blueprint itself", () => {
  it("is told so", () => {
    expect(told(VERSIONS, VERSIONS)).toContain("app.yaml:1:1 error catalog-as-blueprint: the file is a catalog");
  });

  it("has no effect beside services", () => {
    expect(told(VERSIONS, "brooklyn.catalog: {id: x, item: {type: 'docker:y'}}\nservices: [{type: web}]\n")).toContain(
      "app.yaml:1:1 warning ignored-key: brooklyn.catalog of the application has no effect",
    );
  });
});

describe("the outline of a blueprint", () => {
  it("numbers services of one item as it does those of one image", () => {
    expect(
      outline(blueprintWith(VERSIONS, "services: [{type: web}, {type: web}, {type: 'web:1.9.0', id: web-3}]")),
    ).toEqual(["web docker:web:1.10", "web-2 docker:web:1.10", "web-3 docker:web:1.9"]);
  });
});
