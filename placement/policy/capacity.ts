import type { Diagnostic } from "../../blueprint/model";
import { settingsProblem } from "../../settings/problem";
import { calicoNode } from "../calico";
import type { PolicyContext } from "./context";

/**
 * An application's range that cannot hold its services: every host takes whole blocks of it. Where services without a chosen host run is
 * not known, so that what is counted is the least that they need.
 */
export function capacityProblems({ settings, services }: PolicyContext): Diagnostic[] {
  const { calico } = settings.network;
  if (calico === undefined) {
    return [];
  }
  const { rangePrefix, blockSize } = calico;
  const blocks = 2 ** (blockSize - rangePrefix);
  const addresses = 2 ** (32 - blockSize);
  const perHost = new Map<string, number>();
  for (const { role, placed, traits, location } of services.values()) {
    if (role === "endpoint") {
      const host = placed.host === undefined ? undefined : traits.hosts(location)[placed.host];
      const key = placed.host === undefined ? `location ${placed.location}` : `node ${calicoNode(placed.host, host)}`;
      perHost.set(key, (perHost.get(key) ?? 0) + placed.service.instances);
    }
  }
  const needed = [...perHost.values()].reduce((sum, count) => sum + Math.ceil(count / addresses), 0);
  return needed <= blocks
    ? []
    : [
        settingsProblem(
          "error",
          "range-too-small",
          "clocker:network.calico.rangePrefix",
          `the application's range, a /${rangePrefix}, has ${blocks} ${blocks === 1 ? "block" : "blocks"} of ${addresses} ${addresses === 1 ? "address" : "addresses"} for its hosts, and they need ${needed}`,
          remedy(rangePrefix, needed, blockSize),
        ),
      ];
}

function remedy(rangePrefix: number, needed: number, blockSize: number): string {
  const wider = blockSize - Math.ceil(Math.log2(needed));
  return wider >= 16 && wider < rangePrefix
    ? `set rangePrefix to ${wider} or less, which needs a pool with room for it, or place the services on fewer hosts`
    : "place the services on fewer hosts, or split the application";
}
