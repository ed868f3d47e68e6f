import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import AdmZip from "adm-zip";
import { pack } from "tar-stream";
import type { DebianMachine } from "./debian-machine";
import { PREFIX } from "./machine-host";

/** Where machines fetch what a test gives them. */
export interface Archives {
  /** Serves a tar archive of files by path, executable where the content begins with `#!`; gives its address. */
  serve(name: string, files: Readonly<Record<string, string>>): Promise<string>;
  /** The same as a zip archive. */
  serveZip(name: string, files: Readonly<Record<string, string>>): string;
  /** The same of an archive that a script makes on the machine and writes to `$ARCHIVE`. */
  serveMade(name: string, machine: DebianMachine, script: string): Promise<string>;
  /** Serves a text as it is. */
  serveText(name: string, text: string): string;
  /** Starts a server that answers everything with a text; gives its `host:port`. */
  say(text: string): Promise<string>;
  /** How often an address was fetched. */
  fetched(url: string): number;
  close(): void;
}

/** Serves archives at the address that this machine has in the network of the machines. */
export async function startArchives(): Promise<Archives> {
  const contents = new Map<string, Buffer>();
  const fetches = new Map<string, number>();
  const servers: Server[] = [];
  const start = async (listener: RequestListener): Promise<string> => {
    const server = createServer(listener);
    servers.push(server);
    await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, `${PREFIX}.1`, resolve));
    return `${PREFIX}.1:${(server.address() as AddressInfo).port}`;
  };
  const origin = await start((request, response) => {
    const path = request.url ?? "";
    const content = contents.get(path);
    if (content === undefined) return response.writeHead(404).end();
    fetches.set(path, (fetches.get(path) ?? 0) + 1);
    return response.end(content);
  });
  return {
    async serve(name, files) {
      contents.set(`/${name}`, await tarOf(files));
      return `http://${origin}/${name}`;
    },
    async serveMade(name, machine, script) {
      const encoded = await machine.run(
        `ARCHIVE=/root/${name}\nTREE=$(mktemp -d)\n${script}\nbase64 -w 0 "$ARCHIVE"\nrm -r "$ARCHIVE" "$TREE"`,
      );
      contents.set(`/${name}`, Buffer.from(encoded, "base64"));
      return `http://${origin}/${name}`;
    },
    serveText(name, text) {
      contents.set(`/${name}`, Buffer.from(text));
      return `http://${origin}/${name}`;
    },
    serveZip(name, files) {
      const archive = new AdmZip();
      for (const [path, content] of Object.entries(files)) archive.addFile(path, Buffer.from(content));
      contents.set(`/${name}`, archive.toBuffer());
      return `http://${origin}/${name}`;
    },
    say: (text) => start((_request, response) => response.end(text)),
    fetched: (url) => fetches.get(new URL(url).pathname) ?? 0,
    close: () => {
      for (const server of servers) server.close().closeAllConnections();
    },
  };
}

/** The bytes of a tar archive. */
async function tarOf(files: Readonly<Record<string, string>>): Promise<Buffer> {
  const archive = pack();
  for (const [name, content] of Object.entries(files)) {
    archive.entry({ name, mode: content.startsWith("#!") ? 0o755 : 0o644 }, content);
  }
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
