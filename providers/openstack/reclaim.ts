import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import type { Api, OpenStackClient, Query } from "./client";

const GONE_SECONDS = 300;
const POLL_MS = 2_000;

/** What an interrupted run may have left behind, recognised by what the next one is about to create. */
export interface Leftover {
  /** Pulumi's type, e.g. `openstack:compute/instance:Instance`; types that leave nothing harmful are ignored. */
  readonly type: string;
  /** The inputs of the creation. */
  readonly inputs: Readonly<Record<string, unknown>>;
}

/**
 * Removes what an earlier, interrupted creation of the same resource left in the cloud, so that the next one neither fails nor makes a
 * second. Only what has the same name and all our tags (servers: metadata) is touched; what has none of its own is recognised by what
 * it belongs to.
 * @throws Error if something of ours cannot be removed within five minutes.
 */
export async function reclaim(client: OpenStackClient, { type, inputs }: Leftover): Promise<void> {
  await RECLAIMERS[type]?.(client, inputs);
}

type Inputs = Leftover["inputs"];
type Reclaimer = (client: OpenStackClient, inputs: Inputs) => Promise<void>;

const identified = z.object({ id: z.string() });

const RECLAIMERS: Readonly<Record<string, Reclaimer>> = {
  "openstack:compute/instance:Instance": removeServers,
  "openstack:compute/keypair:Keypair": removeKeypair,
  "openstack:networking/network:Network": tagged("networks", ["name"]),
  "openstack:networking/subnet:Subnet": tagged("subnets", ["name", "networkId"]),
  "openstack:networking/router:Router": tagged("routers", ["name"]),
  "openstack:networking/routerInterface:RouterInterface": removeRouterInterface,
  "openstack:networking/secGroup:SecGroup": tagged("security-groups", ["name"]),
  "openstack:networking/secGroupRule:SecGroupRule": removeRule,
  "openstack:networking/port:Port": tagged("ports", ["name", "networkId"]),
  "openstack:networking/floatingIp:FloatingIp": tagged("floatingips", ["description"]),
};

const serverSchema = identified.extend({ name: z.string(), metadata: z.record(z.string(), z.string()) });

async function removeServers(client: OpenStackClient, inputs: Inputs): Promise<void> {
  const labels = Object.entries(z.record(z.string(), z.string()).parse(inputs["metadata"]));
  const name = text(inputs, "name");
  // Nova takes the name as a regular expression.
  const servers = await client.list("compute", "/servers/detail", "servers", serverSchema, { name: `^${name}$` });
  const ours = servers.filter(
    (server) =>
      labels.length > 0 && server.name === name && labels.every(([key, value]) => server.metadata[key] === value),
  );
  for (const { id } of ours) {
    await client.delete("compute", `/servers/${id}`);
    await untilGone(client, "compute", `/servers/${id}`, "server", `server ${name} (${id})`);
  }
}

/** Key pairs bear no tags; one with our public key is ours. */
async function removeKeypair(client: OpenStackClient, inputs: Inputs): Promise<void> {
  const path = `/os-keypairs/${encodeURIComponent(text(inputs, "name"))}`;
  const found = await client.find("compute", path, "keypair", z.object({ public_key: z.string() }));
  if (found?.public_key.trim() === text(inputs, "publicKey").trim()) await client.delete("compute", path);
}

/** A router refuses a second port on a subnet. */
async function removeRouterInterface(client: OpenStackClient, inputs: Inputs): Promise<void> {
  const [router, subnet] = [text(inputs, "routerId"), text(inputs, "subnetId")];
  const query = { device_id: router, fixed_ips: `subnet_id=${subnet}` };
  const ports = await client.list("network", "/ports", "ports", identified, query);
  if (ports.length > 0) {
    await client.put("network", `/routers/${router}/remove_router_interface`, { subnet_id: subnet });
  }
}

const ruleSchema = identified.extend({
  remote_ip_prefix: z.string().nullable(),
  remote_group_id: z.string().nullable(),
});

/** A group refuses the same rule twice; the group is ours, so is the rule. */
async function removeRule(client: OpenStackClient, inputs: Inputs): Promise<void> {
  const query = {
    security_group_id: text(inputs, "securityGroupId"),
    direction: text(inputs, "direction"),
    ethertype: text(inputs, "ethertype"),
    protocol: text(inputs, "protocol"),
    port_range_min: Number(inputs["portRangeMin"]),
    port_range_max: Number(inputs["portRangeMax"]),
  };
  const rules = await client.list("network", "/security-group-rules", "security_group_rules", ruleSchema, query);
  for (const rule of rules) {
    const same =
      (rule.remote_ip_prefix ?? "") === (inputs["remoteIpPrefix"] ?? "") &&
      (rule.remote_group_id ?? "") === (inputs["remoteGroupId"] ?? "");
    if (same) await client.delete("network", `/security-group-rules/${rule.id}`);
  }
}

const QUERY_NAMES: Readonly<Record<string, string>> = { networkId: "network_id" };

/** Removes those of a Neutron collection that agree in the properties and bear all tags of the creation. */
function tagged(collection: string, properties: readonly string[]): Reclaimer {
  return async (client, inputs) => {
    const tags = z.array(z.string()).parse(inputs["tags"] ?? []);
    if (tags.length === 0) return;
    const query: Query = Object.fromEntries([
      ...properties.map((property) => [QUERY_NAMES[property] ?? property, text(inputs, property)]),
      ["tags", tags.join(",")],
    ]);
    const found = await client.list("network", `/${collection}`, collection.replaceAll("-", "_"), identified, query);
    for (const { id } of found) await client.delete("network", `/${collection}/${id}`);
  };
}

async function untilGone(client: OpenStackClient, api: Api, path: string, key: string, what: string): Promise<void> {
  const end = performance.now() + GONE_SECONDS * 1000;
  while ((await client.find(api, path, key, z.unknown())) !== undefined) {
    if (performance.now() > end) {
      throw new Error(
        `${what}, left by an interrupted run, was not deleted within ${GONE_SECONDS} s: delete it by hand and run again`,
      );
    }
    await delay(POLL_MS);
  }
}

function text(inputs: Inputs, key: string): string {
  const value = inputs[key];
  if (typeof value !== "string" || value === "") throw new Error(`cannot look for leftovers: ${key} is not known`);
  return value;
}
