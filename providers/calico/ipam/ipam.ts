import { setTimeout as delay } from "node:timers/promises";
import type { EtcdClient } from "../etcd-client";
import type { Attributes, BlockEntry } from "./block";
import { chooseAddress } from "./choose";
import {
  blockOf,
  blocksIn,
  commitAll,
  confirmAffinity,
  countHandle,
  createBlock,
  handleBlocks,
  replaceBlock,
  situation,
} from "./claims";
import { addressText, parseAddress, parseRange, type Range, rangeText } from "./ipv4";
import type { Pool } from "./pool";

export interface AssignRequest {
  /** Names whom the address belongs to; an owner may have several addresses. */
  readonly handle: string;
  /** `type` says what the address is for; `node` and `timestamp` are added. */
  readonly attributes: Attributes;
  /** This address and no other. */
  readonly address?: string | undefined;
}

export interface Allocation {
  readonly address: string;
  readonly handle: string;
  readonly attributes: Attributes;
}

const ATTEMPTS = 100;
const LONGEST_PAUSE_MS = 200;
const EVERYTHING: Range = { first: 0, prefix: 0 };

/**
 * Calico's IPAM for the addresses of one node, in the datamodel that calico-ipam, calicoctl and Felix share. Addresses come from
 * blocks of the node first, then from a new block, then, unless Calico's IPAM has strict affinity, from a block of another node.
 */
export class Ipam {
  readonly #etcd: EtcdClient;
  readonly #node: string;
  #last: Promise<unknown> = Promise.resolve();

  constructor(etcd: EtcdClient, node: string) {
    this.#etcd = etcd;
    this.#node = node;
  }

  /**
   * Takes a free address of the pool for this node. IPReservations are honoured, but not against a fixed address.
   * @throws Error if there is none, or the fixed one cannot be had; it says what to do.
   */
  assign(pool: Pool, request: AssignRequest): Promise<string> {
    const wanted = request.address === undefined ? undefined : numberOf(request.address);
    return this.#retried(`no address of IPPool ${pool.name} could be assigned`, async () => {
      const now = await situation(this.#etcd, this.#node, pool);
      const { address, block, stored } = chooseAddress(pool, now, this.#node, wanted);
      const stamped = { ...request.attributes, node: this.#node, timestamp: new Date().toISOString() };
      const assigned = block.assign(address, request.handle, stamped);
      const changes = [
        stored ? replaceBlock(stored, assigned) : createBlock(assigned),
        await countHandle(this.#etcd, request.handle, rangeText(block.range), 1),
      ];
      if (block.node === this.#node) changes.push(confirmAffinity(this.#node, block.range, now.affinities));
      return (await commitAll(this.#etcd, ...changes)) ? addressText(address) : undefined;
    });
  }

  /** Frees an address; false if it was not assigned, or not to `handle` where one is given. */
  release(address: string, handle?: string): Promise<boolean> {
    const number = numberOf(address);
    return this.#retried(`${address} could not be released`, async () => {
      const stored = await blockOf(this.#etcd, number);
      const entry = stored?.block.at(number);
      if (!stored || !entry || (handle !== undefined && entry.handle !== handle)) return false;
      const changes = [replaceBlock(stored, stored.block.release(number))];
      if (entry.handle !== "") {
        changes.push(await countHandle(this.#etcd, entry.handle, rangeText(stored.block.range), -1));
      }
      return (await commitAll(this.#etcd, ...changes)) || undefined;
    });
  }

  /** Frees every address of a handle and tells which these were. */
  async releaseHandle(handle: string): Promise<string[]> {
    const released: string[] = [];
    for (const { address } of await this.allocationsOf(handle)) {
      if (await this.release(address, handle)) released.push(address);
    }
    return released;
  }

  /** Undefined if the address is free. */
  async allocation(address: string): Promise<Allocation | undefined> {
    const number = numberOf(address);
    const entry = (await blockOf(this.#etcd, number))?.block.at(number);
    return entry && allocationFrom(entry);
  }

  /** The addresses of a handle, of whatever node. */
  async allocationsOf(handle: string): Promise<Allocation[]> {
    const found: Allocation[] = [];
    for (const cidr of await handleBlocks(this.#etcd, handle)) {
      const range = parseRange(cidr);
      const blocks = range ? await blocksIn(this.#etcd, range) : [];
      const entries = blocks.flatMap(({ block }) => block.entries);
      found.push(...entries.filter((entry) => entry.handle === handle).map(allocationFrom));
    }
    return found;
  }

  /** The addresses of this node whose attribute `type` is this. */
  async allocationsOfType(type: string): Promise<Allocation[]> {
    const blocks = await blocksIn(this.#etcd, EVERYTHING);
    const allocations = blocks.flatMap(({ block }) => block.entries).map(allocationFrom);
    return allocations.filter(({ attributes }) => attributes["type"] === type && attributes["node"] === this.#node);
  }

  /** Work that gives undefined lost a race; all work of this object is done one after the other, so that few are lost. */
  #retried<T>(failure: string, work: () => Promise<T | undefined>): Promise<T> {
    const attempts = async () => {
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        const result = await work();
        if (result !== undefined) return result;
        await delay(Math.random() * Math.min(10 * (attempt + 1), LONGEST_PAUSE_MS));
      }
      throw new Error(`${failure}: others changed the same block ${ATTEMPTS} times in a row; try again`);
    };
    const result = this.#last.then(attempts, attempts);
    this.#last = result.catch(() => undefined);
    return result;
  }
}

function allocationFrom({ address, handle, attributes }: BlockEntry): Allocation {
  return { address: addressText(address), handle, attributes };
}

function numberOf(address: string): number {
  const number = parseAddress(address);
  if (number === undefined) throw new Error(`'${address}' is no IPv4 address such as 192.0.2.7`);
  return number;
}
