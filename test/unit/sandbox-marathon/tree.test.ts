import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchesSelector } from "../../../sandbox/marathon/api/selector";
import { parseJson } from "../../../sandbox/marathon/http/parse-json";
import { servicePorts } from "../../../sandbox/marathon/model/app";
import { absolute, ancestors, parent } from "../../../sandbox/marathon/model/path-id";
import { createdApp } from "../../../sandbox/marathon/model/update-app";
import { stampVersions } from "../../../sandbox/marathon/state/app-versions";
import { dependencyGraph, dependencyLevels, hasCycle } from "../../../sandbox/marathon/state/dependencies";
import { emptyRoot, putApp, putGroup, type Root, removeGroup } from "../../../sandbox/marathon/state/root";
import { assignServicePorts } from "../../../sandbox/marathon/state/service-ports";

const app = (id: string, rest: object = {}) => ({
  ...createdApp({ id, cmd: "sleep 1", ...rest }, {}, { features: new Set() }),
  version: "v1",
});
const rootOf = (...apps: ReturnType<typeof app>[]): Root =>
  apps.reduce((root, each) => putApp(root, each, "v1"), emptyRoot("v0"));

describe("ids", () => {
  it.each([
    ["foo", "/", "/foo"],
    ["/a//b/", "/", "/a/b"],
    ["b", "/a", "/a/b"],
    ["../b", "/a/c", "/a/b"],
    ["/a/../b", "/x", "/b"],
    [".", "/a", "/a"],
    ["", "/", "/"],
  ])("%j in %s is %s", (id, base, expected) => {
    expect(absolute(id, base)).toBe(expected);
  });

  it("know the groups above them", () => {
    expect(ancestors("/a/b/c")).toEqual(["/", "/a", "/a/b"]);
    expect(parent("/a")).toBe("/");
  });
});

describe("the tree of groups", () => {
  it("makes the groups above an app and gives them the new version", () => {
    const root = putApp(rootOf(app("/a/b/c")), app("/a/d"), "v2");
    expect([...root.groups.values()].map(({ id, version }) => [id, version])).toEqual([
      ["/", "v2"],
      ["/a", "v2"],
      ["/a/b", "v1"],
    ]);
  });

  it("loses all of a group with the group, and nothing beside it", () => {
    const root = removeGroup(rootOf(app("/a/b"), app("/a/c/d"), app("/ab/e")), "/a", "v2");
    expect([...root.apps.keys()]).toEqual(["/ab/e"]);
    expect([...root.groups.keys()]).toEqual(["/", "/ab"]);
  });
});

describe("dependencies", () => {
  it("of a group hold for every app in it", () => {
    let root = rootOf(app("/db/one"), app("/db/two"), app("/web/a"), app("/web/b", { dependencies: ["/web/a"] }));
    root = putGroup(root, { id: "/web", dependencies: ["/db"], version: "v1" }, "v1");
    const levels = dependencyLevels(dependencyGraph(root));
    expect(Object.fromEntries(levels)).toEqual({ "/db/one": 0, "/db/two": 0, "/web/a": 1, "/web/b": 2 });
  });

  it("without a cycle put every app above all it waits for", () => {
    const edges = fc.array(fc.tuple(fc.nat(9), fc.nat(9)), { maxLength: 20 });
    fc.assert(
      fc.property(edges, (pairs) => {
        const graph = new Map<string, Set<string>>(
          Array.from({ length: 10 }, (_, n) => [String(n), new Set<string>()]),
        );
        for (const [from, to] of pairs) if (from > to) graph.get(String(from))?.add(String(to));
        expect(hasCycle(graph)).toBe(false);
        const levels = dependencyLevels(graph);
        for (const [from, targets] of graph)
          for (const to of targets) expect(levels.get(from)).toBeGreaterThan(levels.get(to) ?? 0);
        const [first] = pairs.filter(([from, to]) => from > to);
        if (first) expect(hasCycle(graph.set(String(first[1]), new Set([String(first[0])])))).toBe(true);
      }),
    );
  });
});

