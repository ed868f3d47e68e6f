import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import type { Requirements } from "../../../engine/requirements";

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "clocker-engine-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function writeScript(file: string, body: string): string {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${body}\n`);
  chmodSync(file, 0o755);
  return file;
}

/** A pulumi that knows its version and installs plugins; `calls` in its folder lists how it was called. */
export function pulumiScript(version: string): string {
  return `echo "$@" >> "$(dirname "$0")/calls"
case "$1 $2" in
"version ") echo v${version} ;;
"plugin install")
  folder="$PULUMI_HOME/plugins/resource-$4-v$5"
  mkdir -p "$folder"
  printf '#!/bin/sh\\n' > "$folder/pulumi-resource-$4"
  chmod +x "$folder/pulumi-resource-$4" ;;
*) echo "unexpected: $*" >&2; exit 3 ;;
esac`;
}

export function requirementsIn(root: string): Requirements {
  return {
    root,
    builtCli: [3, 218, 0],
    downloadedCli: [3, 248, 0],
    plugins: [
      { name: "docker", version: "5.2.0" },
      { name: "openstack", version: "3.15.2" },
    ],
    go: [1, 25, 11],
  };
}

/** Serves the given bodies by path, 404 for the rest; resolves to its URL. */
export async function serve(bodies: Readonly<Record<string, string | Buffer>>): Promise<string> {
  const server = createServer((request, response) => {
    const body = bodies[request.url ?? ""];
    response.writeHead(body === undefined ? 404 : 200).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => close(server));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A URL of this machine where nothing listens. */
export async function closedUrl(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await close(server);
  return `http://127.0.0.1:${port}`;
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
