import { describe, expect, it } from "vitest";
import { parseBlueprint } from "../../../blueprint/parse";
import { place } from "../../../placement/place";
import { settings } from "./blueprints";

const text = (location: string) => `services:
- type: org.apache.brooklyn.entity.software.base.SameServerEntity
  id: server
  location: ${location}
  brooklyn.children:
  - {type: docker:web, id: web}
  - type: BasicEntity
    id: inner
    brooklyn.children:
    - {type: RedisStore, id: store}
- {type: docker:other, id: other, location: tasks}
`;

function problems(location: string, placement: Record<string, string> = {}): readonly string[] {
  const { blueprint, diagnostics } = parseBlueprint(text(location), "app.yaml");
  expect(diagnostics).toEqual([]);
  if (blueprint === undefined) throw new Error("no blueprint");
  return place(blueprint, settings({ placement }), "dev").diagnostics.map(
    ({ severity, code, message, remedy }) => `${severity} ${code}: ${message}; ${remedy}`,
  );
}

describe("the services of a SameServerEntity", () => {
  it("are on one Docker host", () => {
    expect(problems("docks")).toEqual([]);
    expect(problems("docks", { web: "docks/h2", store: "docks/h2" })).toEqual([]);
  });

  it("are told when the stack places one elsewhere", () => {
    expect(problems("docks", { store: "docks/h2" })).toEqual([
      "error same-server-apart: SameServerEntity 'server' has service 'web' on 'docks/h1' and 'store' on 'docks/h2'; place both on one host, e.g. clocker:placement.store = docks/h1",
    ]);
  });

  it.each(["tasks"])("cannot be on %s, where the host is not chosen here", (location) => {
    expect(problems(location)).toEqual(
      ["web", "store"].map(
        (id) =>
          `error platform-lacks-capability: cannot place service '${id}' on marathon location 'tasks': SameServerEntity 'server' keeps its services on one host, and which one it is cannot be said there; place 'server' on a location of type docker, or make a BasicEntity of it if its services may be apart`,
      ),
    );
  });
});
