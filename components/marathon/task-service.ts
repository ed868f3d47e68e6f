import * as pulumi from "@pulumi/pulumi";
import type { Plan } from "../../placement/model";
import { MarathonApp, type MarathonEndpoint, type MarathonTask } from "../../providers/marathon/resource";
import type { MarathonLocation } from "../../settings/schema";
import type { DockerEngine } from "../docker/docker-engine";
import { hostsEntries } from "../hosts-entries";
import { labelsOf } from "../labels";
import type { CalicoNetwork, NetworkHost } from "../network/calico-network";
import type { Endpoint, PlacedComponent, ServiceArgs } from "../platform";
import { calicoSensors, serviceSensors } from "../sensors";
import { appDefinition, appId, type TaskNetwork } from "./app-definition";

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

/** A service as a Marathon app; it exists only when the deployment succeeded and the app's task is healthy. */
export class TaskService extends pulumi.ComponentResource implements PlacedComponent {
  readonly endpoints: pulumi.Output<Endpoint[]>;
  readonly address: pulumi.Output<string>;
  readonly namedAddresses: pulumi.Output<string[]>;
  readonly calicoAddress?: pulumi.Output<string>;
  readonly calicoSensors?: Readonly<Record<string, pulumi.Output<unknown>>>;
  readonly sensors: Readonly<Record<string, pulumi.Output<unknown>>>;
  readonly nodes: Readonly<Record<string, pulumi.Resource>>;

  /** @param name The service's id; the app's resource is called `<id>-app`. */
  constructor(name: string, args: TaskServiceArgs, opts: pulumi.ComponentResourceOptions) {
    super("clocker:marathon:TaskService", name, {}, opts);
    const { placed } = args;
    const beside = this.createSurroundings(name, args);
    const app = new MarathonApp(
      `${name}-app`,
      {
        location: args.location,
        appId: appId(args.settings, args.plan, placed),
        app: appDefinition({
          placed,
          env: args.env,
          labels: labelsOf(args.plan, placed.service.id),
          containerizer: args.settings.containerizer,
          ...(args.entrypoint && { entrypoint: args.entrypoint }),
          ...(args.commands && { commands: args.commands }),
          ...(args.resolver && { resolver: args.resolver }),
          ...(beside.network !== undefined && { network: beside.network }),
          hosts: hostsEntries(args.links, args.calico !== undefined).map(
            ({ host, ip }) => pulumi.interpolate`${host}:${ip}`,
          ),
        }),
        timeoutSeconds: placed.service.startTimeoutSeconds,
        adopt: args.settings.adopt,
      },
      { parent: this, dependsOn: [...beside.resources] },
    );
    const running = whatRuns(app);
    this.endpoints = running.apply(({ endpoints }) => endpoints.map((endpoint) => atAgent(endpoint, args.settings)));
    this.address = this.endpoints.apply((endpoints) => endpoints[0]?.address ?? "");
    this.namedAddresses = args.calico
      ? running.apply(({ tasks }) => tasks.flatMap(({ ipAddresses }) => ipAddresses.slice(0, 1)))
      : running.apply(({ tasks }) => [...new Set(tasks.map(({ host }) => addressOf(host, args.settings)))]);
    this.sensors = taskSensors(
      args,
      this.endpoints,
      running.apply(({ tasks }) => tasks[0]),
    );
    if (args.calico) {
      this.calicoAddress = running.apply(({ tasks }) => tasks[0]?.ipAddresses[0] ?? "");
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

interface Running {
  readonly endpoints: readonly MarathonEndpoint[];
  readonly tasks: readonly MarathonTask[];
}

/** An app that failed is in the state without tasks: its address is as unknown in a preview as that of an app yet to be made. */
function whatRuns(app: MarathonApp): pulumi.Output<Running> {
  return pulumi.all([app.endpoints, app.tasks]).apply(([endpoints, tasks]) => {
    const known = tasks.length > 0 || !pulumi.runtime.isDryRun();
    return known ? { endpoints, tasks } : (pulumi.runtime.deserializeProperty(pulumi.runtime.unknownValue) as Running);
  });
}

/** Marathon names agents as Mesos does; where the location knows the agent, its address is the one that others reach. */
function atAgent(endpoint: Endpoint, settings: MarathonLocation): Endpoint {
  return { ...endpoint, address: addressOf(endpoint.address, settings) };
}

function addressOf(agent: string, settings: MarathonLocation): string {
  return settings.agents?.[agent]?.address ?? agent;
}

function taskSensors(
  { placed }: TaskServiceArgs,
  endpoints: pulumi.Output<Endpoint[]>,
  first: pulumi.Output<MarathonTask | undefined>,
): Record<string, pulumi.Output<unknown>> {
  return {
    ...serviceSensors(placed, endpoints),
    "host.address": endpoints.apply((all) => all[0]?.address),
    "host.name": first.apply((task) => task?.host),
    "host.subnet.address": first.apply((task) => task?.ipAddresses[0]),
  };
}