describe("service ports", () => {
  it("are never 0 afterwards, stay the same when asked again, and no two that were assigned are equal", () => {
    const definitions = fc.array(fc.array(fc.constantFrom(0, 9000, 10_001), { maxLength: 3 }), { maxLength: 5 });
    fc.assert(
      fc.property(definitions, (lists) => {
        const apps = lists.map((ports, n) =>
          app(`/a${n}`, { portDefinitions: [...new Set(ports)].map((port) => ({ port })) }),
        );
        const target = assignServicePorts(emptyRoot("v0"), rootOf(...apps));
        const given = (root: Root) => [...root.apps.values()].map(servicePorts);
        expect(given(target).flat()).not.toContain(0);
        expect(given(assignServicePorts(target, rootOf(...apps)))).toEqual(given(target));
        const assigned = given(target)
          .flat()
          .filter((port) => port >= 10_000 && port !== 10_001);
        expect(new Set(assigned).size).toBe(assigned.length);
      }),
    );
  });
});

describe("versions", () => {
  const before = stampVersions(emptyRoot("v0"), rootOf(app("/a")), "v1");
  const after = (rest: object, restarted: string[] = []) =>
    stampVersions(
      before,
      putApp(before, { ...app("/a", rest), version: "v2" }, "v2"),
      "v2",
      new Set(restarted),
    ).apps.get("/a");

  it.each<[string, object, string[], object]>([
    ["of an equal app stay", {}, [], { version: "v1", versionInfo: { lastScalingAt: "v1", lastConfigChangeAt: "v1" } }],
    [
      "of a scaled app keep the last change",
      { instances: 2 },
      [],
      { version: "v2", versionInfo: { lastScalingAt: "v2", lastConfigChangeAt: "v1" } },
    ],
    [
      "of a restarted app keep the last change",
      {},
      ["/a"],
      { version: "v2", versionInfo: { lastScalingAt: "v2", lastConfigChangeAt: "v1" } },
    ],
    [
      "of a changed app are new",
      { labels: { a: "b" } },
      [],
      { version: "v2", versionInfo: { lastScalingAt: "v2", lastConfigChangeAt: "v2" } },
    ],
    [
      "of an app whose hidden executor resources changed stay",
      { executorResources: { cpus: 1 } },
      [],
      { version: "v1", executorResources: { cpus: 1 } },
    ],
  ])("%s", (_, rest, restarted, expected) => {
    expect(after(rest, restarted)).toMatchObject(expected);
  });
});

describe("label selectors", () => {
  const labels = { tier: "web", team: "a" };
  it.each([
    ["tier", true],
    ["zone", false],
    ["tier==web,team==a", true],
    ["tier==db", false],
    ["tier!=db", true],
    ["tier in (web, db)", true],
    ["team notin (a,b),tier", false],
  ])("%s is %s", (selector, expected) => {
    expect(matchesSelector(labels, selector)).toBe(expected);
  });
});

describe("bodies", () => {
  it("of valid JSON are read as they are", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(parseJson(JSON.stringify(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it("of any text give the JSON value that it begins with, or 400", () => {
    const prefixes = (text: string) => Array.from(text, (_, index) => text.slice(0, index + 1));
    const read = (text: string): { readonly value: unknown } | undefined => {
      try {
        return { value: JSON.parse(text) };
      } catch {
        return undefined;
      }
    };
    fc.assert(
      fc.property(fc.string({ unit: "binary-ascii" }), (text) => {
        let value: unknown;
        try {
          value = parseJson(text);
        } catch (error) {
          expect(error).toMatchObject({ status: 400 });
          expect(read(text)).toBeUndefined();
          return;
        }
        expect(prefixes(text).map(read)).toContainEqual({ value });
      }),
      { examples: [["__proto__"], ["0!"], ["true false"]] },
    );
  });
});
