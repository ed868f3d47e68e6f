import path from "node:path";
import type Docker from "dockerode";
import type { Engine } from "../engine/connect";
import { type Log, step } from "../progress";
import { projectFolder } from "../project";
import { reason, SandboxError, statusOf } from "../sandbox-error";
import { type ContextFile, contentHash, packContext, readContext } from "./context";
import { followProgress } from "./follow";

/** Prefix of every image that the sandbox makes. */
export const REPOSITORY = "clocker-sandbox";

/** An image to build. */
export interface ImageSpec {
  /** Last part of the repository's name. */
  readonly name: string;
  /** Folder below sandbox/images; default: the name. */
  readonly context?: string;
  readonly target?: string;
  /** Build arguments; they take part in the tag. */
  readonly args: Readonly<Record<string, string>>;
  /** Files that are made and not kept in the folder; they take part in the tag. */
  readonly generated?: readonly ContextFile[];
  /** Files of this machine that do not change what is built; they do not take part in the tag. */
  readonly ambient?: readonly ContextFile[];
  readonly labels?: Readonly<Record<string, string>>;
  /** How it is made and how long that takes, for the progress line. */
  readonly expected?: string;
}

/** The tag of an image: it changes with everything that goes into it. */
export async function imageTag(spec: ImageSpec): Promise<string> {
  const args = { ...spec.args, target: spec.target ?? "", labels: JSON.stringify(spec.labels ?? {}) };
  return `${REPOSITORY}/${spec.name}:${contentHash(await contextOf(spec), args)}`;
}

/** Gives the tag of an image that is there already under its content's hash, or builds it. */
export async function ensureImage(engine: Engine, spec: ImageSpec, log: Log): Promise<string> {
  const tag = await imageTag(spec);
  if (await imageExists(engine, tag)) return tag;
  const title = `image ${spec.name}${spec.expected ? ` (${spec.expected})` : ""}`;
  const files = [...(await contextOf(spec)), ...(spec.ambient ?? [])];
  await step(log, title, async (note) => {
    const stream = await engine.docker.buildImage(packContext(files), {
      t: tag,
      ...(spec.target ? { target: spec.target } : {}),
      buildargs: { ...proxyArguments(process.env), ...spec.args },
      labels: { ...spec.labels },
      forcerm: true,
    });
    const output: string[] = [];
    try {
      await followProgress(engine.docker, stream, (text) => {
        output.push(text);
        const line = text.trim().split("\n").at(-1) ?? "";
        if (/^Step \d+\/\d+/.test(line)) note(line.replace(/\s+/g, " ").slice(0, 110));
      });
    } catch (error) {
      const tail = output.join("").trimEnd().split("\n").slice(-15).join("\n");
      throw new SandboxError(`cannot build the image ${spec.name}: ${reason(error)}\n${tail}`);
    }
  });
  return tag;
}

/** Whether the engine has an image. */
export async function imageExists(engine: Pick<Engine, "docker">, tag: string): Promise<boolean> {
  return (await inspectImage(engine, tag)) !== undefined;
}

/** What an engine knows of an image, undefined if it does not have it. */
export async function inspectImage(
  engine: Pick<Engine, "docker">,
  tag: string,
): Promise<Docker.ImageInspectInfo | undefined> {
  try {
    return await engine.docker.getImage(tag).inspect();
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

/** Removes an image if it is there. */
export async function removeImage(engine: Pick<Engine, "docker">, tag: string): Promise<void> {
  try {
    await engine.docker.getImage(tag).remove({ force: true });
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
  }
}

/** Proxies of this machine for the commands of a build; Docker keeps these arguments out of the image. */
export function proxyArguments(env: NodeJS.ProcessEnv): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"]) {
    const value = env[name] ?? env[name.toLowerCase()];
    if (value) found[name] = value;
  }
  return found;
}

async function contextOf(spec: ImageSpec): Promise<ContextFile[]> {
  const folder = path.join(projectFolder(), "sandbox", "images", spec.context ?? spec.name);
  return [...(await readContext(folder)), ...(spec.generated ?? [])];
}
