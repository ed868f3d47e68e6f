import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import axios, { type AxiosInstance, isAxiosError } from "axios";
import { Deadline } from "../runtime/deadline";
import { redact } from "../runtime/redact";
import { EtcdError, explainEtcd } from "./etcd-error";

const CALL_SECONDS = 30;
const REQUEST_MILLISECONDS = 10_000;
const PAGE = 200;

export interface EtcdSettings {
  /** Base URLs of the members, e.g. `https://etcd-1.example:2379`. */
  readonly endpoints: readonly string[];
  /** PEM texts: the authority of etcd's certificate, the client's certificate and its key. */
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

export interface Stored {
  readonly key: string;
  /** Undefined if the text is no JSON. */
  readonly value: unknown;
  readonly text: string;
  /** Revision of the last change of this key, decimal. */
  readonly revision: string;
}

/** A condition of `commit`; the last form: no key below the prefix is newer than that revision. */
export type Compare =
  | { readonly key: string; readonly absent: true }
  | { readonly key: string; readonly revision: string }
  | { readonly prefix: string; readonly unchangedSince: string };

/** `text` is stored as it is: for JSON with numbers that JavaScript would round. */
export type Operation =
  | { readonly put: string; readonly value: unknown }
  | { readonly put: string; readonly text: string }
  | { readonly delete: string };

interface Range {
  readonly header: { readonly revision: string };
  readonly kvs?: readonly { readonly key: string; readonly value?: string; readonly mod_revision: string }[];
  readonly more?: boolean;
}

/**
 * etcd v3 through the JSON gateway that every member serves (3.4 and newer). Every failure is an `EtcdError`. A call goes on to
 * the next endpoint, and round again until `callSeconds` are over, as long as nobody answers; a commit only while it is
 * certain that no member took it.
 */
export class EtcdClient {
  readonly #settings: EtcdSettings;
  readonly #callSeconds: number;
  readonly #agents: { readonly httpAgent: HttpAgent; readonly httpsAgent: HttpsAgent };
  readonly #http: AxiosInstance;
  #current = 0;
  #token: Promise<string | undefined> | undefined;

