import { networkInterfaces } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { EtcdClient } from "../providers/calico/etcd-client";
import { Ipam } from "../providers/calico/ipam/ipam";
import { CONFIG } from "../providers/calico/ipam/keys";
import { ResourceStore } from "../providers/calico/resource-store";
import { run } from "./command";
import { ContainerLabels } from "./container-labels";
import { DockerApi } from "./docker-api";
import { Endpoints } from "./endpoints";
import { hostPorts } from "./host-ports";
import { IpamDriver } from "./ipam-driver";
import { type Log, reasonOf } from "./log";
import { NetworkDriver } from "./network-driver";
import { Networks } from "./networks";
import { type Call, PluginServer } from "./plugin-server";
import { PublishedPorts } from "./published-ports";
import { registerNode } from "./register-node";
import { Registration } from "./registration";
import { hostAddress, type Settings } from "./settings";
import { Sweeper } from "./sweeper";
import { Veths } from "./veths";

const SWEEP_MS = 60_000;
/** Docker gives up on a driver that it cannot reach for 15 seconds; it is to hear the reason before. */
const ETCD_SECONDS = 10;
/** At the start of a host containers start before etcd can be reached: they wait rather than fail. */
const REGISTRATION_SECONDS = 60;

/** The driver named `calico` for the Docker Engine of this host. */
export class Driver {
  readonly #settings: Settings;
  readonly #log: Log;
  readonly #etcd: EtcdClient;
  readonly #store: ResourceStore;
  readonly #ipam: Ipam;
  readonly #networks: Networks;
  readonly #docker: DockerApi;
  readonly #registration: Registration;
  readonly #labels: ContainerLabels;
  readonly #sweeper: Sweeper;
  readonly #server: PluginServer;
  readonly #stop = new AbortController();

  /** @throws Error if the file of networks cannot be used. */
  constructor(settings: Settings, log: Log) {
    const { node } = settings;
    this.#settings = settings;
    this.#log = log;
    const etcd = new EtcdClient(settings.etcd, ETCD_SECONDS);
    const store = new ResourceStore(etcd);
    const ipam = new Ipam(etcd, node);
    const networks = Networks.open(settings.stateFile);
    const endpoints = new Endpoints(store, node);
    const veths = new Veths(run, settings.mtu);
    const published = new PublishedPorts(run, settings.iptables);
    const network = new NetworkDriver({ networks, endpoints, veths, published, hostPorts });
    const addresses = new IpamDriver({ etcd, ipam, endpoints, veths, node });
    this.#etcd = etcd;
    this.#store = store;
    this.#ipam = ipam;
    this.#sweeper = new Sweeper({ endpoints, veths, published, ipam, network, log });
    this.#registration = new Registration(() => this.#register(), log, this.#stop.signal);
    const health = async () => {
      await etcd.get(CONFIG);
      return {};
    };
    const calls = {
      ...this.#registration.gate(pluginCalls(network, addresses), REGISTRATION_SECONDS),
      ...this.#registration.gate({ "Clocker.Health": health }, 0),
      "Plugin.Activate": activate,
    };
    this.#server = new PluginServer(settings.pluginSocket, calls, log);
    this.#docker = new DockerApi(settings.dockerSocket);
    this.#labels = new ContainerLabels(this.#docker, endpoints, networks, log);
    this.#networks = networks;
  }

  /** Serves Docker until `stop`. Calls wait for the node's registration, which waits for etcd. */
  async run(): Promise<void> {
    const { signal } = this.#stop;
    await this.#server.listen();
    if (!(await this.#registration.succeeded())) return;
    this.#log.info("serving Docker", { node: this.#settings.node, socket: this.#settings.pluginSocket });
    await Promise.all([this.#labels.follow(signal, () => this.#startGivenUp()), this.#sweepAgain(signal)]);
  }

  /** Finishes the calls that are under way. Containers and their ports stay as they are. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#server.close();
    this.#etcd.close();
  }

  async #register(): Promise<void> {
    const { node, nodeAddress, tunnelPool } = this.#settings;
    const local = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
    const address = hostAddress(nodeAddress, local);
    const tunnel = await registerNode(this.#store, this.#ipam, { node, address, tunnelPool });
    this.#log.info("registered", { node, address, tunnel });
  }

  /** Containers that Docker could not start after a restart of the host, because this driver came later. */
  async #startGivenUp(): Promise<void> {
    for (const id of await this.#docker.givenUp(this.#networks.ids)) {
      const container = id.slice(0, 12);
      await this.#docker.start(id).then(
        () => this.#log.info("started a container that Docker had given up", { container }),
        (error) =>
          this.#log.warn("a container that Docker had given up does not start", { container, error: reasonOf(error) }),
      );
    }
  }

  async #sweepAgain(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#sweeper.sweep().catch((error) => this.#log.error("sweep", { error: reasonOf(error) }));
      await delay(SWEEP_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}

/** What Docker asks of every plugin. */
export async function activate() {
  return { Implements: ["NetworkDriver", "IpamDriver"] };
}

/** Docker's calls by name. */
export function pluginCalls(network: NetworkDriver, addresses: IpamDriver): Readonly<Record<string, Call>> {
  const nothing = async () => ({});
  return {
    "NetworkDriver.GetCapabilities": () => network.getCapabilities(),
    "NetworkDriver.CreateNetwork": (body) => network.createNetwork(body),
    "NetworkDriver.DeleteNetwork": (body) => network.deleteNetwork(body),
    "NetworkDriver.AllocateNetwork": () => network.refuseSwarm(),
    "NetworkDriver.FreeNetwork": nothing,
    "NetworkDriver.CreateEndpoint": (body) => network.createEndpoint(body),
    "NetworkDriver.EndpointOperInfo": () => network.endpointOperInfo(),
    "NetworkDriver.Join": (body) => network.join(body),
    "NetworkDriver.Leave": (body) => network.leave(body),
    "NetworkDriver.DeleteEndpoint": (body) => network.deleteEndpoint(body),
    "NetworkDriver.ProgramExternalConnectivity": (body) => network.programExternalConnectivity(body),
    "NetworkDriver.RevokeExternalConnectivity": (body) => network.revokeExternalConnectivity(body),
    "NetworkDriver.DiscoverNew": nothing,
    "NetworkDriver.DiscoverDelete": nothing,
    "IpamDriver.GetCapabilities": () => addresses.getCapabilities(),
    "IpamDriver.GetDefaultAddressSpaces": () => addresses.getDefaultAddressSpaces(),
    "IpamDriver.RequestPool": (body) => addresses.requestPool(body),
    "IpamDriver.ReleasePool": () => addresses.releasePool(),
    "IpamDriver.RequestAddress": (body) => addresses.requestAddress(body),
    "IpamDriver.ReleaseAddress": (body) => addresses.releaseAddress(body),
  };
}
