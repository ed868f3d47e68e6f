import { expect, test } from "vitest";
import { place } from "../../../placement/place";
import { blueprintOf } from "../blueprint/diagnose";
import { settings } from "./blueprints";

test.each([
  ["docker:docks:h2", "docks/h2"],
  ["docker:docks", "docks/h1"],
  ["docker:docks:h9", "location 'docks' has no host 'h9', which service 'web' asks for"],
  ["docker:tasks:h1", "location 'tasks' has no host 'h1', which service 'web' asks for"],
])("a service at %s goes to %s", (location, expected) => {
  const app = blueprintOf(`services: [{type: "docker:web:1", id: web, location: "${location}"}]`);
  const { plan, diagnostics } = place(app, settings({}), "dev");
  const [placed] = plan?.services ?? [];
  expect(placed ? `${placed.location}/${placed.host}` : diagnostics.map(({ message }) => message).join()).toContain(
    expected,
  );
});
