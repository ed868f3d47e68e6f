import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { numbersOf } from "../../blueprint/port";
import type { Plan } from "../../placement/model";
import { ContainerReadiness } from "../../providers/docker/resource";
import { gated } from "../gate";
import { hostsEntries } from "../hosts-entries";
import { labelsOf } from "../labels";
import type { NetworkHost } from "../network/calico-network";
import type { Endpoint, PlacedComponent, ServiceArgs } from "../platform";
import { calicoSensors, serviceSensors } from "../sensors";
import { attachment } from "./attachment";
import { containerOptions } from "./container-options";
import { type DockerEngine, labelArgs } from "./docker-engine";
import { type ServiceImage, serviceImage } from "./service-image";

export interface ContainerServiceArgs extends ServiceArgs {
  readonly location: string;
  readonly engine: DockerEngine;
  /** Address of the host that published ports are bound to. */
  readonly publishOn: string;
  /** The application's network on this host. */
  readonly networkName: string;
  readonly plan: Plan;
  readonly host: NetworkHost;
  /** Image with socat, for the probe that sees whether the service's ports answer. */
  readonly probeImage: string;
}

/** A service as a container of one Docker Engine; it exists only when the container is healthy and its ports answer. */
export class ContainerService extends pulumi.ComponentResource implements PlacedComponent {
  readonly endpoints: pulumi.Output<Endpoint[]>;
  readonly address: pulumi.Output<string>;
  readonly namedAddresses: pulumi.Output<string[]>;
  readonly calicoAddress?: pulumi.Output<string>;
  readonly calicoAddresses?: pulumi.Output<string[]>;
  readonly calicoSensors?: Readonly<Record<string, pulumi.Output<unknown>>>;
  readonly sensors: Readonly<Record<string, pulumi.Output<unknown>>>;
  readonly nodes: Readonly<Record<string, pulumi.Resource>>;
  /** Parent of what services share. */
  private readonly shared: pulumi.Resource;

  /** @param name The service's id; children are called `<id>-image`, `<id>-container`, `<id>-ready`. */
  constructor(name: string, args: ContainerServiceArgs, opts: pulumi.ComponentResourceOptions) {
    super("clocker:docker:ContainerService", name, {}, opts);
    const { placed, engine } = args;
    const shared = opts.parent ?? this;
    this.shared = shared;
    const network = engine.network(args.networkName, shared, args.calico?.dockerNetwork(args.host));
    const forwarders = args.links
      .filter((link) => link.route === "forward")
      .map((link) => engine.forwarder(network, args.networkName, link, link.component, shared));
    const image = serviceImage(`${name}-image`, args, this);
    const ownAddress = args.calico?.serviceAddress(placed, args.host, this);
    const container = this.createContainer(name, args, { network, image, forwarders, ownAddress });
    const ready = new ContainerReadiness(
      `${name}-ready`,
      {
        location: args.location,
        host: placed.host ?? "",
        containerId: container.id,
        // Datagrams are not accepted, so that nothing tells of a port of UDP whether it answers.
        ports: numbersOf(placed.ports, "tcp"),
        probeImage: args.probeImage,
        timeoutSeconds: placed.service.startTimeoutSeconds,
      },
      { parent: this },
    );
    this.endpoints = pulumi.output(
      placed.ports.flatMap(({ port, protocol, hostPort }): Endpoint[] =>
        typeof hostPort === "number" ? [{ address: engine.address, port: hostPort, protocol, servicePort: port }] : [],
      ),
    );
    this.address = pulumi.output(engine.address);
    this.namedAddresses = (ownAddress ?? this.address).apply((address) => [address]);
    this.sensors = containerSensors(args, this.endpoints, container, ready);
    if (ownAddress !== undefined) {
      this.calicoAddress = ready.address;
      this.calicoAddresses = ready.address.apply((address) => [address]);
      this.calicoSensors = calicoSensors(placed, this.sensors, ready.address);
    }
    this.nodes = { ...(image.resource && { image: image.resource }), container, network, ready };
    this.registerOutputs({ address: this.address, endpoints: this.endpoints });
  }

