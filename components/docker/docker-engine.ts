import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { PlannedLink } from "../../placement/model";
import { removeContainerIfOurs, removeNetworkIfOurs } from "../../providers/docker/reclaim";
import type { DockerHost, DockerLocation } from "../../settings/schema";
import type { CalicoDockerNetwork } from "../network/calico-network";
import type { PlacedComponent } from "../platform";
import { createForwarder } from "./forwarder";

/** Container labels in the form that @pulumi/docker takes, sorted so that their order is no change. */
export function labelArgs(labels: Readonly<Record<string, string>>): { label: string; value: string }[] {
  return Object.entries(labels)
    .map(([label, value]) => ({ label, value }))
    .sort((a, b) => (a.label < b.label ? -1 : 1));
}

export interface EngineArgs {
  /** Prefix of logical resource names, unique in the stack. */
  readonly name: string;
  readonly settings: DockerHost;
  readonly registries: DockerLocation["registries"];
  /** Image with HAProxy. */
  readonly forwarderImage: string;
  /** Labels of everything made here that belongs to no single service. */
  readonly labels: Readonly<Record<string, string>>;
}

/** One Docker Engine as a deployment target: its provider, its networks and the forwarders on them, each made once. */
export class DockerEngine {
  private provider: docker.Provider | undefined;
  private forwarderImage: docker.RemoteImage | undefined;
  private readonly networks = new Map<string, docker.Network>();
  private readonly volumes = new Map<string, docker.Volume>();
  private readonly forwarders = new Map<string, docker.Container>();

  constructor(private readonly args: EngineArgs) {}

  /** Address at which published ports of this engine answer. */
  get address(): string {
    return this.args.settings.address;
  }

  /** Options of a child on this engine that clears what an interrupted run left behind before it is created. */
  childOptions(
    parent: pulumi.Resource,
    reclaim?: { kind: "container" | "network"; name: string; labels: Readonly<Record<string, string>> },
  ): pulumi.CustomResourceOptions {
    const options = { parent, provider: this.getProvider(parent) };
    if (reclaim === undefined) {
      return options;
    }
    const remove = reclaim.kind === "container" ? removeContainerIfOurs : removeNetworkIfOurs;
    const clear = async (): Promise<void> => {
      await remove(this.args.settings, reclaim.name, reclaim.labels);
    };
    return { ...options, hooks: { beforeCreate: [clear] } };
  }

  /**
   * The network of that physical name, with the resources' common parent.
   * @param calico Makes it one of Calico's; absent: a bridge of the host.
   */
  network(name: string, parent: pulumi.Resource, calico?: CalicoDockerNetwork): docker.Network {
    let network = this.networks.get(name);
    if (network === undefined) {
      network = new docker.Network(
        `${this.args.name}-${name}`,
        {
          name,
          labels: labelArgs(this.args.labels),
          driver: "bridge",
          ...(calico && {
            driver: calico.driver,
            ipamDriver: calico.driver,
            ipamConfigs: [{ subnet: calico.subnet }],
            ...(calico.options && { options: { ...calico.options } }),
          }),
        },
        {
          ...this.childOptions(parent, { kind: "network", name, labels: this.args.labels }),
          dependsOn: [...(calico?.dependsOn ?? [])],
          deleteBeforeReplace: true,
        },
      );
      this.networks.set(name, network);
    }
    return network;
  }

  /** The volume of that physical name; what it holds goes with it. */
  volume(name: string, parent: pulumi.Resource): docker.Volume {
    let volume = this.volumes.get(name);
    if (volume === undefined) {
      volume = new docker.Volume(
        `${this.args.name}-${name}`,
        { name, labels: labelArgs(this.args.labels) },
        this.childOptions(parent),
      );
      this.volumes.set(name, volume);
    }
    return volume;
  }

  /**
   * The forwarder that answers on the network under the link's alias and passes connections on to where the target's instances are
   * reached. Consumers on one network share it.
   */
  forwarder(
    network: docker.Network,
    networkName: string,
    link: PlannedLink,
    target: PlacedComponent,
    parent: pulumi.Resource,
  ): docker.Container {
    const key = `${networkName}/${link.alias}`;
    let forwarder = this.forwarders.get(key);
    if (forwarder === undefined) {
      forwarder = createForwarder({
        engine: this,
        name: `${this.args.name}-${networkName}-to-${link.alias}`,
        physicalName: `${networkName}-to-${link.alias}`,
        image: this.getForwarderImage(parent).imageId,
        labels: { ...this.args.labels, "clocker.link": link.alias },
        network,
        link,
        target,
        parent,
      });
      this.forwarders.set(key, forwarder);
    }
    return forwarder;
  }

  /** The image on this engine, pulled if it is not there; it stays when the stack goes, others may use it. */
  image(name: string, reference: string, parent: pulumi.Resource): docker.RemoteImage {
    return new docker.RemoteImage(name, { name: reference, keepLocally: true }, this.childOptions(parent));
  }

  private getForwarderImage(parent: pulumi.Resource): docker.RemoteImage {
    this.forwarderImage ??= this.image(`${this.args.name}-forwarder-image`, this.args.forwarderImage, parent);
    return this.forwarderImage;
  }

  private getProvider(parent: pulumi.Resource): docker.Provider {
    const { settings, registries, name } = this.args;
    this.provider ??= new docker.Provider(
      name,
      {
        host: settings.url,
        ...(settings.tls && {
          caMaterial: settings.tls.ca,
          certMaterial: settings.tls.cert,
          keyMaterial: pulumi.secret(settings.tls.key),
        }),
        ...(registries && { registryAuth: pulumi.secret(registries) }),
      },
      { parent },
    );
    return this.provider;
  }
}
