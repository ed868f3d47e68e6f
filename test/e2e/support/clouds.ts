import { z } from "zod";
import { EtcdClient } from "../../../providers/calico/etcd-client";
import { connectDocker } from "../../../providers/docker/connection";
import { type Api, OpenStackClient } from "../../../providers/openstack/client";
import { objectName } from "../../../sandbox/address-plan";
import type { SandboxDescription } from "../../../sandbox/description";
import type { DockerHost, DockerLocation, MarathonLocation, OpenStackLocation } from "../../../settings/schema";
import { execIn } from "./container";

/** What the clouds themselves say, asked past Pulumi. */
export class Clouds {
  readonly docker: DockerLocation;
  readonly marathon: MarathonLocation;
  readonly marathonUrl: string;
  readonly openstack: OpenStackLocation;

  constructor(private readonly sandbox: SandboxDescription) {
    this.docker = sandbox.locations["my-docker-cloud"] as DockerLocation;
    this.marathon = sandbox.locations["my-mesos-cluster"] as MarathonLocation;
    this.marathonUrl = String(this.marathon.url);
    this.openstack = sandbox.locations["my-openstack-cloud"] as OpenStackLocation;
  }

  host(name: string): DockerHost {
    const host = this.docker.hosts[name];
    if (host === undefined) {
      throw new Error(`the sandbox has no docker host '${name}'`);
    }
    return host;
  }

  /** Names of containers, networks and images that bear the stack's label, on every host. */
  async dockerLeftovers(stack: string): Promise<string[]> {
    const filters = JSON.stringify({ label: [`clocker.stack=${stack}`] });
    const found = await Promise.all(
      Object.entries(this.docker.hosts).map(async ([name, host]) => {
        const docker = connectDocker(host);
        const containers = await docker.listContainers({ all: true, filters });
        const networks = await docker.listNetworks({ filters });
        const images = await docker.listImages({ filters });
        return [
          ...images.map((image) => `${name}: image ${image.RepoTags?.join(",")}`),
          ...containers.map((container) => `${name}: container ${container.Names.join(",")}`),
          ...networks.map((network) => `${name}: network ${network.Name}`),
        ];
      }),
    );
    return found.flat();
  }

  /** `<host>: <container>` of the agents of Calico on every host, which stacks share. */
  async calicoAgents(): Promise<string[]> {
    const filters = JSON.stringify({ label: ["clocker.calico"] });
    const found = await Promise.all(
      Object.entries(this.docker.hosts).map(async ([name, host]) => {
        const containers = await connectDocker(host).listContainers({ all: true, filters });
        return containers.map((container) => `${name}: ${container.Names[0]?.slice(1)}`);
      }),
    );
    return found.flat().sort();
  }

  /** Keys in Calico's datastore that bear the name or hold it. */
  async calicoLeftovers(physicalName: string): Promise<string[]> {
    const { calico } = this.sandbox.network;
    if (calico === undefined) throw new Error("the sandbox has no Calico");
    const etcd = new EtcdClient(calico.etcd);
    try {
      const found = await Promise.all(["/calico/", "/clocker/"].map((prefix) => etcd.list(prefix)));
      return found
        .flatMap(({ entries }) => entries)
        .filter(({ key, text }) => key.includes(physicalName) || text.includes(physicalName))
        .map(({ key }) => key);
    } finally {
      etcd.close();
    }
  }

  /** Ids of the apps and groups whose path holds the stack's part. */
  async marathonLeftovers(physicalName: string): Promise<string[]> {
    const groups = await this.marathonGet<{ apps: { id: string }[]; groups: Group[] }>("/v2/groups");
    return ids(groups).filter((id) => id.split("/").includes(physicalName));
  }

  /** The answer of Marathon to a GET, or undefined for 404. */
  async marathonGet<T>(path: string): Promise<T> {
    const response = await fetch(this.marathonUrl + path, { headers: this.marathonHeaders() });
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
    const client = await OpenStackClient.login(this.openstack);
    const list = async (api: Api, path: string, key: string): Promise<string[]> => {
      const items = await client.list(api, path, key, itemSchema);
      return items
        .filter(({ name, description }) => name?.startsWith(prefix) || description?.includes(prefix))
        .map(({ name, description }) => `${key}: ${name ?? description}`);
    };
    const found = await Promise.all([
      list("compute", "/servers", "servers"),
      list("network", "/networks", "networks"),
      list("network", "/routers", "routers"),
      list("network", "/security-groups", "security_groups"),
      list("network", "/ports", "ports"),
      list("network", "/floatingips", "floatingips"),
    ]);
    return found.flat();
  }

  /** Lets every TCP packet in, by OpenStack's own command. */
  async openSecurityGroup(name: string): Promise<void> {
    const place = { url: this.sandbox.engine.host } as DockerHost;
    const rule = ["--protocol", "tcp", "--remote-ip", "0.0.0.0/0", name];
    const command = ["openstack", "--os-cloud", "clocker", "security", "group", "rule", "create", ...rule];
    const environment = "OS_CLIENT_CONFIG_FILE=/var/lib/cloud-state/clouds.yaml";
    const { exitCode, output } = await execIn(place, objectName(this.sandbox.name, "openstack"), [
      "env",
      environment,
      ...command,
    ]);
    if (exitCode !== 0) throw new Error(`security group ${name}: ${output}`);
  }

  /** Servers whose name begins with the prefix: id and name. */
  async servers(prefix: string): Promise<z.infer<typeof serverSchema>[]> {
    const client = await OpenStackClient.login(this.openstack);
    const servers = await client.list("compute", "/servers", "servers", serverSchema);
    return servers.filter(({ name }) => name.startsWith(prefix));
  }
}

const serverSchema = z.object({ id: z.string(), name: z.string() });
/** Of anything: floating addresses have no name, servers no description. */
const itemSchema = z.object({ name: z.string().nullish(), description: z.string().nullish() });

interface Group {
  readonly id?: string;
  readonly apps: readonly { id: string }[];
  readonly groups: readonly Group[];
}

function ids(group: Group): string[] {
  return [...(group.id ? [group.id] : []), ...group.apps.map(({ id }) => id), ...group.groups.flatMap(ids)];
}
