import type Docker from "dockerode";
import { reasonOf, statusOf } from "./connection";

/** Registry credentials as in a Docker location's settings. */
export interface Registry {
  readonly address: string;
  readonly username: string;
  readonly password: string;
}

/** Pulls the image unless the host has it. */
export async function ensureImage(
  engine: Docker,
  image: string,
  registries: readonly Registry[],
  remedy: string,
): Promise<void> {
  try {
    await engine.getImage(image).inspect();
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
    await pullImage(engine, image, registries, remedy);
  }
}

/** @throws Error that names the image, with the remedy, if no registry gives it. */
export async function pullImage(
  engine: Docker,
  image: string,
  registries: readonly Registry[],
  remedy: string,
): Promise<void> {
  try {
    const progress = await engine.pull(image, { authconfig: authOf(image, registries) });
    await new Promise<void>((resolve, reject) => {
      engine.modem.followProgress(progress, (error) => (error ? reject(error) : resolve()));
    });
  } catch (error) {
    throw new Error(`image "${image}" is not available: ${reasonOf(error)}. ${remedy}`);
  }
}

/** Credentials for the image's registry; an image without registry is on Docker Hub. */
export function authOf(image: string, registries: readonly Registry[]) {
  const [first = ""] = image.split("/");
  const isRegistry = image.includes("/") && (first.includes(".") || first.includes(":") || first === "localhost");
  const address = isRegistry ? first : "docker.io";
  const found = registries.find((registry) => registry.address === address);
  return found && { username: found.username, password: found.password, serveraddress: found.address };
}
