import { buffer } from "node:stream/consumers";
import type Docker from "dockerode";
import { extract, pack } from "tar-stream";
import { statusOf } from "./sandbox-error";

/** Reads a file, or all files of a folder, out of a container: path relative to the parent of `path` to content. Undefined if it is not there. */
export async function readFiles(container: Docker.Container, path: string): Promise<Map<string, Buffer> | undefined> {
  let archive: NodeJS.ReadableStream;
  try {
    archive = await container.getArchive({ path });
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
  const files = new Map<string, Buffer>();
  const reader = extract();
  archive.on("error", (error) => reader.destroy(error));
  archive.pipe(reader);
  for await (const entry of reader) {
    const content = await buffer(entry);
    if (entry.header.type === "file") files.set(entry.header.name, content);
  }
  return files;
}

/** Writes files below a folder that exists in the container, for root alone; missing folders between are made. */
export async function writeFiles(
  container: Docker.Container,
  folder: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  const archive = pack();
  for (const [name, content] of Object.entries(files)) archive.entry({ name, mode: 0o600 }, content);
  archive.finalize();
  await container.putArchive(await buffer(archive), { path: folder });
}

/** Runs a command in a container and gives its exit code. */
export async function execute(container: Docker.Container, cmd: readonly string[]): Promise<number | null> {
  const exec = await container.exec({ Cmd: [...cmd], AttachStdout: true, AttachStderr: true });
  const output = await exec.start({});
  output.resume();
  await new Promise<void>((resolve, reject) => {
    output.on("end", resolve);
    output.on("error", reject);
  });
  return (await exec.inspect()).ExitCode;
}

/** The last lines of a container's output, without the engine's frame headers. */
export async function lastLines(container: Docker.Container, count: number): Promise<string[]> {
  const data = await container.logs({ stdout: true, stderr: true, tail: count });
  const text: string[] = [];
  for (let at = 0; at + 8 <= data.length; ) {
    const length = data.readUInt32BE(at + 4);
    text.push(data.subarray(at + 8, at + 8 + length).toString());
    at += 8 + length;
  }
  return text.join("").trimEnd().split("\n");
}
