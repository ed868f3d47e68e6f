import * as pulumi from "@pulumi/pulumi";
import type { Plan } from "../../placement/model";
import { MarathonApp } from "../../providers/marathon/resource";
import type { MarathonLocation } from "../../settings/schema";
import type { DockerEngine } from "../docker/docker-engine";
import { hostsEntries } from "../hosts-entries";
import { labelsOf } from "../labels";
import type { Endpoint, PlacedComponent, ServiceArgs } from "../platform";
import { serviceSensors } from "../sensors";
import { appDefinition, appId } from "./app-definition";

export interface TaskServiceArgs extends ServiceArgs {
  readonly location: string;
  readonly settings: MarathonLocation;
  /** The Docker Engines of the agents, if the location names them. */
  readonly agents: readonly DockerEngine[];
  readonly plan: Plan;
}

/** A service as a Marathon app; it exists only when the deployment succeeded and the app's task is healthy. */
export class TaskService extends pulumi.ComponentResource implements PlacedComponent {
  readonly endpoints: pulumi.Output<Endpoint[]>;
  readonly address: pulumi.Output<string>;
  readonly sensors: Readonly<Record<string, pulumi.Output<unknown>>>;
  readonly nodes: Readonly<Record<string, pulumi.Resource>>;

  /** @param name The service's id; the app's resource is called `<id>-app`. */
  constructor(name: string, args: TaskServiceArgs, opts: pulumi.ComponentResourceOptions) {
    super("clocker:marathon:TaskService", name, {}, opts);
    const { placed } = args;
    const beside = this.createForwarders(name, args);
    const app = new MarathonApp(
      `${name}-app`,
      {
        location: args.location,
        appId: appId(args.settings, args.plan, placed),
        app: appDefinition({
          placed,
          env: args.env,
          labels: labelsOf(args.plan, placed.service.id),
          ...(args.entrypoint && { entrypoint: args.entrypoint }),
          ...(args.commands && { commands: args.commands }),
          ...(beside.network !== undefined && { network: beside.network }),
          hosts: hostsEntries(args.links).map(({ host, ip }) => pulumi.interpolate`${host}:${ip}`),
        }),
        timeoutSeconds: placed.service.startTimeoutSeconds,
        adopt: args.settings.adopt,
      },
      { parent: this, dependsOn: [...beside.resources] },
    );
    this.endpoints = app.endpoints.apply((endpoints) => endpoints.map((endpoint) => atAgent(endpoint, args.settings)));
    this.address = this.endpoints.apply((endpoints) => endpoints[0]?.address ?? "");
    this.sensors = taskSensors(args, this.endpoints, app);
    this.nodes = { app, ...beside.nodes };
    this.registerOutputs({ address: this.address, endpoints: this.endpoints });
  }

  /**
   * Where a target answers behind another port: a network of the service's own on every agent, with forwarders under the links'
   * names, so that the task finds them whichever agent it runs on.
   */
  private createForwarders(
    name: string,
    args: TaskServiceArgs,
  ): { network?: string; resources: pulumi.Resource[]; nodes: Record<string, pulumi.Resource> } {
    const links = args.links.filter((link) => link.route === "forward");
    if (links.length === 0) {
      return { resources: [], nodes: {} };
    }
    const networkName = args.placed.physicalName;
    const nodes: Record<string, pulumi.Resource> = {};
    for (const [index, agent] of args.agents.entries()) {
      const network = agent.network(networkName, this);
      nodes[`${name}-network-${index}`] = network;
      for (const link of links) {
        nodes[`${name}-to-${link.alias}-${index}`] = agent.forwarder(network, networkName, link, link.component, this);
      }
    }
    return { network: networkName, resources: Object.values(nodes), nodes };
  }
}

/** Marathon names agents as Mesos does; where the location knows the agent, its address is the one that others reach. */
function atAgent(endpoint: Endpoint, settings: MarathonLocation): Endpoint {
  return { ...endpoint, address: settings.agents?.[endpoint.address]?.address ?? endpoint.address };
}

function taskSensors(
  { placed }: TaskServiceArgs,
  endpoints: pulumi.Output<Endpoint[]>,
  app: MarathonApp,
): Record<string, pulumi.Output<unknown>> {
  const first = app.tasks.apply((tasks) => tasks[0]);
  return {
    ...serviceSensors(placed, endpoints),
    "host.address": endpoints.apply((all) => all[0]?.address),
    "host.name": first.apply((task) => task?.host),
    "host.subnet.address": first.apply((task) => task?.ipAddresses[0]),
  };
}
