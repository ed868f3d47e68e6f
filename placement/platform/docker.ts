import type { Expression } from "../../blueprint/model";
import type { DockerLocation } from "../../settings/schema";
import { INSTANCES, MACHINE_KEYS, MARATHON_APP } from "./asked";
import type { PlatformTraits, UnsupportedKey } from "./traits";

export const docker: PlatformTraits<DockerLocation> = {
  sharesHostAddress: true,
  hasHosts: true,
  filtersSources: false,
  workloads: ["image", "software"],
  unsupported: [INSTANCES, MARATHON_APP, MACHINE_KEYS, emptyWord("commands"), emptyWord("entrypoint")],
  nameLimit: 63,
  hosts: (location) => location.hosts,
  addresses: (location, host) =>
    Object.entries(location.hosts)
      .filter(([name]) => host === undefined || name === host)
      .map(([, { address }]) => address),
  forwarderLacks: () => undefined,
  mapsPortsOnDemand: () => true,
  calico: "endpoint",
  calicoLacks: () => undefined,
  hasHostEndpoints: () => false,
  // The engine checks inside the container.
  healthSources: () => [],
  loginSources: () => [],
};

/** Pulumi's plugin for Docker refuses what the engine itself would take. */
function emptyWord(key: "commands" | "entrypoint"): UnsupportedKey<DockerLocation> {
  const isEmpty = (word: Expression) => word.kind === "literal" && (word.value === "" || word.value === null);
  return {
    key: `${key} with an empty word`,
    lackedBy: "Pulumi's plugin for Docker",
    instead: "give the words to a shell that passes it on, e.g. [sh, -c, \"exec server --save ''\"]",
    asked: (service) => (service[key]?.some(isEmpty) ? "''" : undefined),
  };
}
