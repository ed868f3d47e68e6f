import { z } from "zod";
import { Deadline } from "../../runtime/deadline";
import type { DiffResult, Handler, Properties, StackConfig } from "../../runtime/handler";
import { PartialFailure } from "../../runtime/partial-failure";
import { containsUnknown } from "../../runtime/unknown";
import { etcdSettings, openStore } from "../network-settings";
import { agentsOf, formOfAgents } from "./agents";
import { install, isInstalled, uninstall } from "./install";
import { leave } from "./leave";
import { engineOf } from "./location";
import { ensureTunnelPool, removeTunnelPool } from "./tunnel-pool";
import { addUser, hasUsers, isUser, removeUser } from "./users";

const inputsSchema = z.object({
  location: z.string(),
  host: z.string(),
  node: z.string(),
  address: z.string(),
  owner: z.string(),
  felixImage: z.string(),
  driverImage: z.string(),
  pool: z.string(),
  encapsulation: z.enum(["vxlan", "vxlan-cross-subnet", "ipip", "ipip-cross-subnet", "none"]),
  mtu: z.number(),
  iptables: z.enum(["nft", "legacy"]),
  timeoutSeconds: z.number(),
});

type Inputs = z.infer<typeof inputsSchema>;

/** A change of these means another host, or another user of it. */
const REPLACES = ["node", "owner"];
/** How long one waits is no property of a host. */
const CHANGES = [
  "location",
  "host",
  "address",
  "felixImage",
  "driverImage",
  "pool",
  "encapsulation",
  "mtu",
  "iptables",
  "running",
  "form",
];
const FORM = formOfAgents();

/**
 * `calico.Host`: the network driver and Felix on one Docker host, as containers. Several stacks may share a host: each has a resource of
 * its own, the first makes the agents, the last takes them away. Inputs are those of `CalicoHostArgs`, `form`, which changes
 * when a version of Clocker makes the agents otherwise, and `running`, which is true; a refresh says false where an agent does not run as asked.
 */
export const hostHandler: Handler = {
  async check(_olds, news) {
    return { inputs: { ...news, running: true, form: FORM }, failures: [] };
  },

  async diff(_id, olds, news): Promise<DiffResult> {
    const changed = (key: string) => containsUnknown(news[key]) || olds[key] !== news[key];
    const replaces = REPLACES.filter(changed);
    return { changes: replaces.length > 0 || CHANGES.some(changed), replaces, deleteBeforeReplace: true };
  },

  async create(inputs, config) {
    const wanted = inputsSchema.parse(inputs);
    const id = `${wanted.node}/${wanted.owner}`;
    await addUser(openStore(config).client, wanted.node, wanted.owner);
    await run(id, inputs, wanted, config);
    return { id, outs: inputs };
  },

  async read(id, properties, config) {
    const wanted = inputsSchema.parse(properties);
    if (!(await isUser(openStore(config).client, wanted.node, wanted.owner))) return undefined;
    const { engine } = engineOf(config, wanted.location, wanted.host);
    const installed = await Promise.all(
      agentsOf(wanted, etcdSettings(config)).map((agent) => isInstalled(engine, agent)),
    );
    const props = { ...properties, running: installed.every((one) => one) };
    return { id, props, inputs: props };
  },

  async update(id, _olds, news, config) {
    await run(id, news, inputsSchema.parse(news), config);
    return { outs: news };
  },

  async delete(_id, properties, config) {
    const { location, host, node, owner, ...wishes } = inputsSchema.parse(properties);
    const store = openStore(config);
    const alone = await removeUser(store.client, node, owner);
    if (alone === undefined) return;
    const { engine } = engineOf(config, location, host);
    await uninstall(engine, agentsOf({ node, ...wishes }, etcdSettings(config)));
    await leave(store, node, alone);
    if (!(await hasUsers(store.client))) await removeTunnelPool(config);
  },
};

async function run(id: string, properties: Properties, wanted: Inputs, config: StackConfig): Promise<void> {
  const deadline = new Deadline(wanted.timeoutSeconds);
  try {
    const { engine, registries } = engineOf(config, wanted.location, wanted.host);
    await ensureTunnelPool(wanted.pool, wanted.encapsulation, config);
    for (const agent of agentsOf(wanted, etcdSettings(config))) await install(engine, agent, registries, deadline);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new PartialFailure(`host "${wanted.host}" of location "${wanted.location}": ${reason}`, {
      id,
      properties: { ...properties, running: false },
    });
  }
}
