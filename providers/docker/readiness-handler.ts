import { z } from "zod";
import type { DiffResult, Handler, Properties, StackConfig } from "../runtime/handler";
import { containsUnknown } from "../runtime/unknown";
import { addressOf, inspect } from "./container-state";
import { openHost, placeSchema } from "./location";
import { waitUntilReady } from "./readiness";

const inputsSchema = placeSchema.extend({
  containerId: z.string(),
  ports: z.array(z.number()),
  probeImage: z.string(),
  timeoutSeconds: z.number(),
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
    const { engine } = openHost(properties, config);
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
  const { engine, registries } = openHost(properties, config);
  return { ...properties, address: await waitUntilReady(engine, { ...inputs, registries }) };
}
