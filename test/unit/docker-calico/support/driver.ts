import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { activate, pluginCalls } from "../../../../docker-calico/driver";
import { Endpoints } from "../../../../docker-calico/endpoints";
import type { HostPorts } from "../../../../docker-calico/host-ports";
import { IpamDriver } from "../../../../docker-calico/ipam-driver";
import { NetworkDriver } from "../../../../docker-calico/network-driver";
import { Networks } from "../../../../docker-calico/networks";
import { PublishedPorts } from "../../../../docker-calico/published-ports";
import { Veths } from "../../../../docker-calico/veths";
import { Ipam } from "../../../../providers/calico/ipam/ipam";
import { ResourceStore } from "../../../../providers/calico/resource-store";
import { FakeHost } from "./fake-host";
import { MemoryEtcd } from "./memory-etcd";

export const NODE = "host-1";
export const POOL = "198.18.160.0/20";
export const ENDPOINTS = "/calico/resources/v3/projectcalico.org/workloadendpoints/libnetwork/";
const POOLS = "/calico/resources/v3/projectcalico.org/ippools/";

/** The driver without its socket, on a host and an etcd in memory. */
export class TestDriver {
  readonly etcd = new MemoryEtcd();
  readonly host = new FakeHost();
  readonly folder = mkdtempSync(join(tmpdir(), "clocker-driver-"));
  readonly store = new ResourceStore(this.etcd);
  readonly ipam = new Ipam(this.etcd, NODE);
  readonly endpoints = new Endpoints(this.store, NODE);
  readonly networks = Networks.open(join(this.folder, "networks.json"));
  readonly veths = new Veths(this.host.run, 1450);
  readonly published = new PublishedPorts(this.host.run, "iptables");
  /** Ports of the host on which something listens. */
  readonly busy = new Set<number>();
  readonly network: NetworkDriver;
  readonly calls: ReturnType<typeof pluginCalls>;

  constructor() {
    const hostPorts: HostPorts = {
      check: async (ports) => {
        const taken = ports.find(({ hostPort }) => this.busy.has(hostPort));
        if (taken) throw new Error(`port ${taken.hostPort} is in use`);
      },
    };
    const { etcd, ipam, endpoints, networks, veths, published } = this;
    this.network = new NetworkDriver({ networks, endpoints, veths, published, hostPorts });
    const addresses = new IpamDriver({ etcd, ipam, endpoints, veths, node: NODE });
    this.calls = { ...pluginCalls(this.network, addresses), "Plugin.Activate": activate };
  }

  static async start(): Promise<TestDriver> {
    const driver = new TestDriver();
    await driver.makePool("lab", { cidr: POOL, blockSize: 26 });
    return driver;
  }

  stop(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  async makePool(name: string, spec: Record<string, unknown>): Promise<void> {
    await this.etcd.put(`${POOLS}${name}`, { kind: "IPPool", metadata: { name }, spec });
  }

  async call(name: string, body: object): Promise<Record<string, unknown>> {
    const work = this.calls[name];
    if (!work) throw new Error(`no call ${name}`);
    return (await work(body)) as Record<string, unknown>;
  }

  /** As Docker does when it starts a container; the inner end goes into it. Gives the address. */
  async connect(
    endpointId: string,
    about: { address?: string; options?: object; sandbox?: string } = {},
  ): Promise<string> {
    const { Address } = await this.call("IpamDriver.RequestAddress", {
      PoolID: "CalicoLocal/lab",
      Address: about.address ?? "",
      Options: null,
    });
    const which = { NetworkID: NETWORK, EndpointID: endpointId };
    const Interface = { Address, AddressIPv6: "", MacAddress: "" };
    await this.call("NetworkDriver.CreateEndpoint", { ...which, Interface, Options: about.options ?? {} });
    await this.call("NetworkDriver.Join", { ...which, SandboxKey: about.sandbox ?? `/run/netns/${endpointId}` });
    this.host.moveInto(endpointId);
    return String(Address).replace("/32", "");
  }

  async createNetwork(options: object = {}): Promise<void> {
    await this.call("NetworkDriver.CreateNetwork", {
      NetworkID: NETWORK,
      Options: { "com.docker.network.generic": options },
      IPv4Data: [{ AddressSpace: "CalicoLocal", Gateway: "169.254.1.1/32", Pool: POOL }],
      IPv6Data: [],
    });
  }

  publish(endpointId: string, ...ports: object[]): Promise<Record<string, unknown>> {
    const portmap = ports.map((port) => ({ Proto: 6, IP: "", HostIP: "", HostPortEnd: 0, ...port }));
    const Options = { "com.docker.network.portmap": portmap };
    return this.call("NetworkDriver.ProgramExternalConnectivity", {
      NetworkID: NETWORK,
      EndpointID: endpointId,
      Options,
    });
  }

  /** Makes an endpoint and its address look as if they were made long ago. */
  async age(): Promise<void> {
    for (const { key, text } of (await this.etcd.list("/calico/")).entries) {
      const aged = text.replace(/("(?:timestamp|creationTimestamp)":)"[^"]*"/g, '$1"2026-01-01T00:00:00Z"');
      await this.etcd.commit([], [{ put: key, text: aged }]);
    }
  }
}

export const NETWORK = "0f9e".repeat(16);
