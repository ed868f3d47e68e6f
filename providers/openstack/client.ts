import { Agent } from "node:https";
import axios, { type AxiosError, type AxiosInstance } from "axios";
import { z } from "zod";

const REQUEST_MS = 30_000;
const LOGIN_MS = 15_000;

/** How to log in at one OpenStack; the part of a location's settings that a client needs. */
export interface OpenStackAccess {
  readonly authUrl: string;
  readonly region: string;
  readonly projectName?: string | undefined;
  readonly userName?: string | undefined;
  readonly password?: string | undefined;
  readonly userDomainName: string;
  readonly projectDomainName: string;
  readonly applicationCredentialId?: string | undefined;
  readonly applicationCredentialSecret?: string | undefined;
  /** PEM of the authority that signed the APIs' certificates. */
  readonly ca?: string | undefined;
}

/** Keystone answered and refused the credentials. */
export class LoginRefused extends Error {}

/** A service of the cloud refused a request or did not answer; `status` is absent for the latter. */
class OpenStackError extends Error {
  constructor(
    message: string,
    readonly status?: number,
  ) {
    super(message);
  }
}

const catalogSchema = z.object({
  token: z.object({
    catalog: z
      .array(
        z.object({
          type: z.string(),
          endpoints: z.array(z.object({ interface: z.string(), region: z.string().nullish(), url: z.string() })),
        }),
      )
      .default([]),
  }),
});
type Catalog = z.infer<typeof catalogSchema>["token"]["catalog"];

/** Catalogue types by API, newest name first, and the version part that the catalogue may leave out. */
const APIS = {
  compute: { types: ["compute"], version: "" },
  image: { types: ["image"], version: "/v2" },
  network: { types: ["network"], version: "/v2.0" },
} as const;
export type Api = keyof typeof APIS;

/** A logged-in client of one project. Requests are made against the public endpoints of the region. */
export class OpenStackClient {
  private constructor(
    private readonly http: AxiosInstance,
    private readonly catalog: Catalog,
    private readonly region: string,
  ) {}

  /** @throws LoginRefused, or OpenStackError if Keystone does not answer. */
  static async login(access: OpenStackAccess): Promise<OpenStackClient> {
    const agent = access.ca === undefined ? {} : { httpsAgent: new Agent({ ca: access.ca }) };
    const http = axios.create({ timeout: REQUEST_MS, ...agent });
    const url = `${versioned(access.authUrl, "/v3")}/auth/tokens`;
    try {
      const answer = await http.post(url, { auth: authOf(access) }, { timeout: LOGIN_MS });
      http.defaults.headers.common["X-Auth-Token"] = String(answer.headers["x-subject-token"]);
      return new OpenStackClient(http, catalogSchema.parse(answer.data).token.catalog, access.region);
    } catch (error) {
      if (axios.isAxiosError(error) && error.response?.status === 401) {
        throw new LoginRefused(`Keystone at ${access.authUrl} refuses ${whoOf(access)}`);
      }
      throw explain(error, `Keystone at ${access.authUrl}`);
    }
  }

  /** The items of a list under `key`; all pages of it. */
  async list<T>(api: Api, path: string, key: string, item: z.ZodType<T>, params: Query = {}): Promise<T[]> {
    const items: T[] = [];
    let next: string | undefined = `${this.endpoint(api)}${path}`;
    let query: Query | undefined = params;
    while (next !== undefined) {
      const body: Record<string, unknown> = await this.request("get", api, next, { params: query });
      items.push(...z.array(item).parse(body[key]));
      next = nextPage(body, key, next);
      query = undefined;
    }
    return items;
  }

  /** One item under `key`; undefined if there is none. */
  async find<T>(api: Api, path: string, key: string, item: z.ZodType<T>): Promise<T | undefined> {
    try {
      const body = await this.request("get", api, `${this.endpoint(api)}${path}`);
      return item.parse(body[key]);
    } catch (error) {
      if (error instanceof OpenStackError && error.status === 404) return undefined;
      throw error;
    }
  }