  constructor(settings: EtcdSettings, callSeconds = CALL_SECONDS) {
    if (settings.endpoints.length === 0) throw new Error("etcd needs at least one endpoint, e.g. https://host:2379");
    this.#settings = settings;
    this.#callSeconds = callSeconds;
    const { ca, cert, key } = settings;
    this.#agents = {
      httpAgent: new HttpAgent({ keepAlive: true }),
      httpsAgent: new HttpsAgent({ keepAlive: true, ca, cert, key }),
    };
    this.#http = axios.create({
      method: "post",
      timeout: REQUEST_MILLISECONDS,
      maxRedirects: 0,
      maxContentLength: Number.POSITIVE_INFINITY,
      ...this.#agents,
    });
  }

  /** Undefined if there is no such key. */
  async get(key: string): Promise<Stored | undefined> {
    const { kvs } = await this.#call<Range>("/v3/kv/range", { key: encode(key) });
    return kvs?.[0] && decoded(kvs[0]);
  }

  /** Every key that begins with `prefix`, in order, all as of one revision. */
  async list(prefix: string): Promise<{ entries: readonly Stored[]; revision: string }> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#list(prefix);
      } catch (error) {
        if (!(error instanceof EtcdError && error.compacted && attempt < 3)) throw error;
      }
    }
  }

  /** All operations if every comparison holds, else none. `revision` is that of the store afterwards. */
  async commit(
    compare: readonly Compare[],
    operations: readonly Operation[],
  ): Promise<{ succeeded: boolean; revision: string }> {
    const body = { compare: compare.map(comparison), success: operations.map(request) };
    const { succeeded, header } = await this.#call<{ succeeded?: boolean; header: { revision: string } }>(
      "/v3/kv/txn",
      body,
      operations.length > 0,
    );
    return { succeeded: succeeded ?? false, revision: header.revision };
  }

  close(): void {
    this.#agents.httpAgent.destroy();
    this.#agents.httpsAgent.destroy();
  }

  async #list(prefix: string): Promise<{ entries: readonly Stored[]; revision: string }> {
    const entries: Stored[] = [];
    let from = encode(prefix);
    let revision: string | undefined;
    for (;;) {
      const page: Range = await this.#call<Range>("/v3/kv/range", {
        key: from,
        range_end: endOf(prefix),
        limit: PAGE,
        ...(revision !== undefined && { revision }),
      });
      revision ??= page.header.revision;
      const found = (page.kvs ?? []).map(decoded);
      entries.push(...found);
      const last = found.at(-1);
      if (!page.more || !last) return { entries, revision };
      from = encode(`${last.key}\0`);
    }
  }

  async #call<T>(path: string, body: object, writes = false): Promise<T> {
    const deadline = new Deadline(this.#callSeconds);
    let renewed = false;
    let tried = 0;
    for (let pause = 200; ; ) {
      try {
        return await this.#send<T>(path, body, deadline);
      } catch (error) {
        if (!(error instanceof EtcdError)) throw error;
        if (error.stale && !renewed) {
          renewed = true;
          this.#token = undefined;
          continue;
        }
        if (!error.unavailable || (writes && error.ambiguous) || deadline.expired) throw error;
        this.#current = (this.#current + 1) % this.#settings.endpoints.length;
        if (++tried % this.#settings.endpoints.length !== 0) continue;
        if (deadline.remaining <= pause) throw error;
        await deadline.sleep(pause);
        pause = Math.min(pause * 2, 3000);
      }
    }
  }

  async #send<T>(path: string, body: object, deadline: Deadline): Promise<T> {
    const token = await this.#login(deadline);
    return this.#post<T>(path, body, deadline, token);
  }

  /** The token of the user, asked for once; undefined where etcd is used without users. */
  #login(deadline: Deadline): Promise<string | undefined> {
    if (this.#token) return this.#token;
    const asked = this.#authenticate(deadline);
    this.#token = asked;
    asked.catch(() => {
      if (this.#token === asked) this.#token = undefined;
    });
    return asked;
  }

  async #authenticate(deadline: Deadline): Promise<string | undefined> {
    const { username, password } = this.#settings;
    if (username === undefined) return undefined;
    try {
      const body = { name: username, password: password ?? "" };
      return (await this.#post<{ token?: string }>("/v3/auth/authenticate", body, deadline)).token;
    } catch (error) {
      if (error instanceof EtcdError && /authentication is not enabled/.test(error.message)) return undefined;
      // Whatever became of this request, no write has been sent yet.
      throw error instanceof EtcdError ? error.beforehand() : error;
    }
  }

  async #post<T>(path: string, body: object, deadline: Deadline, token?: string): Promise<T> {
    const base = (this.#settings.endpoints[this.#current] ?? "").replace(/\/+$/, "");
    try {
      const headers = token === undefined ? {} : { Authorization: token };
      return (await this.#http.request<T>({ url: base + path, data: body, headers, signal: deadline.signal })).data;
    } catch (error) {
      if (!isAxiosError(error)) throw error;
      const { password } = this.#settings;
      const secrets = [token, password].filter((secret): secret is string => secret !== undefined);
      throw explainEtcd(error, shown(base), (text) => redact(text, secrets));
    }
  }
}

function comparison(compare: Compare): object {
  if ("prefix" in compare) {
    const { prefix, unchangedSince } = compare;
    return {
      target: "MOD",
      result: "LESS",
      key: encode(prefix),
      range_end: endOf(prefix),
      mod_revision: String(BigInt(unchangedSince) + 1n),
    };
  }
  const key = encode(compare.key);
  if ("absent" in compare) return { target: "VERSION", result: "EQUAL", key, version: "0" };
  return { target: "MOD", result: "EQUAL", key, mod_revision: compare.revision };
}

function request(operation: Operation): object {
  if ("delete" in operation) return { request_delete_range: { key: encode(operation.delete) } };
  const text = "text" in operation ? operation.text : JSON.stringify(operation.value);
  return { request_put: { key: encode(operation.put), value: encode(text) } };
}

function decoded(entry: NonNullable<Range["kvs"]>[number]): Stored {
  const text = Buffer.from(entry.value ?? "", "base64").toString();
  return { key: Buffer.from(entry.key, "base64").toString(), value: parsed(text), text, revision: entry.mod_revision };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function encode(text: string): string {
  return Buffer.from(text).toString("base64");
}

/** The end of the range of all keys with this prefix: its last byte one higher. Prefixes end in ASCII characters here. */
function endOf(prefix: string): string {
  const bytes = Buffer.from(prefix);
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) + 1, bytes.length - 1);
  return bytes.toString("base64");
}

/** An endpoint as messages show it: a URL may hold credentials. */
function shown(base: string): string {
  try {
    return new URL(base).origin;
  } catch {
    return "an endpoint that is no URL";
  }
}
