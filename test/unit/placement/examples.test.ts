import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseBlueprint } from "../../../blueprint/parse";
import { place } from "../../../placement/place";
import { dockerLocation, marathonLocation, openstackLocation } from "../settings/example";
import { settings } from "./blueprints";

const clouds = settings(
  {},
  {
    "my-docker-cloud": dockerLocation(),
    "my-mesos-cluster": marathonLocation({ sources: ["192.0.2.32/27"] }),
    "my-openstack-cloud": openstackLocation(),
  },
);

/** One line a service: where it goes, its ports as `host port -> port`, its links by route. */
function plan(name: string, stack = clouds): string[] | undefined {
  const file = join(__dirname, "..", "..", "..", "examples", name);
  const { blueprint, diagnostics } = parseBlueprint(readFileSync(file, "utf8"), name);
  expect(diagnostics).toEqual([]);
  const result = blueprint && place(blueprint, stack, "dev");
  expect(result?.diagnostics).toEqual([]);
  return result?.plan?.services.map((placed) => {
    const ports = placed.ports.map(({ port, hostPort = "-" }) =>
      typeof hostPort === "number" && hostPort >= 20000 ? `some -> ${port}` : `${hostPort} -> ${port}`,
    );
    const links = placed.links.map(({ alias, route }) => `${alias}: ${route}`);
    return [placed.physicalName, placed.location, ports.join(), links.join()].filter((text) => text !== "").join(" | ");
  });
}

describe("the example blueprints", () => {
  it.each(["1-docker.yaml", "2-docker-repeat.yaml", "3-docker-redis-entity.yaml"])(
    "place everything beside: %s",
    (name) => {
      expect(plan(name)).toEqual([
        "my-application-dev-redis | my-docker-cloud | - -> 6379",
        "my-application-dev-dnmonster | my-docker-cloud | - -> 8080",
        "my-application-dev-identidock | my-docker-cloud | 80 -> 9090 | redis: alias,dnmonster: alias",
      ]);
    },
  );

  it("place Redis on a machine", () => {
    expect(plan("4-docker-openstack.yaml")).toEqual([
      "my-application-dev-redis | my-openstack-cloud | 6379 -> 6379",
      "my-application-dev-dnmonster | my-docker-cloud | - -> 8080",
      "my-application-dev-identidock | my-docker-cloud | 80 -> 9090 | redis: hosts,dnmonster: alias",
    ]);
  });

  it("place one service on each platform", () => {
    expect(plan("5-docker-mesos-openstack.yaml")).toEqual([
      "my-application-dev-redis | my-openstack-cloud | 6379 -> 6379",
      "my-application-dev-dnmonster | my-mesos-cluster | dynamic -> 8080",
      "my-application-dev-identidock | my-docker-cloud | 80 -> 9090 | redis: hosts,dnmonster: forward",
    ]);
  });

  it("go elsewhere by the stack file alone", () => {
    const moved = { ...clouds, placement: { redis: "docks/h2", dnmonster: "docks/h2" } };
    expect(plan("5-docker-mesos-openstack.yaml", moved)).toEqual([
      "my-application-dev-redis | docks | some -> 6379",
      "my-application-dev-dnmonster | docks | some -> 8080",
      "my-application-dev-identidock | my-docker-cloud | 80 -> 9090 | redis: forward,dnmonster: forward",
    ]);
  });
});