  /** Deletes; something that is gone already is no error. */
  async delete(api: Api, path: string): Promise<void> {
    try {
      await this.request("delete", api, `${this.endpoint(api)}${path}`);
    } catch (error) {
      if (!(error instanceof OpenStackError) || error.status !== 404) throw error;
    }
  }

  async put(api: Api, path: string, data: unknown): Promise<void> {
    await this.request("put", api, `${this.endpoint(api)}${path}`, { data });
  }

  private async request(
    method: string,
    api: Api,
    url: string,
    options: { params?: Query | undefined; data?: unknown } = {},
  ): Promise<Record<string, unknown>> {
    try {
      const answer = await this.http.request({ method, url, ...options });
      return (answer.data || {}) as Record<string, unknown>;
    } catch (error) {
      throw explain(error, `OpenStack's ${api} service at ${new URL(url).origin}`);
    }
  }

  private endpoint(api: Api): string {
    const { types, version } = APIS[api];
    const service = this.catalog.find(({ type }) => (types as readonly string[]).includes(type));
    const endpoint = service?.endpoints.find(
      (candidate) => candidate.interface === "public" && candidate.region === this.region,
    );
    if (endpoint === undefined) {
      const regions = [...new Set(service?.endpoints.map(({ region }) => region) ?? [])].join(", ") || "none";
      throw new OpenStackError(`the cloud has no public ${api} service in region ${this.region}; regions: ${regions}`);
    }
    return versioned(endpoint.url, version);
  }
}

export type Query = Readonly<Record<string, string | boolean | number>>;

function authOf(access: OpenStackAccess): unknown {
  const { applicationCredentialId: id, applicationCredentialSecret: secret } = access;
  if (id !== undefined)
    return { identity: { methods: ["application_credential"], application_credential: { id, secret } } };
  const user = { name: access.userName, password: access.password, domain: { name: access.userDomainName } };
  const project = { name: access.projectName, domain: { name: access.projectDomainName } };
  return { identity: { methods: ["password"], password: { user } }, scope: { project } };
}

function whoOf({ userName, projectName, applicationCredentialId }: OpenStackAccess): string {
  return applicationCredentialId === undefined
    ? `user '${userName}' for project '${projectName}' with its password`
    : `application credential ${applicationCredentialId} with its secret`;
}

/** The URL with its version, which catalogues and users leave out as often as not. */
function versioned(url: string, version: string): string {
  const base = url.replace(/\/+$/, "");
  return version === "" || /\/v\d+(\.\d+)?(\/|$)/.test(new URL(base).pathname) ? base : `${base}${version}`;
}

/** Nova and Neutron link to the next page in `<key>_links`, Glance in `next`, relative to its host. */
function nextPage(body: Record<string, unknown>, key: string, current: string): string | undefined {
  const links = body[`${key}_links`] as { rel: string; href: string }[] | undefined;
  const next = links?.find(({ rel }) => rel === "next")?.href ?? body["next"];
  return typeof next === "string" ? new URL(next, current).href : undefined;
}

function explain(error: unknown, who: string): Error {
  if (!axios.isAxiosError(error)) return error instanceof Error ? error : new Error(String(error));
  const status = error.response?.status;
  if (status === undefined) return new OpenStackError(`${who} does not answer: ${error.code ?? ""} ${error.message}`);
  return new OpenStackError(`${who} answers ${status}: ${reasonOf(error)}`, status);
}

/** OpenStack's services wrap their message in an object whose only key differs from fault to fault. */
function reasonOf(error: AxiosError): string {
  const body = error.response?.data;
  if (typeof body !== "object" || body === null) return error.message;
  const fault = Object.values(body)[0] as { message?: unknown } | undefined;
  return typeof fault?.message === "string" ? fault.message : error.message;
}
