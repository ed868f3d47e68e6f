import { entityOf } from "../../../blueprint/entity/table";
import { parseBlueprint } from "../../../blueprint/parse";
import { type MachineSoftware, softwareFiles, softwareProcedure } from "../../../components/software/software";
import type { Properties } from "../../../providers/runtime/handler";
import type { DebianMachine } from "./debian-machine";

const TIMEOUT_SECONDS = 240;

/**
 * Inputs of `machine.Setup` that put the software of a service on a machine.
 * @param service The service in the blueprint language, where every value is written out.
 */
export function softwareInputs(machine: DebianMachine, service: object, timeoutSeconds = TIMEOUT_SECONDS): Properties {
  const { blueprint, diagnostics } = parseBlueprint(JSON.stringify({ services: [service] }), "machine.yaml");
  const { workload } = blueprint?.services[0] ?? {};
  if (workload?.kind !== "software") throw new Error(JSON.stringify(diagnostics, null, 2));
  const { address, port, user, privateKey } = machine;
  const software: MachineSoftware = {
    entity: entityOf(workload.entity),
    asksForVersion: workload.asksForVersion,
    address,
    settings: Object.fromEntries(
      Object.entries(workload.settings).map(([key, setting]) => {
        if (setting.kind !== "literal" && setting.kind !== "secret") throw new Error(`${key} is not written out`);
        return [key, String(setting.value ?? "")];
      }),
    ),
  };
  const files = softwareFiles(software, {});
  return {
    machine: workload.entity,
    address,
    port,
    user,
    privateKey,
    files,
    ...softwareProcedure(software),
    timeoutSeconds,
  };
}
