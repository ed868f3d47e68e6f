import { describe, expect, it } from "vitest";
import { parseBlueprint } from "../../../blueprint/parse";
import { place } from "../../../placement/place";
import { settings } from "../placement/blueprints";
import { diagnose } from "./diagnose";

const CLUSTER = `services:
- type: org.apache.brooklyn.entity.group.DynamicCluster
  id: store
  location: docks
  brooklyn.config:
    initialSize: 3
    start.timeout: 4m
    memberSpec:
      $brooklyn:entitySpec:
        type: RedisStore
        brooklyn.config:
          redis.port: 6400
`;
const servicesOf = (text: string) => parseBlueprint(text, "app.yaml").blueprint?.services ?? [];

describe("a cluster", () => {
  it("is a group of as many members as it says, each with an id of its own", () => {
    const { blueprint, diagnostics } = parseBlueprint(CLUSTER, "app.yaml");
    expect(diagnostics).toEqual([]);
    expect(blueprint?.groups.map(({ id }) => id)).toEqual(["store"]);
    expect(blueprint?.services.map(({ id, parent, ports }) => [id, parent, ports[0]?.port])).toEqual([
      ["store-1", "store", 6400],
      ["store-2", "store", 6400],
      ["store-3", "store", 6400],
    ]);
  });

  it("gives its members its configuration and location, as Brooklyn's does", () => {
    expect(servicesOf(CLUSTER).map(({ startTimeoutSeconds }) => startTimeoutSeconds)).toEqual([240, 240, 240]);
    const { blueprint } = parseBlueprint(CLUSTER, "app.yaml");
    const { plan, diagnostics } = place(blueprint ?? never(), settings(), "dev");
    expect(diagnostics).toEqual([]);
    expect(plan?.services.map(({ location }) => location)).toEqual(["docks", "docks", "docks"]);
  });

  it.each(["DynamicCluster", "cluster", "dynamic-cluster", "java:org.apache.brooklyn.entity.group.DynamicCluster"])(
    "may be written %s, with its keys at the top and one member without a size",
    (type) => {
      const text = `services:\n- type: ${type}\n  id: web\n  memberSpec: {$brooklyn:entitySpec: {type: docker:web}}\n`;
      expect(servicesOf(text).map(({ id }) => id)).toEqual(["web-1"]);
    },
  );

  it("may have another first member, clusters as members, and children beside them", () => {
    const text = `services:
- type: cluster
  id: all
  initialSize: 2
  firstMemberSpec: {$brooklyn:entitySpec: {type: docker:first}}
  memberSpec:
    $brooklyn:entitySpec:
      type: cluster
      initialSize: 2
      memberSpec: {$brooklyn:entitySpec: {type: docker:inner}}
  brooklyn.children:
  - {type: docker:beside, id: beside}
`;
    expect(servicesOf(text).map(({ id, type }) => `${id} ${type}`)).toEqual([
      "all-1 docker:first",
      "all-2-1 docker:inner",
      "all-2-2 docker:inner",
      "beside docker:beside",
    ]);
  });

  it("has members that others link to and that overrides name", () => {
    const web = '- type: docker:web\n  id: web\n  location: docks\n  links: [$brooklyn:component("store-2")]\n';
    const { blueprint } = parseBlueprint(CLUSTER + web, "app.yaml", {
      overrides: { "store-2": { "redis.port": 7000 } },
    });
    expect(blueprint?.services.map(({ id, ports }) => [id, ports[0]?.port])).toEqual([
      ["store-1", 6400],
      ["store-2", 7000],
      ["store-3", 6400],
      ["web", undefined],
    ]);
    expect(blueprint?.services[3]?.links[0]?.target).toBe("store-2");
  });

  it("tells a size that is not known, a specification that is none, and keys that mean nothing here", () => {
    const text = `services:
- type: cluster
  id: web
  initialSize: $brooklyn:config("n")
  cluster.max.size: 9
  memberSpec: docker:web
- {type: cluster, id: none}
- {type: docker:web, id: last, env: {A: '$brooklyn:entitySpec("x")'}}
`;
    expect(
      diagnose(text),
    ).toBe(`app.yaml:2:3 warning empty-group: service 'web' runs nothing: its type only holds others, and it has no brooklyn.children
  list services under its brooklyn.children, or remove it
app.yaml:4:16 error bad-number: initialSize of cluster 'web' needs a whole number from 0 to 1000, not '$brooklyn:config("n")'
  write the number: how many members there are has to be known before anything is deployed
app.yaml:5:3 warning ignored-key: cluster.max.size of cluster 'web' has no effect: members are added and removed by updates alone
  remove it
app.yaml:6:15 error bad-type: memberSpec of cluster 'web' needs $brooklyn:entitySpec, not 'docker:web'
  write \`memberSpec: {$brooklyn:entitySpec: {type: ...}}\` under its brooklyn.config
app.yaml:7:3 warning empty-group: service 'none' runs nothing: its type only holds others, and it has no brooklyn.children
  list services under its brooklyn.children, or remove it
app.yaml:7:10 error missing-key: cluster 'none' has no memberSpec: nothing says what its members are
  write \`memberSpec: {$brooklyn:entitySpec: {type: ...}}\` under its brooklyn.config
app.yaml:8:52 error unsupported-function: the function entitySpec is not supported
  it describes the members of a cluster: write it as its memberSpec, or list each service under services`);
  });

  it("tells a mistake in its specification once", () => {
    expect(diagnose(CLUSTER.replace("redis.port: 6400", "redis.port: many"))).toBe(
      "app.yaml:12:23 error bad-port: redis.port of service 'store-1' needs a TCP port from 1 to 65535, not 'many'\n  write a port, or a range such as 6379+ or 6379-6399, of which the first is taken",
    );
  });

  it("is no service that can be linked to, and its members are named instead", () => {
    const web = '- type: docker:web\n  id: web\n  links: [$brooklyn:component("store")]\n';
    expect(diagnose(CLUSTER + web)).toBe(
      `app.yaml:15:11 error bad-link: links of service 'web' cannot link to '$brooklyn:component("store")'
  name a service: $brooklyn:component("id"); services of this blueprint: 'store-1', 'store-2', 'store-3' and 'web'`,
    );
  });
});

function never(): never {
  throw new Error("no blueprint");
}
