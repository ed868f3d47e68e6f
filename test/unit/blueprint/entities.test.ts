import { describe, expect, test } from "vitest";
import { ENTITIES } from "../../../blueprint/entity/table";
import { parseBlueprint } from "../../../blueprint/parse";
import { place } from "../../../placement/place";
import { settings } from "../placement/blueprints";

/** Locations of the stack by platform. */
const CLOUDS = { docker: "docks", marathon: "tasks", openstack: "machines" } as const;

/** The blueprint without places, so that a stack decides. */
function anywhere(example: string) {
  return parseBlueprint(example.replace(/^ *location: .*\n/gm, ""), "example.yaml");
}

describe.each(ENTITIES)("the example of $title", ({ id, types, example, container, machine }) => {
  test("parses without any diagnostic", () => {
    expect(parseBlueprint(example, "example.yaml").diagnostics).toEqual([]);
    expect(anywhere(example).diagnostics).toEqual([]);
  });

  test("uses the type by its full name", () => {
    expect(example).toContain(`type: ${types[0]}\n`);
  });

  const where: [keyof typeof CLOUDS, boolean][] = [
    ["docker", container !== undefined],
    ["marathon", container !== undefined],
    ["openstack", machine !== undefined],
  ];
  test.each(where.filter(([, runs]) => runs))("is placed on %s", (platform) => {
    const { blueprint } = anywhere(example);
    if (blueprint === undefined) throw new Error("no blueprint");
    const placement = Object.fromEntries(
      blueprint.services.map(({ id, workload }) => [id, CLOUDS[workload.kind === "software" ? platform : "docker"]]),
    );
    const { plan, diagnostics } = place(blueprint, settings({ placement }), "dev");
    expect(diagnostics).toEqual([]);
    const placed = plan?.services.find(({ service }) => service.type === types[0]);
    expect(placed?.platform).toBe(platform);
    expect(placed?.service.workload).toMatchObject(
      platform === "openstack" ? { kind: "software", entity: id } : { kind: "image" },
    );
  });
});
