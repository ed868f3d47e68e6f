import { randomBytes } from "node:crypto";
import type { EtcdClient } from "../providers/calico/etcd-client";
import type { Ipam } from "../providers/calico/ipam/ipam";
import { holds, parseAddress } from "../providers/calico/ipam/ipv4";
import { findPool, listPools, type Pool } from "../providers/calico/ipam/pool";
import { SERVICE_ADDRESS_TYPE } from "../providers/calico/ipam/reserved";
import type { Endpoints } from "./endpoints";
import { isLeftOver } from "./left-over";
import { GATEWAY_REQUEST, releaseAddressRequest, requestAddressRequest, requestPoolRequest } from "./protocol";
import type { Veths } from "./veths";

export const ADDRESS_SPACE = "CalicoLocal";
/** The gateway of every endpoint: Felix answers for it on the host's end. */
export const GATEWAY = "169.254.1.1";
/** Type of the addresses that this driver takes and frees itself. */
export const DOCKER_ADDRESS_TYPE = "libnetwork";

const GLOBAL_SPACE = "CalicoGlobal";
const REQUEST_TYPE = "RequestAddressType";

export interface IpamDriverParts {
  readonly etcd: EtcdClient;
  readonly ipam: Ipam;
  readonly endpoints: Endpoints;
  readonly veths: Veths;
  readonly node: string;
}

/** Docker's IPAM driver protocol: pools are Calico's IPPools, addresses come from this node's blocks. */
export class IpamDriver {
  readonly #parts: IpamDriverParts;

  constructor(parts: IpamDriverParts) {
    this.#parts = parts;
  }

  async getCapabilities() {
    return { RequiresMACAddress: false, RequiresRequestReplay: false };
  }

  async getDefaultAddressSpaces() {
    return { LocalDefaultAddressSpace: ADDRESS_SPACE, GlobalDefaultAddressSpace: GLOBAL_SPACE };
  }

  async requestPool(body: unknown) {
    const { AddressSpace, Pool, SubPool, V6 } = requestPoolRequest.parse(body);
    if (AddressSpace === GLOBAL_SPACE)
      throw new Error("calico's addresses are not for swarm networks: use --scope local");
    if (V6) throw new Error("calico's IPAM driver has no IPv6: leave out --ipv6 and IPv6 subnets");
    if (SubPool !== "") {
      throw new Error(
        `--ip-range ${SubPool} is not possible: the subnet is a whole IPPool; keep addresses by IPReservations`,
      );
    }
    const usable = (await listPools(this.#parts.etcd)).filter(
      ({ disabled, allowedUses }) => !disabled && allowedUses.includes("Workload"),
    );
    const found = Pool === "" && usable.length === 1 ? usable[0] : usable.find(({ cidr }) => cidr === Pool);
    if (!found) {
      const known = usable.map(({ cidr, name }) => `${cidr} (${name})`).join(", ");
      throw new Error(
        `${Pool === "" ? "no subnet" : `subnet ${Pool}`} is not the CIDR of an IPPool for workloads: give --subnet ${known || "after making an IPPool"}`,
      );
    }
    return { PoolID: `${ADDRESS_SPACE}/${found.name}`, Pool: found.cidr, Data: {} };
  }

  async releasePool() {
    return {};
  }

  async requestAddress(body: unknown) {
    const { PoolID, Address, Options } = requestAddressRequest.parse(body);
    if (Options[REQUEST_TYPE] === GATEWAY_REQUEST) {
      if (Address !== "" && Address !== GATEWAY) {
        throw new Error(`--gateway ${Address} is not possible: the gateway of calico networks is ${GATEWAY}`);
      }
      return { Address: `${GATEWAY}/32`, Data: {} };
    }
    const pool = await this.#pool(PoolID);
    const address = Address === "" ? undefined : Address;
    if (address !== undefined && (await this.#adopt(pool, address))) return { Address: `${address}/32`, Data: {} };
    const assigned = await this.#parts.ipam.assign(pool, {
      handle: `${DOCKER_ADDRESS_TYPE}-${randomBytes(16).toString("hex")}`,
      attributes: { type: DOCKER_ADDRESS_TYPE },
      address,
    });
    return { Address: `${assigned}/32`, Data: {} };
  }

  /** Addresses that were reserved stay reserved. */
  async releaseAddress(body: unknown) {
    const address = releaseAddressRequest.parse(body).Address.split("/")[0] ?? "";
    if (address === GATEWAY) return {};
    const held = await this.#parts.ipam.allocation(address);
    const ours = held?.attributes["type"] === DOCKER_ADDRESS_TYPE && held.attributes["node"] === this.#parts.node;
    if (!held || !ours) return {};
    // Docker deletes the endpoint first: what has the address now is another one, after this was swept.
    const taken = (await this.#parts.endpoints.list()).some((endpoint) => endpoint.address === address);
    if (!taken) await this.#parts.ipam.release(address, held.handle);
    return {};
  }

  /** Whether a fixed address is reserved for a service on this node; one that is left over from a dead container is freed. */
  async #adopt(pool: Pool, address: string): Promise<boolean> {
    const number = parseAddress(address);
    if (number === undefined || !holds(pool.range, number)) return false;
    const held = await this.#parts.ipam.allocation(address);
    if (!held) return false;
    const { type, node, timestamp } = held.attributes;
    if (type === SERVICE_ADDRESS_TYPE) {
      if (node === this.#parts.node) return true;
      throw new Error(
        `${address} is reserved by ${held.handle} for node ${node}, this is node ${this.#parts.node}: run the container there, or reserve an address for this node`,
      );
    }
    if (type === DOCKER_ADDRESS_TYPE && node === this.#parts.node) {
      const connected = await this.#isConnected(address);
      if (isLeftOver({ connected, since: Date.parse(timestamp ?? "") }))
        await this.#parts.ipam.release(address, held.handle);
    }
    return false;
  }

  async #isConnected(address: string): Promise<boolean> {
    const connected = await this.#parts.veths.connected();
    return (await this.#parts.endpoints.list()).some((each) => each.address === address && connected(each.id));
  }

  async #pool(id: string): Promise<Pool> {
    const name = id.slice(id.indexOf("/") + 1);
    const pool = await findPool(this.#parts.etcd, name);
    if (!pool) throw new Error(`IPPool ${name} of this network is gone: make it again, or remove the network`);
    return pool;
  }
}
