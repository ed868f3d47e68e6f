import * as pulumi from "@pulumi/pulumi";
import { calicoNode } from "../../placement/calico";
import type { PlacedService, Plan } from "../../placement/model";
import { calicoLabels } from "../../placement/policy/labels";
import type { CompiledNetwork } from "../../placement/policy/model";
import { mtuOf, poolModes } from "../../providers/calico/host/encapsulation";
import { AddressRange } from "../../providers/calico/resources/address-range";
import { CalicoDatastore } from "../../providers/calico/resources/calico-datastore";
import { CalicoHost } from "../../providers/calico/resources/calico-host";
import { GlobalNetworkPolicy } from "../../providers/calico/resources/global-network-policy";
import { GlobalNetworkSet } from "../../providers/calico/resources/global-network-set";
import { HostEndpoint } from "../../providers/calico/resources/host-endpoint";
import { Node } from "../../providers/calico/resources/node";
import { ServiceAddress } from "../../providers/calico/resources/service-address";
import { Tier } from "../../providers/calico/resources/tier";
import type { CalicoSettings } from "../../settings/network";
import type { DockerHost, Settings } from "../../settings/schema";
import { createBgp } from "./bgp";

export interface CalicoNetworkArgs {
  readonly plan: Plan;
  readonly settings: CalicoSettings;
  readonly locations: Settings["locations"];
  readonly compiled: CompiledNetwork;
}

/** A Docker Engine that takes part in the network. */
export interface NetworkHost {
  /** Name of the location in `clocker:locations`. */
  readonly location: string;
  /** Name of the host or agent in it. */
  readonly name: string;
  readonly settings: DockerHost;
}

/** What `docker.Network` needs to be one of Calico's, and what must be there before. */
export interface CalicoDockerNetwork {
  /** Name of the network driver, and of the IPAM driver. */
  readonly driver: string;
  readonly subnet: pulumi.Output<string>;
  /** Options of the driver. */
  readonly options?: Readonly<Record<string, string>>;
  readonly dependsOn: readonly pulumi.Resource[];
}

/** Network and IPAM driver of Docker hosts. */
const DRIVER = "calico";
const HOST_SECONDS = 180;

/** What an application has in Calico: its range of addresses, its tier with a policy for each link, and the hosts that enforce them. */
export class CalicoNetwork extends pulumi.ComponentResource {
  /** The application's range, e.g. `198.18.64.0/26`. */
  readonly cidr: pulumi.Output<string>;
  private readonly range: AddressRange;
  private readonly hosts = new Map<string, CalicoHost | undefined>();

  /** @param name Prefix of the children's names, e.g. `network`. */
  constructor(
    private readonly name: string,
    private readonly args: CalicoNetworkArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("clocker:network:CalicoNetwork", name, {}, opts);
    const { plan, settings, compiled } = args;
    const { blockSize, natOutgoing, encapsulation } = settings;
    const datastore = new CalicoDatastore(`${name}-datastore`, {}, { parent: this });
    const after = { parent: this, dependsOn: [datastore] };
    createBgp(name, plan.physicalName, settings, after);
    const policies = this.createPolicies(compiled, after);
    // What has an address comes after the range and so after every policy, without an edge from each network to each policy.
    this.range = new AddressRange(
      `${name}-range`,
      {
        metadata: { name: plan.physicalName },
        pool: settings.pool,
        prefixLength: settings.rangePrefix,
        spec: { blockSize, natOutgoing, allowedUses: ["Workload"], ...poolModes(encapsulation) },
      },
      { parent: this, dependsOn: [datastore, ...policies] },
    );
    this.cidr = this.range.cidr;
    this.registerOutputs({ cidr: this.cidr });
  }

  /**
   * A Docker network of the application on that host.
   * @param service Id of the only service on it; absent: each container says whose it is by `labelOptions`.
   */
  dockerNetwork(host: NetworkHost, service?: string): CalicoDockerNetwork {
    const agents = this.host(host);
    return {
      driver: DRIVER,
      subnet: this.cidr,
      ...(service !== undefined && { options: this.labelOptions(service) }),
      dependsOn: [this.range, ...(agents === undefined ? [] : [agents])],
    };
  }

  /** The labels by which policies know a task in a CNI network of Calico's, and what must be there before. */
  cniNetwork(service: string): { labels: Readonly<Record<string, string>>; dependsOn: readonly pulumi.Resource[] } {
    return { labels: calicoLabels(this.args.plan, service), dependsOn: [this.range] };
  }

  /** Options by which the driver knows whose endpoint it makes. */
  labelOptions(service: string): Record<string, string> {
    return Object.fromEntries(
      Object.entries(calicoLabels(this.args.plan, service)).map(([key, value]) => [`label.${key}`, value]),
    );
  }

