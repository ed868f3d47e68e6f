import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { OpenStackAccess } from "../../../providers/openstack/client";

export type Item = Record<string, unknown> & { id: string };

const TOKEN = "token-1";

/**
 * The part of Keystone, Nova, Glance and Neutron that finds and deletes things, over HTTP, with collections in memory. Lists filter by
 * equality of every query parameter that an item has, tags by containment, and come in pages of two.
 */
export class CloudServer {
  readonly collections: Record<string, Item[]> = {};
  /** Requests that change something, e.g. `DELETE /servers/s1`. */
  readonly changes: string[] = [];
  /** How often a deleted server is still seen. */
  lingering = 0;
  private readonly server: Server = createServer((request, response) => this.answer(request, response));
  private url = "";

  async start(): Promise<void> {
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
    const address = this.server.address();
    this.url = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
  }

  async stop(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, "close");
  }

  access(change: Partial<OpenStackAccess> = {}): OpenStackAccess {
    return {
      authUrl: this.url,
      region: "RegionOne",
      projectName: "shop",
      userName: "clocker",
      password: "correct horse",
      userDomainName: "Default",
      projectDomainName: "Default",
      ...change,
    };
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", this.url);
    const send = (status: number, body: unknown, headers = {}) => {
      response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
    };
    const text = await read(request);
    if (url.pathname === "/v3/auth/tokens") return this.login(JSON.parse(text), send);
    if (request.headers["x-auth-token"] !== TOKEN) return send(401, { error: { message: "no token" } });
    const [, api, collection = "", id] =
      /^\/(compute|image\/v2|network\/v2\.0)\/([\w-]+)(?:\/([^/]+))?/.exec(url.pathname) ?? [];
    if (api === undefined) return send(404, { error: { message: `no ${url.pathname}` } });
    if (request.method === "PUT") {
      this.changes.push(`PUT ${url.pathname.replace(`/${api}`, "")} ${text}`);
      return send(200, {});
    }
    const items = this.collections[collection] ?? [];
    if (request.method === "DELETE") return this.delete(collection, id ?? "", send);
    if (id === undefined || id === "detail") return this.list(collection, items, url, send);
    const found = items.find((item) => item.id === id);
    return found ? send(200, { [singular(collection)]: found }) : send(404, { itemNotFound: { message: "not found" } });
  }

  private login(body: { auth: { identity: { password?: { user: { password: string } } } } }, send: Send): void {
    if (body.auth.identity.password?.user.password !== "correct horse") {
      send(401, { error: { message: "The request you have made requires authentication." } });
      return;
    }
    const endpoint = (type: string, path: string) => ({
      type,
      endpoints: [
        { interface: "internal", region: "RegionOne", url: "http://127.0.0.1:1" },
        { interface: "public", region: "RegionOne", url: `${this.url}/${path}` },
      ],
    });
    const catalog = ["compute", "image", "network"].map((api) => endpoint(api, api));
    send(201, { token: { catalog } }, { "x-subject-token": TOKEN });
  }

  private delete(collection: string, id: string, send: Send): void {
    this.changes.push(`DELETE /${collection}/${id}`);
    const remove = () => {
      this.collections[collection] = (this.collections[collection] ?? []).filter((item) => item.id !== id);
    };
    if (this.lingering > 0) setTimeout(remove, this.lingering);
    else remove();
    send(204, {});
  }

  private list(collection: string, items: readonly Item[], url: URL, send: Send): void {
    const from = Number(url.searchParams.get("marker") ?? 0);
    const found = items.filter((item) => matches(item, url.searchParams));
    const key = collection.replaceAll("-", "_");
    const next = new URL(url);
    next.searchParams.set("marker", String(from + 2));
    const more = found.length > from + 2;
    const links =
      collection === "images"
        ? { next: next.pathname + next.search }
        : { [`${key}_links`]: [{ rel: "next", href: next.href }] };
    send(200, { [key]: found.slice(from, from + 2), ...(more && links) });
  }
}

type Send = (status: number, body: unknown, headers?: Record<string, string>) => void;

function matches(item: Item, query: URLSearchParams): boolean {
  return [...query].every(([key, wanted]) => {
    if (key === "marker" || key === "limit" || !(key in item)) return true;
    const value = item[key];
    if (key === "tags") return wanted.split(",").every((tag) => (value as string[]).includes(tag));
    if (key === "name") return new RegExp(wanted).test(String(value));
    return String(value) === wanted;
  });
}

function singular(collection: string): string {
  return collection === "os-keypairs" ? "keypair" : collection.replace(/s$/, "");
}

async function read(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString("utf8");
}
