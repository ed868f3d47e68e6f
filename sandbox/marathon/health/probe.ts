import * as http from "node:http";
import * as https from "node:https";
import * as net from "node:net";

/** What a probe found: `cause` says why it failed. */
export interface ProbeResult {
  readonly ok: boolean;
  readonly cause?: string;
  readonly status?: number;
  readonly contentType?: string;
  readonly body?: string;
}

/** Where and how to ask. `timeoutSeconds` covers the whole probe. */
export interface ProbeTarget {
  readonly host: string;
  readonly port: number;
  readonly timeoutSeconds: number;
}

/** GETs the path; ok is status 200 to 399. Certificates are not checked, as Marathon does not. */
export function probeHttp(target: ProbeTarget & { path: string; secure: boolean }): Promise<ProbeResult> {
  const { host, port, path, secure, timeoutSeconds } = target;
  return new Promise((resolve) => {
    const options = { host, port, path, timeout: timeoutSeconds * 1000, rejectUnauthorized: false, agent: false };
    const request = (secure ? https : http).get(options, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => {
        if (chunks.length < 64) chunks.push(chunk);
      });
      response.on("error", (error) => resolve({ ok: false, cause: describe(error, target) }));
      response.on("end", () => {
        const status = response.statusCode ?? 0;
        const ok = status >= 200 && status < 400;
        resolve({
          ok,
          status,
          contentType: response.headers["content-type"] ?? "",
          body: Buffer.concat(chunks).toString("utf8"),
          ...(ok ? {} : { cause: `${status} ${http.STATUS_CODES[status] ?? ""}`.trim() }),
        });
      });
    });
    request.on("timeout", () => request.destroy(new Error("timed out")));
    request.on("error", (error) => resolve({ ok: false, cause: describe(error, target) }));
  });
}

/** Opens a connection; ok once it stands. */
export function probeTcp(target: ProbeTarget): Promise<ProbeResult> {
  return new Promise((resolve) => {
    const socket = net.connect({ host: target.host, port: target.port, timeout: target.timeoutSeconds * 1000 });
    const end = (result: ProbeResult): void => {
      socket.destroy();
      resolve(result);
    };
    socket.on("connect", () => end({ ok: true }));
    socket.on("timeout", () => end({ ok: false, cause: describe(new Error("timed out"), target) }));
    socket.on("error", (error) => end({ ok: false, cause: describe(error, target) }));
  });
}

function describe(error: Error & { code?: string }, { host, port, timeoutSeconds }: ProbeTarget): string {
  if (error.message === "timed out") return `ConnectException: ${host}:${port} did not answer in ${timeoutSeconds} s`;
  if (error.code === "ECONNREFUSED") return `ConnectException: Connection refused: /${host}:${port}`;
  return `ConnectException: ${error.code ?? error.message}: /${host}:${port}`;
}
