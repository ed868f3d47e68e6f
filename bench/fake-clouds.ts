import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";

/** What a Docker Engine, a Marathon and an etcd say to someone who only looks. */
const ANSWERS: readonly (readonly [RegExp, object])[] = [
  [/^(\/v[\d.]+)?\/version$/, { Version: "28.0.0", ApiVersion: "1.48", MinAPIVersion: "1.24" }],
  [/^(\/v[\d.]+)?\/images\/.+\/json$/, { Id: `sha256:${"0".repeat(64)}` }],
  [/^(\/v[\d.]+)?\/containers\/json$/, []],
  [/^\/v2\/info$/, { name: "marathon", version: "1.8.222", elected: true, leader: "192.0.2.1:8080" }],
  [/^\/v3\/kv\/txn$/, { header: { revision: "1" }, succeeded: false }],
];

export interface FakeClouds {
  /** Of a Docker Engine that has every image and runs nothing. */
  readonly dockerUrl: string;
  /** Of a Marathon without apps. */
  readonly marathonUrl: string;
  /** Of an etcd that writes nothing. */
  readonly etcdUrl: string;
  close(): void;
}

/**
 * Answers what a preview asks of the clouds beforehand, so that the program and the engine are measured and not they.
 * @param folder Holds the Docker Engine's socket.
 */
export async function startFakeClouds(folder: string): Promise<FakeClouds> {
  const socket = path.join(folder, "docker.sock");
  const [docker, others] = [createServer(answer), createServer(answer)];
  await new Promise<void>((resolve) => docker.listen(socket, resolve));
  await new Promise<void>((resolve) => others.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(others.address() as AddressInfo).port}`;
  return {
    dockerUrl: `unix://${socket}`,
    marathonUrl: url,
    etcdUrl: url,
    close: () => {
      for (const server of [docker, others]) {
        server.closeAllConnections();
        server.close();
      }
    },
  };
}

function answer({ method, url }: IncomingMessage, response: ServerResponse): void {
  const { pathname } = new URL(url ?? "/", "http://localhost");
  response.setHeader("Api-Version", "1.48");
  if (pathname.endsWith("/_ping")) {
    response.end("OK");
    return;
  }
  const found = ANSWERS.find(([route]) => route.test(pathname))?.[1];
  response.writeHead(found === undefined ? 404 : 200, { "Content-Type": "application/json" });
  response.end(JSON.stringify(found ?? { message: `${method} ${pathname} is not part of a preview` }));
}
