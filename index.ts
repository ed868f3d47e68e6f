import * as pulumi from "@pulumi/pulumi";
import { Inputs } from "./blueprint/inputs";
import { readBlueprint } from "./blueprint/read";
import { Application } from "./components/application";
import { clustersOf, openLocations } from "./components/locations";
import { calicoPreflight } from "./components/network/calico-preflight";
import { namesPreflight } from "./components/network/names-preflight";
import { demand, demandNone } from "./components/report";
import { shortenStackTraces, skipPromiseTraces } from "./components/stack-traces";
import { place } from "./placement/place";
import { compilePolicy } from "./placement/policy/compile";
import { describePolicy } from "./placement/policy/describe";
import { readSettings } from "./settings/read";

shortenStackTraces();
skipPromiseTraces();

export = async () => {
  const { settings, encryptedKeys } = demand("settings", readSettings());
  const { blueprint } = demand(
    "blueprint",
    await readBlueprint(settings.blueprint, {
      overrides: settings.overrides,
      overridesSecret: encryptedKeys.has("clocker:overrides"),
      inputs: new Inputs(settings.inputs, encryptedKeys.has("clocker:inputs")),
      catalog: { paths: settings.catalog },
    }),
  );
  const { plan } = demand("plan", place(blueprint, settings, pulumi.getStack()));
  const compiled = compilePolicy(plan, settings);

  const locations = openLocations(settings, plan, compiled);
  const [{ diagnostics, reverse }, ...preflights] = await Promise.all([
    namesPreflight(settings, plan),
    calicoPreflight(settings, plan),
    ...[...locations.values()].map((location) => location.preflight(plan)),
  ]);
  demandNone([compiled.problems, ...preflights, diagnostics]);

  const args = { blueprint, settings, plan, compiled, locations, reverse };
  const { url, outputs, summary, sensors } = new Application(plan.application, args);
  const mesos = clustersOf(locations);
  return {
    ...(url && { url }),
    ...(outputs && { outputs }),
    services: summary,
    ...(sensors.application && { sensors: sensors.application }),
    ...(sensors.services && { serviceSensors: sensors.services }),
    ...(mesos && { mesos }),
    policy: describePolicy(compiled),
  };
};
