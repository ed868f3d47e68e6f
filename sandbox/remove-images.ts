import { inspectImage, REPOSITORY, removeImage } from "./build/image";
import type { Engine } from "./engine/connect";

/** Removes every image that the sandbox made, and the nameless stages of their builds. */
export async function removeImages(engine: Engine): Promise<void> {
  const all = await engine.docker.listImages();
  const tags = all.flatMap(({ RepoTags }) => RepoTags ?? []).filter((tag) => tag.startsWith(`${REPOSITORY}/`));
  const bases = tags.filter((tag) => tag.startsWith(`${REPOSITORY}/base:`));
  const layers = await Promise.all(bases.map((tag) => layersOf(engine, tag)));
  const lastLayers = layers.map((list) => list.at(-1)).filter((layer) => layer !== undefined);
  // Stages bear no name; they are known by the base's last layer, which only images of the sandbox have.
  const nameless = all.filter(({ RepoTags }) => !RepoTags?.length || RepoTags[0] === "<none>:<none>");
  const stages: string[] = [];
  for (const { Id } of nameless) {
    const own = await layersOf(engine, Id);
    if (lastLayers.some((layer) => own.includes(layer))) stages.push(Id);
  }
  for (const image of [...tags.filter((tag) => !bases.includes(tag)), ...stages, ...bases]) {
    await removeImage(engine, image);
  }
}

async function layersOf(engine: Engine, image: string): Promise<readonly string[]> {
  return (await inspectImage(engine, image))?.RootFS.Layers ?? [];
}
