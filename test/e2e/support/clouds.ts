import { connectDocker } from "../../../providers/docker/connection";
import type { SandboxDescription } from "../../../sandbox/description";
import type { DockerHost, DockerLocation, MarathonLocation, OpenStackLocation } from "../../../settings/schema";

/** What the clouds themselves say, asked past Pulumi. */
export class Clouds {
  readonly docker: DockerLocation;
  readonly marathon: MarathonLocation;
  readonly openstack: OpenStackLocation;

  constructor(sandbox: SandboxDescription) {
    this.docker = sandbox.locations["my-docker-cloud"] as DockerLocation;
    this.marathon = sandbox.locations["my-mesos-cluster"] as MarathonLocation;
    this.openstack = sandbox.locations["my-openstack-cloud"] as OpenStackLocation;
  }

  host(name: string): DockerHost {
    const host = this.docker.hosts[name];
    if (host === undefined) {
      throw new Error(`the sandbox has no docker host '${name}'`);
    }
    return host;
  }

  /** Names of containers and networks that bear the stack's label, on every host. */
  async dockerLeftovers(stack: string): Promise<string[]> {
    const filters = JSON.stringify({ label: [`clocker.stack=${stack}`] });
    const found = await Promise.all(
      Object.entries(this.docker.hosts).map(async ([name, host]) => {
        const docker = connectDocker(host);
        const containers = await docker.listContainers({ all: true, filters });
        const networks = await docker.listNetworks({ filters });
        return [
          ...containers.map((container) => `${name}: container ${container.Names.join(",")}`),
          ...networks.map((network) => `${name}: network ${network.Name}`),
        ];
      }),
    );
    return found.flat();
  }

  /** Ids of the apps and groups whose path holds the stack's part. */
  async marathonLeftovers(physicalName: string): Promise<string[]> {
    const groups = await this.marathonGet<{ apps: { id: string }[]; groups: Group[] }>("/v2/groups");
    return ids(groups).filter((id) => id.split("/").includes(physicalName));
  }

  /** The answer of Marathon to a GET, or undefined for 404. */
  async marathonGet<T>(path: string): Promise<T> {
    const response = await fetch(this.marathon.url + path, { headers: this.marathonHeaders() });
    if (!response.ok) {
      throw new Error(`GET ${path}: ${response.status}`);
    }
    return (await response.json()) as T;
  }

  marathonHeaders(): Record<string, string> {
    const { auth } = this.marathon;
    if (auth?.type !== "basic") {
      throw new Error("the sandbox's Marathon asks for basic authentication");
    }
    return { authorization: `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString("base64")}` };
  }

  /** Names of servers, networks, routers, security groups and ports that begin with the prefix; floating addresses by description. */
  async openstackLeftovers(prefix: string): Promise<string[]> {
    const { token, endpoints } = await this.token();
    const list = async (service: string, path: string, key: string): Promise<string[]> => {
      const response = await fetch(`${endpoints[service]}${path}`, { headers: { "x-auth-token": token } });
      const items = ((await response.json()) as Record<string, Record<string, string>[]>)[key] ?? [];
      return items
        .filter((item) => item["name"]?.startsWith(prefix) || item["description"]?.includes(prefix))
        .map((item) => `${key}: ${item["name"] ?? item["description"]}`);
    };
    const found = await Promise.all([
      list("compute", "/servers", "servers"),
      list("network", "/v2.0/networks", "networks"),
      list("network", "/v2.0/routers", "routers"),
      list("network", "/v2.0/security-groups", "security_groups"),
      list("network", "/v2.0/ports", "ports"),
      list("network", "/v2.0/floatingips", "floatingips"),
    ]);
    return found.flat();
  }

  /** Servers whose name begins with the prefix: id and name. */
  async servers(prefix: string): Promise<{ id: string; name: string }[]> {
    const { token, endpoints } = await this.token();
    const response = await fetch(`${endpoints["compute"]}/servers`, { headers: { "x-auth-token": token } });
    const { servers } = (await response.json()) as { servers: { id: string; name: string }[] };
    return servers.filter(({ name }) => name.startsWith(prefix));
  }

  private async token(): Promise<{ token: string; endpoints: Record<string, string> }> {
    const cloud = this.openstack;
    const response = await fetch(`${cloud.authUrl}/auth/tokens`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        auth: {
          identity: {
            methods: ["password"],
            password: {
              user: { name: cloud.userName, password: cloud.password, domain: { name: cloud.userDomainName } },
            },
          },
          scope: { project: { name: cloud.projectName, domain: { name: cloud.projectDomainName } } },
        },
      }),
    });
    const token = response.headers.get("x-subject-token");
    if (token === null) {
      throw new Error(`Keystone answered ${response.status}`);
    }
    const body = (await response.json()) as {
      token: { catalog: { type: string; endpoints: { interface: string; url: string }[] }[] };
    };
    const endpoints = body.token.catalog.map(({ type, endpoints: all }) => [
      type,
      all.find((endpoint) => endpoint.interface === "public")?.url ?? "",
    ]);
    return { token, endpoints: Object.fromEntries(endpoints) as Record<string, string> };
  }
}

interface Group {
  readonly id?: string;
  readonly apps: readonly { id: string }[];
  readonly groups: readonly Group[];
}

function ids(group: Group): string[] {
  return [...(group.id ? [group.id] : []), ...group.apps.map(({ id }) => id), ...group.groups.flatMap(ids)];
}
