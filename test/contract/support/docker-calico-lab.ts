import type Docker from "dockerode";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { EtcdClient } from "../../../providers/calico/etcd-client";
import { addressesInUse } from "./calico-addresses";
import { DockerCalicoHost, IMAGE } from "./docker-calico-host";
import { EtcdServer } from "./etcd-server";

export const RESOURCES = "/calico/resources/v3/projectcalico.org";
/** CIDR of the IPPool `shop`. */
export const SHOP = "198.18.80.0/26";
/** CIDR of the IPPool `tunnels`. */
const TUNNELS = "198.18.81.0/28";

const ENDPOINTS = `${RESOURCES}/workloadendpoints/libnetwork/`;
const BLOCKS = "/calico/ipam/v2/assignment/ipv4/block/";
const LONG_AGO = "2026-01-01T00:00:00Z";

interface Wep {
  metadata: { labels: Record<string, string>; creationTimestamp: string; name: string };
  spec: { endpoint: string; ipNetworks: string[]; interfaceName: string; node: string; ports?: unknown[] };
}

interface Run {
  readonly network: string;
  readonly cmd?: string[];
  readonly ip?: string;
  readonly driverOpts?: Record<string, string>;
  readonly labels?: Record<string, string>;
  readonly ports?: Record<string, { HostPort: string; HostIp?: string }[]>;
}

/** A Docker host with the driver, an etcd with two pools, and what one does with them. */
export class DockerCalicoLab {
  readonly #server: EtcdServer;
  readonly etcd: EtcdClient;
  readonly host: DockerCalicoHost;

  private constructor(server: EtcdServer, etcd: EtcdClient, host: DockerCalicoHost) {
    this.#server = server;
    this.etcd = etcd;
    this.host = host;
  }

  static async start(): Promise<DockerCalicoLab> {
    const server = await EtcdServer.start();
    const etcd = new EtcdClient({ endpoints: [server.endpoint] });
    const makePool = async (name: string, spec: Record<string, unknown>): Promise<void> => {
      const value = { kind: "IPPool", apiVersion: "projectcalico.org/v3", metadata: { name }, spec };
      await etcd.commit([], [{ put: `${RESOURCES}/ippools/${name}`, value }]);
    };
    await makePool("shop", { cidr: SHOP, blockSize: 28, vxlanMode: "Always" });
    await makePool("tunnels", { cidr: TUNNELS, blockSize: 30, allowedUses: ["Tunnel"] });
    const lab = new DockerCalicoLab(server, etcd, await DockerCalicoHost.start(server.endpoint));
    await lab.startDriver();
    return lab;
  }

  async stop(): Promise<void> {
    await this.host.stop();
    this.etcd.close();
    await this.#server.stop();
  }

  async startDriver(): Promise<void> {
    await this.host.startDriver({ TUNNEL_POOL: "tunnels" });
  }

  /** WorkloadEndpoints of containers. */
  async weps(): Promise<Wep[]> {
    return (await this.etcd.list(ENDPOINTS)).entries.map(({ value }) => value as Wep);
  }

  async onlyWep(): Promise<Wep> {
    const [wep, ...more] = await this.weps();
    if (!wep || more.length > 0) throw new Error(`${more.length + (wep ? 1 : 0)} endpoints`);
    return wep;
  }

  async network(name: string, options: Record<string, string> = {}, more: object = {}): Promise<Docker.Network> {
    return this.host.docker.createNetwork({
      Name: name,
      Driver: "calico",
      IPAM: { Driver: "calico", Config: [{ Subnet: SHOP }] },
      Options: options,
      ...more,
    });
  }

  async start(name: string, about: Run): Promise<Docker.Container> {
    const container = await this.host.docker.createContainer({
      name,
      Image: IMAGE,
      Cmd: about.cmd ?? ["sleep", "3600"],
      Labels: about.labels ?? {},
      ExposedPorts: Object.fromEntries(Object.keys(about.ports ?? {}).map((port) => [port, {}])),
      HostConfig: { NetworkMode: about.network, PortBindings: about.ports ?? {} },
      NetworkingConfig: {
        EndpointsConfig: {
          [about.network]: {
            ...(about.ip !== undefined && { IPAMConfig: { IPv4Address: about.ip } }),
            DriverOpts: about.driverOpts ?? {},
          },
        },
      },
    });
    try {
      await container.start();
    } catch (error) {
      await container.remove({ force: true });
      throw error;
    }
    return container;
  }

  natRules(): Promise<string> {
    return this.host.exec("iptables", "-t", "nat", "-S");
  }

  async expectNothingLeft(): Promise<void> {
    expect(await this.weps()).toEqual([]);
    expect(await addressesInUse(this.etcd, SHOP)).toBe(0);
    expect(await this.host.exec("ip", "-o", "link", "show")).not.toMatch(/cali|tmp/);
    expect(await this.natRules()).not.toContain("CALICO");
  }

  /** Makes endpoints, as far as `which` says so, and all addresses of the driver look as if they were made long ago. */
  async age(which: (wep: Wep) => boolean): Promise<void> {
    for (const { key, value } of (await this.etcd.list(ENDPOINTS)).entries) {
      const wep = value as Wep;
      if (which(wep)) wep.metadata.creationTimestamp = LONG_AGO;
      await this.etcd.commit([], [{ put: key, value: wep }]);
    }
    for (const { key, text } of (await this.etcd.list(BLOCKS)).entries) {
      const aged = text.replace(/"timestamp":"[^"]*"/g, `"timestamp":"${LONG_AGO}"`);
      await this.etcd.commit([], [{ put: key, text: aged }]);
    }
  }
}

/** Starts a lab for the tests of a file, with no containers and networks at the start of each, and stops it after them. */
export function useDockerCalicoLab(take: (started: DockerCalicoLab) => void): void {
  let lab: DockerCalicoLab | undefined;

  beforeAll(async () => {
    lab = await DockerCalicoLab.start();
    take(lab);
  });

  afterEach(() => lab?.host.clear());

  afterAll(() => lab?.stop());
}
