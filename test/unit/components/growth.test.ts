import { expect, it } from "vitest";
import { blueprintText, type Shape, settingsFor } from "../../../bench/applications";
import { parseBlueprint } from "../../../blueprint/parse";
import { Application } from "../../../components/application";
import { skipPromiseTraces } from "../../../components/stack-traces";
import { place } from "../../../placement/place";
import { applicationArgs } from "./application-args";
import { recordResources } from "./recorder";

skipPromiseTraces();

/** How many resources an application of that many services has, and how often one of them waits for another. */
async function sizeOf(services: number): Promise<{ resources: number; dependencies: number }> {
  const shape: Shape = { services, sites: ["docks", "tasks"] };
  const settings = settingsFor(shape);
  const { blueprint } = parseBlueprint(blueprintText(shape), "unit.yaml");
  const plan = blueprint && place(blueprint, settings, "unit").plan;
  if (blueprint === undefined || plan === undefined) throw new Error("the application of this test is wrong");
  const running = { tasks: [{ host: "a1", ipAddresses: ["198.18.160.9"] }] };
  const outputs = Object.fromEntries(plan.services.map(({ service }) => [`${service.id}-app`, running]));
  const made = await recordResources(() => new Application("app", applicationArgs(blueprint, settings, plan)), outputs);
  return { resources: made.length, dependencies: made.reduce((sum, one) => sum + one.dependencies.length, 0) };
}

it("in Calico, resources and dependencies grow with the services, and not faster", async () => {
  // From 40 services on each has all its links, and every 20 have the same mixture of hosts and published ports.
  const [small, middle, large] = [await sizeOf(40), await sizeOf(60), await sizeOf(80)];
  expect(large.resources - middle.resources).toBe(middle.resources - small.resources);
  expect(large.dependencies - middle.dependencies).toBe(middle.dependencies - small.dependencies);
  expect(middle.dependencies).toBeGreaterThan(small.dependencies);
});