  private createContainer(
    name: string,
    args: ContainerServiceArgs,
    parts: {
      network: docker.Network;
      image: ServiceImage;
      forwarders: readonly docker.Container[];
      /** In Calico. */
      ownAddress: pulumi.Output<string> | undefined;
    },
  ): docker.Container {
    const { placed } = args;
    const { service } = placed;
    const labels = labelsOf(args.plan, service.id);
    return new docker.Container(
      `${name}-container`,
      {
        name: placed.physicalName,
        hostname: service.container.hostname ?? service.containerName ?? service.id,
        image: gated(parts.image.id, args.gate),
        envs: Object.entries(args.env).map(([key, value]) => pulumi.interpolate`${key}=${value}`),
        ...(args.entrypoint && { entrypoints: [...args.entrypoint] }),
        ...(args.commands && { command: [...args.commands] }),
        networkMode: "bridge",
        ...attachment(args, parts.network, parts.ownAddress),
        ...(args.resolver && { dns: [args.resolver.server], dnsSearches: [args.resolver.search] }),
        hosts: hostsEntries(args.links, args.calico !== undefined),
        volumes: [
          ...service.volumes.map(({ source, containerPath, readOnly }) => ({
            ...("hostPath" in source ? source : { volumeName: this.volume(source.volume, args).name }),
            containerPath,
            ...(readOnly && { readOnly }),
          })),
          ...service.volumesFrom.map((from) => ({ fromContainer: physicalContainer(from, args.plan) })),
        ],
        ...(service.memoryBytes !== undefined && { memory: Math.ceil(service.memoryBytes / 1024 ** 2) }),
        ...(service.cpuShares !== undefined && { cpuShares: service.cpuShares }),
        ...(service.privileged && { privileged: true }),
        ...(service.interactive && { stdinOpen: true }),
        labels: labelArgs({ ...service.container.labels, ...labels }),
        ...containerOptions(service.container, args.files),
      },
      {
        ...args.engine.childOptions(this, { kind: "container", name: placed.physicalName, labels }),
        dependsOn: [...parts.forwarders],
        deleteBeforeReplace: true,
        // Engines choose it themselves where there is a memory limit, each in its own way.
        ignoreChanges: ["memorySwap"],
      },
    );
  }

  /** The application's volume of that name on this host; services there share it. */
  private volume(name: string, { engine, plan }: ContainerServiceArgs): docker.Volume {
    return engine.volume(`${plan.physicalName}-${name}`, this.shared);
  }
}

/** Known only once the container is healthy: who waits for a sensor waits for the service. */
function containerSensors(
  { placed, engine }: ContainerServiceArgs,
  endpoints: pulumi.Output<Endpoint[]>,
  container: docker.Container,
  ready: ContainerReadiness,
): Record<string, pulumi.Output<unknown>> {
  const afterReady = <T>(value: pulumi.Input<T>) => pulumi.all([value, ready.id]).apply(([known]) => known);
  return {
    ...serviceSensors(placed, afterReady(endpoints) as pulumi.Output<Endpoint[]>),
    "host.address": afterReady(engine.address),
    "host.name": afterReady(placed.host),
    "host.subnet.address": ready.address,
    "host.subnet.hostname": afterReady(placed.service.id),
    "docker.container.id": afterReady(container.id),
    "docker.container.name": afterReady(placed.physicalName),
  };
}

/** `volumesFrom` names containers as the blueprint does; in the cloud they bear physical names. Others' containers keep theirs. */
function physicalContainer(name: string, plan: Plan): string {
  const found = plan.services.find(({ service }) => service.id === name || service.containerName === name);
  return found?.physicalName ?? name;
}
