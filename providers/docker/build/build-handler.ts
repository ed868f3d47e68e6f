import { z } from "zod";
import { Deadline } from "../../runtime/deadline";
import type { Handler } from "../../runtime/handler";
import { containsUnknown } from "../../runtime/unknown";
import { statusOf } from "../connection";
import { openHost, placeSchema } from "../location";
import { buildImage } from "./build";
import { digestOf } from "./context";
import { sourceSchema } from "./source";

const inputsSchema = placeSchema.extend({
  name: z.string(),
  digest: z.string(),
  source: sourceSchema,
  args: z.record(z.string(), z.string()),
  labels: z.record(z.string(), z.string()),
  target: z.string().optional(),
  timeoutSeconds: z.number(),
});

/** What an image is; where its files lie on this machine, which differs between machines, is none of it. */
const REPLACES = ["location", "host", "name", "digest"];

/**
 * `docker.Build`: an image that the engine of a host builds. Another content is another image, so that the former stays until what runs
 * of it is replaced. Deleting it removes the image, unless a container runs of it. Inputs are those of `ImageBuildArgs`, outputs the inputs
 * and `imageId`.
 */
export const buildHandler: Handler = {
  async check(_olds, news) {
    return { inputs: news, failures: [] };
  },

  async diff(_id, olds, news) {
    const changed = (key: string) => containsUnknown(news[key]) || olds[key] !== news[key];
    const replaces = REPLACES.filter(changed);
    return { changes: replaces.length > 0, replaces };
  },

  async create(properties, config) {
    const { source, name, digest, args, labels, target, timeoutSeconds } = inputsSchema.parse(properties);
    const { engine, registries } = openHost(properties, config);
    const options = { args, labels, target };
    if ((await digestOf(source, options)) !== digest) {
      throw new Error(`the files of image ${name} changed while the update ran: run it again`);
    }
    const build = { source, ...options, tag: tagOf(name, digest), registries };
    const imageId = await buildImage(engine, build, new Deadline(timeoutSeconds));
    return { id: imageId, outs: { ...properties, imageId } };
  },

  async read(id, properties, config) {
    const { engine } = openHost(properties, config);
    try {
      await engine.getImage(id).inspect();
    } catch (error) {
      if (statusOf(error) === 404) return undefined;
      throw error;
    }
    const { imageId: _, ...inputs } = properties;
    return { id, props: { ...inputs, imageId: id }, inputs };
  },

  async update(id, _olds, news) {
    return { outs: { ...news, imageId: id } };
  },

  async delete(_id, properties, config) {
    const { engine } = openHost(properties, config);
    try {
      // By its name: the same image may have been built under another one.
      await engine.getImage(tagOf(String(properties["name"]), String(properties["digest"]))).remove();
    } catch (error) {
      // 409: a container of others runs of it.
      if (![404, 409].includes(statusOf(error) ?? 0)) throw error;
    }
  },
};

function tagOf(name: string, digest: string): string {
  return `${name}:${digest.slice(0, 16)}`;
}
