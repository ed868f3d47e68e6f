import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import axios from "axios";
import { EngineError, messageOf } from "./errors";

/** Where Pulumi publishes its releases. */
export const officialReleases = "https://get.pulumi.com/releases/sdk";

const answerTimeoutMs = 5_000;
const stallTimeoutMs = 20_000;

/** Published list of the SHA-256 sums of a release's archives. */
export function checksumsUrl(releases: string, version: string): string {
  return `${releases}/pulumi-${version}-checksums.txt`;
}

/** The body of a small text file; undefined when the server answers that there is none. Honours HTTPS_PROXY. */
export async function fetchText(url: string): Promise<string | undefined> {
  try {
    const response = await axios.get<string>(url, {
      responseType: "text",
      timeout: answerTimeoutMs,
      signal: AbortSignal.timeout(answerTimeoutMs),
      validateStatus: (status) => status === 200 || status === 403 || status === 404,
    });
    return response.status === 200 ? response.data : undefined;
  } catch (error) {
    throw unreachable(url, error);
  }
}

/** Writes the body to a file; gives up when nothing comes for 20 s. Resolves to its SHA-256 in hexadecimal. */
export async function fetchFile(
  url: string,
  file: string,
  onProgress: (received: number, total: number) => void,
): Promise<string> {
  const abort = new AbortController();
  const hash = createHash("sha256");
  let timer = setTimeout(() => abort.abort(), answerTimeoutMs);
  let received = 0;
  try {
    const response = await axios.get<Readable>(url, { responseType: "stream", signal: abort.signal });
    const total = Number(response.headers["content-length"] ?? 0);
    const measured = async function* (source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
      for await (const chunk of source) {
        clearTimeout(timer);
        timer = setTimeout(() => abort.abort(), stallTimeoutMs);
        hash.update(chunk);
        received += chunk.length;
        onProgress(received, total);
        yield chunk;
      }
    };
    await pipeline(response.data, measured, createWriteStream(file), { signal: abort.signal });
    return hash.digest("hex");
  } catch (error) {
    throw unreachable(url, error);
  } finally {
    clearTimeout(timer);
  }
}

function unreachable(url: string, error: unknown): EngineError {
  const { host } = new URL(url);
  const reason =
    axios.isCancel(error) || (error instanceof Error && error.name === "AbortError")
      ? "no answer in time"
      : messageOf(error);
  return new EngineError(`${url} cannot be fetched: ${reason}`, `allow https to ${host} (HTTPS_PROXY is honoured)`);
}
