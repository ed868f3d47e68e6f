import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkGroup } from "../../../../../providers/marathon/group/definition";
import { type GroupDefinition, sameGroup } from "../../../../../providers/marathon/group/tree";
import type { Properties } from "../../../../../providers/runtime/handler";
import { UNKNOWN } from "../../../../../providers/runtime/unknown";

function app(id: string, fields: Properties = {}): Properties {
  const labels = { "clocker.application": "shop", "clocker.stack": "test", "clocker.service": id };
  return { id, cmd: "sleep 1000", labels, ...fields };
}

function failuresOf(group: unknown, groupId: unknown = "/shop"): string[] {
  return checkGroup(group, groupId).failures.map(({ property, reason }) => `${property} ${reason}`);
}

describe("a group's definition", () => {
  test("is kept with absolute ids and with the label that marks members", () => {
    const { group, failures } = checkGroup(
      {
        dependencies: ["../base", "/far"],
        apps: [app("web", { dependencies: ["db/redis"] })],
        groups: [{ id: "db", apps: [app("/shop/db/redis", { dependencies: ["../../base"] })] }],
      },
      "/shop",
    );
    expect(failures).toEqual([]);
    expect(group).toMatchObject({
      dependencies: ["/base", "/far"],
      apps: [{ id: "/shop/web", dependencies: ["/shop/db/redis"], labels: { "clocker.group": "/shop" } }],
      groups: [{ id: "/shop/db", apps: [{ id: "/shop/db/redis", dependencies: ["/base"] }] }],
    });
    expect(checkGroup(group, "/shop").group).toEqual(group);
  });

  test.each<[string, unknown, RegExp]>([
    ["no object", "x", /^group must be a group/],
    ["an id of its own", { id: "/shop" }, /^group\.id is not taken: write it as groupId/],
    ["an unknown key", { aps: [] }, /^group\.aps is no key of a group: it has apps, groups, dependencies, enforceRole/],
    ["pods", { groups: [{ id: "a", pods: [] }] }, /^group\.groups\.0\.pods is not taken: .*marathon\.Pod/],
    ["scaleBy", { scaleBy: 2 }, /^group\.scaleBy is not taken: write instances of each app/],
    ["apps that are no list", { apps: {} }, /^group\.apps must be a list/],
    ["an app that is no object", { apps: [7] }, /^group\.apps\.0 must be a Marathon app definition/],
    ["an app without id", { apps: [{ cmd: "x" }] }, /^group\.apps\.0\.id must be one name .* in \/shop/],
    ["an app of another group", { apps: [app("/other/web")] }, /^group\.apps\.0\.id .* it is "\/other\/web"/],
    ["an app deeper than its group", { apps: [app("db/redis")] }, /^group\.apps\.0\.id must be one name/],
    ["a reserved id", { groups: [{ id: "tasks" }] }, /^group\.groups\.0\.id .* not restart, tasks or versions/],
    [
      "a wrong field of an app",
      { groups: [{ id: "a", apps: [app("b", { cpus: -1 })] }] },
      /^group\.groups\.0\.apps\.0\.cpus /,
    ],
    [
      "an app without labels",
      { apps: [{ id: "a", cmd: "x" }] },
      /^group\.apps\.0\.labels must hold clocker\.application/,
    ],
    [
      "a dependency that is no id",
      { dependencies: ["A_b"] },
      /^group\.dependencies\.0 must be the id of an app or a group; it is "A_b"/,
    ],
    ["enforceRole of a wrong type", { enforceRole: "yes" }, /^group\.enforceRole must be true or false; it is "yes"/],
    ["two apps of one id", { apps: [app("a"), app("a")] }, /^group has two members of the id \/shop\/a/],
    ["an app and a group of one id", { apps: [app("a")], groups: [{ id: "a" }] }, /two members of the id \/shop\/a/],
    [
      "apps that wait for each other",
      { apps: [app("a", { dependencies: ["b"] }), app("b", { dependencies: ["a"] })] },
      /wait for each other: \/shop\/a → \/shop\/b → \/shop\/a/,
    ],
    [
      "an app that waits for a group that waits for it",
      { apps: [app("a", { dependencies: ["g"] })], groups: [{ id: "g", dependencies: ["/shop/a"], apps: [app("b")] }] },
      /\/shop\/a → \/shop\/g\/b → \/shop\/a/,
    ],
  ])("with %s is refused by its place", (_, group, message) => {
    expect(failuresOf(group)).toContainEqual(expect.stringMatching(message));
  });

  test("of apps of several owners is refused", () => {
    const labels = { "clocker.application": "shop", "clocker.stack": "other", "clocker.service": "b" };
    expect(failuresOf({ apps: [app("a"), app("b", { labels })] })).toEqual([
      expect.stringContaining("label clocker.stack is other, test; one group is one owner's"),
    ]);
  });

  test("may be unknown at any place", () => {
    fc.assert(
      fc.property(fc.constantFrom("apps", "groups", "dependencies", "enforceRole"), fc.boolean(), (key, whole) => {
        const value = whole || key === "enforceRole" ? UNKNOWN : [UNKNOWN];
        expect(failuresOf({ apps: [app("a")], [key]: value })).toEqual([]);
      }),
    );
    expect(failuresOf(UNKNOWN)).toEqual([]);
    expect(failuresOf({ apps: [app("a")] }, UNKNOWN)).toEqual([]);
    expect(failuresOf({ apps: [app("a", { id: UNKNOWN, labels: UNKNOWN, dependencies: [UNKNOWN] })] })).toEqual([]);
  });
});

describe("two definitions of a group", () => {
  const both = (one: Properties, other: Properties) => {
    const [first, second] = [one, other].map((group) => checkGroup(group, "/shop").group as GroupDefinition);
    return first !== undefined && second !== undefined && sameGroup("/shop", first, second);
  };

  test("mean the same in whatever order they name apps, groups and dependencies, with defaults or without", () => {
    expect(
      both(
        {
          apps: [app("a"), app("b", { instances: 1 })],
          dependencies: ["/x", "/y"],
          groups: [{ id: "g" }, { id: "h" }],
        },
        { groups: [{ id: "h" }, { id: "g", apps: [] }], dependencies: ["/y", "/x"], apps: [app("b"), app("a")] },
      ),
    ).toBe(true);
  });

  test.each<[string, Properties]>([
    ["an app more", { apps: [app("a"), app("b")] }],
    ["an app changed", { apps: [app("a", { cpus: 2 })] }],
    ["a group more", { apps: [app("a")], groups: [{ id: "g" }] }],
    ["a dependency more", { apps: [app("a")], dependencies: ["/x"] }],
    ["enforceRole", { apps: [app("a")], enforceRole: false }],
  ])("differ by %s", (_, other) => {
    expect(both({ apps: [app("a")] }, other)).toBe(false);
  });
});
