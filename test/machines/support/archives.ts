import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { DebianMachine } from "./debian-machine";
import { PREFIX } from "./machine-host";

/** Address of the machines' network at which they reach this process. */
const GATEWAY = `${PREFIX}.1`;

/** Files that machines can fetch. */
export class ArchiveServer {
  private constructor(
    private readonly server: Server,
    private readonly files: Map<string, Buffer>,
  ) {}

  static async start(): Promise<ArchiveServer> {
    const files = new Map<string, Buffer>();
    const server = createServer(({ url = "" }, response) => {
      const found = files.get(url);
      response.writeHead(found === undefined ? 404 : 200).end(found);
    });
    server.listen(0, GATEWAY);
    await once(server, "listening");
    return new ArchiveServer(server, files);
  }

  stop(): void {
    this.server.close();
  }

  /**
   * Makes an archive on the machine, by a script that writes it to `$ARCHIVE`.
   * @return Its address.
   */
  async add(name: string, machine: DebianMachine, script: string): Promise<string> {
    const encoded = await machine.run(
      `ARCHIVE=/root/${name}\nTREE=$(mktemp -d)\n${script}\nbase64 -w 0 "$ARCHIVE"\nrm -r "$ARCHIVE" "$TREE"`,
    );
    this.files.set(`/${name}`, Buffer.from(encoded, "base64"));
    return `http://${GATEWAY}:${(this.server.address() as AddressInfo).port}/${name}`;
  }
}
