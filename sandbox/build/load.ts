import type Docker from "dockerode";
import { followProgress } from "./follow";
import { inspectImage } from "./image";

/** Copies an image of one engine to another, where it bears the name `name` (with its tag) too. */
export async function loadImage(from: Docker, to: Docker, tag: string, name: string): Promise<void> {
  const archive = await from.getImage(tag).get();
  await followProgress(to, await to.loadImage(archive), () => undefined);
  // Only the hosts know the public name: on the user's own engine it would hide the real image.
  const colon = name.lastIndexOf(":");
  await to.getImage(tag).tag({ repo: name.slice(0, colon), tag: name.slice(colon + 1) });
}

/** Whether an engine has under `name` what is known as `tag` there. */
export async function isLoaded(docker: Docker, tag: string, name: string): Promise<boolean> {
  const found = await inspectImage({ docker }, name);
  return found !== undefined && found.Id === (await inspectImage({ docker }, tag))?.Id;
}
