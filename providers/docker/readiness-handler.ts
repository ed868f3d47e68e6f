import { z } from "zod";
import { locationSettings } from "../runtime/config";
import type { DiffResult, Handler, Properties, StackConfig } from "../runtime/handler";
import { containsUnknown } from "../runtime/unknown";
import { connectDocker } from "./connection";
import { addressOf, inspect } from "./container-state";
import { waitUntilReady } from "./readiness";

const placeSchema = z.object({ location: z.string(), host: z.string() });

const inputsSchema = placeSchema.extend({
  containerId: z.string(),
  ports: z.array(z.number()),
  probeImage: z.string(),
  timeoutSeconds: z.number(),
});

const locationSchema = z.object({
  hosts: z.record(
    z.string(),
    z.object({ url: z.string(), tls: z.object({ ca: z.string(), cert: z.string(), key: z.string() }).optional() }),
  ),
  registries: z.array(z.object({ address: z.string(), username: z.string(), password: z.string() })).default([]),
});

/** A change of these means another container; how long and by what image one waits is no property of a ready container. */
const REPLACES = ["location", "host", "containerId", "triggers"];

/**
 * `docker.Readiness`: a container that runs, whose health check passed and whose ports answer. It exists as long as the container runs;
 * deleting it does nothing. Inputs are those of `ContainerReadinessArgs`, outputs the inputs and `address`.
 */
export const readinessHandler: Handler = {
  async check(_olds, news) {
    return { inputs: news, failures: [] };
  },

  async diff(_id, olds, news): Promise<DiffResult> {
    const changed = (key: string) =>
      containsUnknown(news[key]) || JSON.stringify(olds[key] ?? null) !== JSON.stringify(news[key] ?? null);
    const replaces = REPLACES.filter(changed);
    return { changes: replaces.length > 0 || changed("ports"), replaces };
  },

  async create(inputs, config) {
    const outs = await ready(inputs, config);
    return { id: String(inputs["containerId"]), outs };
  },

  async read(id, properties, config) {
    const { engine } = open(properties, config);
    const info = await inspect(engine, id);
    // A stopped container is started again by whoever made it; then it has to become ready anew.
    if (!info?.State.Running) return undefined;
    const { address: _, ...inputs } = properties;
    return { id, props: { ...inputs, address: addressOf(info) }, inputs };
  },

  async update(_id, _olds, news, config) {
    return { outs: await ready(news, config) };
  },

  async delete() {},
};

async function ready(properties: Properties, config: StackConfig): Promise<Properties> {
  const inputs = inputsSchema.parse(properties);
  const { engine, registries } = open(properties, config);
  return { ...properties, address: await waitUntilReady(engine, { ...inputs, registries }) };
}

function open(properties: Properties, config: StackConfig) {
  const { location, host } = placeSchema.parse(properties);
  const { hosts, registries } = locationSettings(config, location, locationSchema);
  const settings = hosts[host];
  if (!settings) {
    const known = Object.keys(hosts).sort().join(", ");
    throw new Error(
      `location "${location}" has no host "${host}": its hosts are ${known}. Add it to clocker:locations`,
    );
  }
  return { engine: connectDocker(settings), registries };
}