  /** The address that a service has on a host for as long as it stays there. */
  serviceAddress(placed: PlacedService, host: NetworkHost, parent: pulumi.Resource): pulumi.Output<string> {
    const agents = this.host(host);
    return new ServiceAddress(
      `${placed.service.id}-address`,
      { service: placed.physicalName, range: this.range.metadata.name, node: nodeOf(host) },
      { parent, dependsOn: [this.range, ...(agents === undefined ? [] : [agents])] },
    ).address;
  }

  /** Makes a service known to policies by addresses that its platform gave it. */
  announce(service: string, addresses: pulumi.Input<readonly pulumi.Input<string>[]>, parent: pulumi.Resource): void {
    const set = this.args.compiled.sets.find((one) => one.service === service);
    if (set === undefined) return;
    const nets = pulumi.output(addresses).apply((known) => known.map((address) => `${address}/32`));
    new GlobalNetworkSet(
      `${service}-set`,
      { metadata: { name: set.name, labels: set.labels }, spec: { nets } },
      { parent },
    );
  }

  /** How Felix reaches the datastore. */
  get etcd(): CalicoSettings["etcd"] {
    return this.args.settings.etcd;
  }

  /**
   * Puts a machine under a policy of its own: the node of its name has one host endpoint, that of the interface with the address. Felix
   * finds both when it starts there.
   */
  guardMachine(placed: PlacedService, address: pulumi.Input<string>, parent: pulumi.Resource): pulumi.Resource[] {
    const { id } = placed.service;
    const compiled = this.args.compiled.machinePolicies[id];
    if (compiled === undefined) return [];
    const { name, spec, labels } = compiled;
    const options = { parent, dependsOn: [this.range] };
    const node = new Node(`${id}-node`, { metadata: { name: placed.physicalName }, spec: {} }, options);
    const policy = new GlobalNetworkPolicy(`${id}-policy`, { metadata: { name }, spec }, options);
    const endpoint = new HostEndpoint(
      `${id}-endpoint`,
      {
        metadata: { name: placed.physicalName, labels },
        spec: { node: placed.physicalName, expectedIPs: [address] },
      },
      { parent, dependsOn: [node, policy] },
    );
    return [endpoint];
  }

  private createPolicies(
    { tier, policies }: CompiledNetwork,
    options: pulumi.CustomResourceOptions,
  ): readonly pulumi.Resource[] {
    if (tier === undefined) return [];
    const { name, order, defaultAction } = tier;
    const made = new Tier(`${this.name}-tier`, { metadata: { name }, spec: { order, defaultAction } }, options);
    return policies.map(
      (policy) =>
        new GlobalNetworkPolicy(
          `${this.name}-${policy.name.slice(name.length + 1)}`,
          { metadata: { name: policy.name }, spec: policy.spec },
          { parent: this, dependsOn: [made] },
        ),
    );
  }

  /** The agents of a host, which locations may share; undefined where Calico runs there already. */
  private host(host: NetworkHost): CalicoHost | undefined {
    const node = nodeOf(host);
    if (!this.hosts.has(node)) {
      const first = firstWith(node, this.args) ?? host;
      this.hosts.set(node, first.settings.calico === "present" ? undefined : this.createHost(node, first));
    }
    return this.hosts.get(node);
  }

  private createHost(node: string, { location, name, settings: host }: NetworkHost): CalicoHost {
    const { plan, settings } = this.args;
    const { pool, encapsulation } = settings;
    return new CalicoHost(
      `${this.name}-host-${node}`,
      {
        location,
        host: name,
        node,
        address: host.address,
        owner: plan.physicalName,
        felixImage: settings.felixImage ?? "",
        driverImage: settings.driverImage ?? "",
        pool,
        encapsulation,
        mtu: mtuOf(encapsulation),
        iptables: settings.iptables,
        timeoutSeconds: HOST_SECONDS,
      },
      { parent: this, dependsOn: [this.range] },
    );
  }
}

/** Of the locations that share a host the first by name: which service comes first there must not change the host. */
function firstWith(node: string, { plan, locations }: CalicoNetworkArgs): NetworkHost | undefined {
  const used = [...new Set(plan.services.map(({ location }) => location))].sort();
  return used
    .flatMap((location) =>
      Object.entries(enginesOf(locations[location])).map(
        ([name, settings]): NetworkHost => ({ location, name, settings }),
      ),
    )
    .find((host) => nodeOf(host) === node);
}

function enginesOf(location: Settings["locations"][string] | undefined): Readonly<Record<string, DockerHost>> {
  if (location === undefined) return {};
  return "hosts" in location ? location.hosts : "agents" in location ? (location.agents ?? {}) : {};
}

function nodeOf({ name, settings }: NetworkHost): string {
  return calicoNode(name, settings);
}
