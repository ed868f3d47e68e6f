import type Docker from "dockerode";
import { pack } from "tar-stream";
import type { Deadline } from "../../runtime/deadline";
import { reasonOf } from "../connection";
import { authOf, ensureImage, type Registry } from "../pull";
import { packContext, readContext } from "./context";
import { baseImages } from "./dockerfile";
import { type BuildEvent, BuildOutput } from "./output";
import type { BuildOptions, BuildSource } from "./source";

export interface Build extends BuildOptions {
  readonly source: BuildSource;
  /** What the image is called on the engine. */
  readonly tag: string;
  readonly registries: readonly Registry[];
}

/**
 * Builds an image on an engine, by BuildKit.
 * @returns the image's id.
 * @throws Error with the step that failed and the last lines of the output.
 */
export async function buildImage(engine: Docker, build: Build, deadline: Deadline): Promise<string> {
  const { source, args, target, tag } = build;
  const url = "url" in source.dockerfile ? source.dockerfile.url : undefined;
  const context = url === undefined ? await readContext(source) : undefined;
  if (context !== undefined) await pullBases(engine, baseImages(context.dockerfile, args), build.registries);
  const output = new BuildOutput();
  try {
    const stream = await engine.buildImage(context === undefined ? emptyContext() : await packContext(context), {
      t: tag,
      version: "2",
      dockerfile: source.dockerfileName,
      buildargs: { ...args },
      labels: { ...build.labels },
      ...(target !== undefined && { target }),
      ...(url !== undefined && { remote: url }),
      abortSignal: deadline.signal,
    });
    await follow(engine, stream, output);
    const { Id: id } = await engine.getImage(tag).inspect();
    return id;
  } catch (error) {
    const reason = deadline.expired
      ? `it took more than ${deadline.seconds} s (docker.build.timeout)`
      : reasonOf(error);
    throw new Error(`cannot build image ${tag}: ${output.describe(reason)}`);
  }
}

/** The engine asks registries without credentials, so what needs them is there before. */
async function pullBases(engine: Docker, images: readonly string[], registries: readonly Registry[]): Promise<void> {
  for (const image of images.filter((one) => authOf(one, registries) !== undefined)) {
    await ensureImage(
      engine,
      image,
      registries,
      "The Dockerfile builds on it: correct its name, or the location's registries",
    );
  }
}

async function follow(engine: Docker, stream: NodeJS.ReadableStream, output: BuildOutput): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    let failed: Error | undefined;
    engine.modem.followProgress(
      stream,
      (error: Error | null) => ((error ?? failed) ? reject(error ?? failed) : resolve()),
      (event: BuildEvent) => {
        if (event.error !== undefined) failed ??= new Error(event.error.trim());
        else output.add(event);
      },
    );
  });
}

function emptyContext(): NodeJS.ReadableStream {
  const archive = pack();
  archive.finalize();
  return archive as unknown as NodeJS.ReadableStream;
}
