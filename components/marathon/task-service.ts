import * as pulumi from "@pulumi/pulumi";
import type { Plan } from "../../placement/model";
import { MarathonApp } from "../../providers/marathon/resource";
import type { MarathonLocation } from "../../settings/schema";
import type { DockerEngine } from "../docker/docker-engine";
import { gated } from "../gate";
import { hostsEntries } from "../hosts-entries";
import { labelsOf } from "../labels";
import type { CalicoNetwork, NetworkHost } from "../network/calico-network";
import type { Endpoint, PlacedComponent, ServiceArgs } from "../platform";
import { calicoSensors } from "../sensors";
import { appDefinition, appId, type TaskNetwork } from "./app-definition";
import { addressOf, whatRuns } from "./running";
import { taskSensors } from "./task-sensors";

/** An agent's Docker Engine. */
export interface Agent {
  readonly engine: DockerEngine;
  readonly host: NetworkHost;
}

/** What has to be on the agents before a task. */
interface Surroundings {
  readonly network?: TaskNetwork;
  readonly resources: readonly pulumi.Resource[];
  readonly nodes: Readonly<Record<string, pulumi.Resource>>;
}

export interface TaskServiceArgs extends ServiceArgs {
  readonly location: string;
  readonly settings: MarathonLocation;
  /** The Docker Engines of the agents, if the location names them. */
  readonly agents: readonly Agent[];
  readonly plan: Plan;
}

/** A service as a Marathon app; it exists only when the deployment succeeded and the app's tasks are healthy. */
export class TaskService extends pulumi.ComponentResource implements PlacedComponent {
  readonly endpoints: pulumi.Output<Endpoint[]>;
  readonly address: pulumi.Output<string>;
  readonly namedAddresses: pulumi.Output<string[]>;
  readonly calicoAddress?: pulumi.Output<string>;
  readonly calicoAddresses?: pulumi.Output<string[]>;
  readonly calicoSensors?: Readonly<Record<string, pulumi.Output<unknown>>>;
  readonly sensors: Readonly<Record<string, pulumi.Output<unknown>>>;
  readonly nodes: Readonly<Record<string, pulumi.Resource>>;

  /** @param name The service's id; the app's resource is called `<id>-app`. */
  constructor(name: string, args: TaskServiceArgs, opts: pulumi.ComponentResourceOptions) {
    super("clocker:marathon:TaskService", name, {}, opts);
    const { placed } = args;
    const beside = this.createSurroundings(name, args);
    const definition = appDefinition({
      placed,
      env: args.env,
      labels: labelsOf(args.plan, placed.service.id),
      containerizer: args.settings.containerizer,
      ...(args.entrypoint && { entrypoint: args.entrypoint }),
      ...(args.commands && { commands: args.commands }),
      ...(args.marathonApp && { marathonApp: args.marathonApp }),
      ...(args.resolver && { resolver: args.resolver }),
      ...(beside.network !== undefined && { network: beside.network }),
      ...(args.links.some(({ route }) => route === "hosts") && {
        hosts: hostsEntries(args.links, args.calico !== undefined),
      }),
    });
    const app = new MarathonApp(
      `${name}-app`,
      {
        location: args.location,
        appId: appId(args.settings, args.plan, placed),
        app: gated(definition, args.gate),
        timeoutSeconds: placed.service.startTimeoutSeconds,
        adopt: args.settings.adopt,
      },
      { parent: this, dependsOn: [...beside.resources] },
    );
    const running = whatRuns(app, args.settings);
    this.endpoints = running.apply(({ endpoints }) => [...endpoints]);
    this.address = this.endpoints.apply((endpoints) => endpoints[0]?.address ?? "");
    const ownAddresses = running.apply(({ up }) => up.flatMap(({ ipAddresses }) => ipAddresses.slice(0, 1)));
    this.namedAddresses = args.calico
      ? ownAddresses
      : running.apply(({ up }) => [...new Set(up.map(({ host }) => addressOf(host, args.settings)))]);
    this.sensors = taskSensors(placed, args.settings, running);
    if (args.calico) {
      this.calicoAddress = ownAddresses.apply(([first]) => first ?? "");
      this.calicoAddresses = ownAddresses;
      this.calicoSensors = calicoSensors(placed, this.sensors, this.calicoAddress);
    }
    this.nodes = { app, ...beside.nodes };
    this.registerOutputs({ address: this.address, endpoints: this.endpoints });
  }

  private createSurroundings(name: string, args: TaskServiceArgs): Surroundings {
    const { calico, settings } = args;
    if (settings.containerizer === "mesos") return cniNetwork(args);
    return calico ? this.createCalicoNetworks(name, args, calico) : this.createForwarders(name, args);
  }

  /** A network of the service's own on every agent, whose endpoints Calico knows as the service's: Marathon passes no labels. */
  private createCalicoNetworks(name: string, { placed, agents }: TaskServiceArgs, calico: CalicoNetwork): Surroundings {
    const networkName = placed.physicalName;
    const nodes = Object.fromEntries(
      agents.map(({ engine, host }, index) => [
        `${name}-network-${index}`,
        engine.network(networkName, this, calico.dockerNetwork(host, placed.service.id)),
      ]),
    );
    return { network: { name: networkName }, resources: Object.values(nodes), nodes };
  }

  /**
   * Where a target answers behind another port: a network of the service's own on every agent, with forwarders under the links'
   * names, so that the task finds them whichever agent it runs on.
   */
  private createForwarders(name: string, args: TaskServiceArgs): Surroundings {
    const links = args.links.filter((link) => link.route === "forward");
    if (links.length === 0) {
      return { resources: [], nodes: {} };
    }
    const networkName = args.placed.physicalName;
    const nodes: Record<string, pulumi.Resource> = {};
    for (const [index, { engine: agent }] of args.agents.entries()) {
      const network = agent.network(networkName, this);
      nodes[`${name}-network-${index}`] = network;
      for (const link of links) {
        nodes[`${name}-to-${link.alias}-${index}`] = agent.forwarder(network, networkName, link, link.component, this);
      }
    }
    return { network: { name: networkName }, resources: Object.values(nodes), nodes };
  }
}

/** The agents have the network already; the labels make the task an endpoint of the service. */
function cniNetwork({ placed, settings, calico }: TaskServiceArgs): Surroundings {
  if (settings.network === undefined) return { resources: [], nodes: {} };
  const known = calico?.cniNetwork(placed.service.id);
  const network = { name: settings.network, ...(known && { labels: known.labels }) };
  return { network, resources: known?.dependsOn ?? [], nodes: {} };
}
