import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { isAuthorised } from "../marathon/http/auth";
import type { Json } from "../marathon/model/json";
import type { ClusterView } from "./cluster-view";
import * as documents from "./documents";

export interface MasterOptions {
  /** Address to listen on, default 127.0.0.1. */
  readonly host?: string;
  /** Port to listen on, 0 for any. */
  readonly port?: number;
  /** What requests must carry, as with `--http_authenticators`; a token is that of a proxy before the master. */
  readonly credentials?: { readonly user: string; readonly password: string };
  readonly token?: string;
  /** A standby's: `host:port` of the leader, or null while none is elected. Absent: this master leads. */
  readonly leader?: string | null;
  /** The address that it tells others, without port, where it listens on all. */
  readonly advertise?: string;
}

type Document = (view: ClusterView, master: documents.Master) => Json;

const DOCUMENTS: Readonly<Record<string, Document>> = {
  state: documents.state,
  "state-summary": documents.stateSummary,
  slaves: documents.slaves,
  frameworks: documents.frameworks,
  roles: documents.roles,
};

/** The reading endpoints of a Mesos 1.9 master over a cluster whose tasks Marathon runs. */
export class MesosMaster {
  private readonly server: Server;
  private readonly since = Date.now() / 1000;
  private address = "";
  /** As in the options; may change while the master runs. */
  leader: string | null | undefined;

  constructor(
    private readonly view: () => ClusterView,
    private readonly options: MasterOptions = {},
  ) {
    this.leader = options.leader;
    this.server = createServer((request, response) => this.answer(request, response));
  }

  /** Throws if the port is taken. */
  async start(): Promise<{ url: string }> {
    const { host = "127.0.0.1", port = 0, advertise = host } = this.options;
    await new Promise<void>((resolve, reject) => {
      this.server.once("error", reject);
      this.server.listen(port, host, resolve);
    });
    this.address = `${advertise}:${(this.server.address() as AddressInfo).port}`;
    return { url: `http://${this.address}` };
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname } = new URL(request.url ?? "/", "http://master");
    const [, name = ""] = /^\/(?:master\/)?([a-z-]+)$/.exec(pathname) ?? [];
    if (name === "health") {
      response.writeHead(200).end();
      return;
    }
    const document = Object.hasOwn(DOCUMENTS, name) ? DOCUMENTS[name] : undefined;
    if (document === undefined && name !== "redirect") {
      response.writeHead(404).end();
      return;
    }
    if (document !== undefined && !isAuthorised(request.headers.authorization, this.options)) {
      const challenge = { "WWW-Authenticate": 'Basic realm="mesos-master-readonly"' };
      response.writeHead(401, challenge).end("Incorrect credentials");
      return;
    }
    if (this.leader === null) {
      response.writeHead(503, { "Content-Type": "text/plain; charset=utf-8" }).end("No leader elected");
      return;
    }
    if (document === undefined || this.leader !== undefined) {
      const path = document === undefined ? "" : pathname;
      response.writeHead(307, { Location: `//${this.leader ?? this.address}${path}` }).end();
      return;
    }
    const body = JSON.stringify(document(this.view(), { address: this.address, since: this.since }));
    response.writeHead(200, { "Content-Type": "application/json" }).end(body);
  }
}
