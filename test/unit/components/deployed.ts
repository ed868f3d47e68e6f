import { expect } from "vitest";
import { parseBlueprint } from "../../../blueprint/parse";
import { Application } from "../../../components/application";
import { place } from "../../../placement/place";
import type { Settings } from "../../../settings/schema";
import { applicationArgs } from "./application-args";
import { type Recorded, recordResources } from "./recorder";

/**
 * The resources of the application `app` with these services in the stack `unit`.
 * @param outputs Further outputs by resource name.
 */
export async function deployed(
  settings: Settings,
  services: string,
  outputs: Readonly<Record<string, Record<string, unknown>>> = {},
): Promise<Recorded[]> {
  const { blueprint, diagnostics } = parseBlueprint(`id: app\nservices:\n${services}`, "unit.yaml");
  expect(diagnostics).toEqual([]);
  const placed = blueprint && place(blueprint, settings, "unit");
  if (blueprint === undefined || placed?.plan === undefined) throw new Error(JSON.stringify(placed?.diagnostics));
  const { plan } = placed;
  return recordResources(() => new Application("app", applicationArgs(blueprint, settings, plan)), outputs);
}
