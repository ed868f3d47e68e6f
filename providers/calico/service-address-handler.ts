import { z } from "zod";
import type { CheckFailure, DiffResult, Handler, Properties, StackConfig } from "../runtime/handler";
import { containsUnknown } from "../runtime/unknown";
import { Ipam } from "./ipam/ipam";
import { holds, parseAddress } from "./ipam/ipv4";
import { findPool, type Pool } from "./ipam/pool";
import { SERVICE_ADDRESS_TYPE, serviceHandle } from "./ipam/reserved";
import { openStore } from "./network-settings";
import { isSubdomain } from "./validation/name-leaves";

const inputsSchema = z.object({ range: z.string(), node: z.string(), service: z.string() });

/** The handle is one segment of a key of etcd. */
const SERVICE = /^[a-zA-Z0-9]([a-zA-Z0-9._-]{0,198}[a-zA-Z0-9])?$/;
const REPLACES = ["range", "node", "service"];

/**
 * `calico.ServiceAddress`: an address that Calico's IPAM keeps for one service on one node. Inputs are `range`, `node` and
 * `service`, outputs the inputs and `address`.
 */
export const serviceAddressHandler: Handler = {
  async check(_olds, { range, node, service }) {
    const inputs = { range, node, service };
    const failures: CheckFailure[] = [];
    const refuse = (property: string, value: unknown, usable: boolean, allowed: string) => {
      if (containsUnknown(value) || usable) return;
      failures.push({ property, reason: `must be ${allowed}; it is ${JSON.stringify(value)}` });
    };
    refuse("range", range, isName(range), "the name of an IPPool");
    refuse("node", node, isName(node), "the name of a Calico node: lower-case letters, digits, '-' and '.'");
    refuse("service", service, SERVICE.test(String(service)), "at most 200 letters, digits, '-', '_' and '.'");
    return { inputs, failures };
  },

  async diff(_id, olds, news): Promise<DiffResult> {
    const replaces = REPLACES.filter((key) => containsUnknown(news[key]) || olds[key] !== news[key]);
    return { changes: replaces.length > 0, replaces };
  },

  async create(properties, config) {
    const { range, node, service } = inputsSchema.parse(properties);
    const { client } = openStore(config);
    const pool = await findPool(client, range);
    if (!pool) throw new Error(`IPPool ${range} does not exist: make it first, or let what makes it be in dependsOn`);
    const ipam = new Ipam(client, node);
    const address =
      (await addressLeft(ipam, pool, node, service)) ??
      (await ipam.assign(pool, {
        handle: serviceHandle(service),
        attributes: { type: SERVICE_ADDRESS_TYPE, service },
      }));
    return { id: address, outs: { range, node, service, address } };
  },

  async read(id, properties, config) {
    const { node, service } = inputsSchema.parse(properties);
    const held = await new Ipam(openStore(config).client, node).allocation(id);
    if (held?.handle !== serviceHandle(service) || held.attributes["node"] !== node) return undefined;
    const { address: _, ...inputs } = properties;
    return { id, inputs, props: { ...inputs, address: id } };
  },

  async update(id, _olds, news) {
    return { outs: { ...news, address: id } };
  },

  async delete(id, properties: Properties, config: StackConfig) {
    const { node, service } = inputsSchema.parse(properties);
    await new Ipam(openStore(config).client, node).release(id, serviceHandle(service));
  },
};

/** What a create that was interrupted has assigned. */
async function addressLeft(ipam: Ipam, pool: Pool, node: string, service: string): Promise<string | undefined> {
  const left = (await ipam.allocationsOf(serviceHandle(service))).find(({ address, attributes }) => {
    return attributes["node"] === node && holds(pool.range, parseAddress(address) ?? -1);
  });
  return left?.address;
}

function isName(value: unknown): boolean {
  return typeof value === "string" && isSubdomain(value);
}
