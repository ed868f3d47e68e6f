import Docker from "dockerode";

/** Where a Docker Engine listens; the part of a host's settings that a connection needs. */
export interface DockerAddress {
  /** `tcp://address:port`, `ssh://user@address[:port]` or `unix:///path`. */
  readonly url: string;
  /** PEM texts; the engine's certificate is always verified against `ca`. */
  readonly tls?: { readonly ca: string; readonly cert: string; readonly key: string } | undefined;
}

const TLS_PORT = 2376;
const PLAIN_PORT = 2375;
const SSH_PORT = 22;

/**
 * A client of one Docker Engine; nothing is sent yet. Over ssh the keys come from the agent at SSH_AUTH_SOCK, as with `docker -H ssh://`.
 * @throws Error if the URL is none of the three forms.
 */
export function connectDocker({ url, tls }: DockerAddress): Docker {
  // Every option that dockerode would otherwise take from DOCKER_HOST and its companions is set.
  if (url.startsWith("unix://")) {
    return new Docker({ socketPath: url.slice("unix://".length), host: "", protocol: "http" });
  }
  const { protocol, hostname, port, username } = parse(url);
  const host = hostname.replace(/^\[|\]$/g, "");
  if (protocol === "ssh:") {
    return new Docker({
      protocol: "ssh",
      host,
      port: Number(port || SSH_PORT),
      username: decodeURIComponent(username) || "root",
      sshOptions: process.env["SSH_AUTH_SOCK"] === undefined ? {} : { agent: process.env["SSH_AUTH_SOCK"] },
    });
  }
  if (tls) {
    return new Docker({
      protocol: "https",
      host,
      port: Number(port || TLS_PORT),
      ca: tls.ca,
      cert: tls.cert,
      key: tls.key,
    });
  }
  return new Docker({ protocol: "http", host, port: Number(port || PLAIN_PORT) });
}

function parse(url: string): URL {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !["tcp:", "ssh:"].includes(parsed.protocol) || parsed.hostname === "") {
    throw new Error(
      `cannot connect to the Docker Engine at "${url}": give tcp://address:2376, ssh://user@address or unix:///var/run/docker.sock`,
    );
  }
  return parsed;
}

/** HTTP status of an engine's refusal; undefined for anything else, e.g. a broken connection. */
export function statusOf(error: unknown): number | undefined {
  const status = (error as { statusCode?: unknown } | undefined)?.statusCode;
  return typeof status === "number" ? status : undefined;
}

/** The engine's own words without the client's prefix `(HTTP code 404) no such container - `. */
export function reasonOf(error: unknown): string {
  const body = (error as { json?: { message?: unknown } } | undefined)?.json?.message;
  if (typeof body === "string") return body;
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/^\(HTTP code \d+\) [^-]* - /, "").trim();
}
