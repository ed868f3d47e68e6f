import type { Ipam } from "../providers/calico/ipam/ipam";
import type { Endpoints } from "./endpoints";
import { DOCKER_ADDRESS_TYPE } from "./ipam-driver";
import { isLeftOver } from "./left-over";
import type { Log } from "./log";
import type { NetworkDriver } from "./network-driver";
import type { PublishedPorts } from "./published-ports";
import type { Veths } from "./veths";

export interface SweeperParts {
  readonly endpoints: Endpoints;
  readonly veths: Veths;
  readonly published: PublishedPorts;
  readonly ipam: Ipam;
  readonly network: NetworkDriver;
  readonly log: Log;
}

/** Cleans up what Docker could not tell of while it, this driver or the host was down. */
export class Sweeper {
  readonly #parts: SweeperParts;

  constructor(parts: SweeperParts) {
    this.#parts = parts;
  }

  async sweep(): Promise<void> {
    await this.#endpoints();
    await this.#publishedPorts();
    await this.#addresses();
  }

  async #endpoints(): Promise<void> {
    const { endpoints, veths, network, log } = this.#parts;
    const all = await endpoints.list();
    const connected = await veths.connected();
    for (const { id, created, address } of all) {
      if (!isLeftOver({ connected: connected(id), since: created })) continue;
      await network.remove(id);
      log.info("removed an endpoint without container", { endpoint: id.slice(0, 12), address });
    }
  }

  /** Rules without endpoint go, rules that somebody removed come back. */
  async #publishedPorts(): Promise<void> {
    const { endpoints, published, log } = this.#parts;
    const { added, removed } = await published.reconcile(await endpoints.list());
    if (added + removed > 0) log.info("published ports were put right", { added, removed });
  }

  async #addresses(): Promise<void> {
    const { endpoints, ipam, log } = this.#parts;
    const allocations = await ipam.allocationsOfType(DOCKER_ADDRESS_TYPE);
    // Read after the addresses: an endpoint that came meanwhile keeps its address.
    const used = new Set((await endpoints.list()).map(({ address }) => address));
    for (const { address, handle, attributes } of allocations) {
      if (!isLeftOver({ connected: used.has(address), since: Date.parse(attributes["timestamp"] ?? "") })) continue;
      if (await ipam.release(address, handle)) log.info("released an address without endpoint", { address });
    }
  }
}
