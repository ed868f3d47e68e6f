import { readFileSync } from "node:fs";
import path from "node:path";
import Docker from "dockerode";
import { SandboxError } from "../sandbox-error";

const ANSWER_MS = 5_000;

/** A client of the engine at `unix:///path` or `tcp://address:port`; TLS as DOCKER_CERT_PATH and DOCKER_TLS_VERIFY say. */
export function engineClient(host: string, timeout?: number): Docker {
  if (host.startsWith("unix://")) {
    // DOCKER_HOST would win over the socket if no host were given.
    return new Docker({ socketPath: host.slice("unix://".length), host: undefined, timeout });
  }
  const url = URL.canParse(host) ? new URL(host) : undefined;
  if (url?.protocol !== "tcp:") {
    throw new SandboxError(
      `DOCKER_HOST is '${host}', allowed are unix:///path and tcp://address:port; set another or unset it`,
    );
  }
  const certificates = process.env["DOCKER_CERT_PATH"];
  const secure = process.env["DOCKER_TLS_VERIFY"] ? certificates : undefined;
  const pem = (file: string) => (secure ? readFileSync(path.join(secure, file)) : undefined);
  return new Docker({
    host: url.hostname,
    port: url.port || (secure ? 2376 : 2375),
    protocol: secure ? "https" : "http",
    ca: pem("ca.pem"),
    cert: pem("cert.pem"),
    key: pem("key.pem"),
    timeout,
  });
}

/** Whether an engine answers there within five seconds. */
export async function engineAnswers(host: string): Promise<boolean> {
  try {
    await engineClient(host, ANSWER_MS).ping();
    return true;
  } catch (error) {
    if (error instanceof SandboxError) throw error;
    return false;
  }
}
