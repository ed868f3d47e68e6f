import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import type Docker from "dockerode";

export interface Ran {
  readonly exitCode: number;
  /** Standard output and error as they came. */
  readonly output: string;
}

/** Runs a command inside a running container. */
export async function runInside(container: Docker.Container, command: readonly string[]): Promise<Ran> {
  const exec = await container.exec({ Cmd: [...command], AttachStdout: true, AttachStderr: true });
  const stream = await exec.start({});
  const merged = new PassThrough();
  container.modem.demuxStream(stream, merged, merged);
  stream.once("end", () => merged.end());
  const output = await text(merged);
  const { ExitCode } = await exec.inspect();
  return { exitCode: ExitCode ?? -1, output };
}
