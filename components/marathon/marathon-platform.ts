import type * as pulumi from "@pulumi/pulumi";
import type { Diagnostic } from "../../blueprint/model";
import type { Plan } from "../../placement/model";
import type { MesosCluster } from "../../providers/mesos/cluster";
import type { MarathonLocation } from "../../settings/schema";
import { DockerEngine } from "../docker/docker-engine";
import { labelsOf } from "../labels";
import type { LocationContext, PlacedComponent, PlatformLocation, ServiceArgs } from "../platform";
import { marathonPreflight } from "./marathon-preflight";
import { type Agent, TaskService } from "./task-service";

/** A Mesos cluster reached through Marathon; its agents' Docker Engines are known where links need forwarders beside the tasks. */
export class MarathonPlatform implements PlatformLocation {
  private readonly settings: MarathonLocation;
  private readonly agents: readonly Agent[];
  cluster: MesosCluster | undefined;

  constructor(private readonly context: LocationContext) {
    this.settings = context.settings.locations[context.name] as MarathonLocation;
    this.agents = Object.entries(this.settings.agents ?? {}).map(([name, settings]) => ({
      host: { location: context.name, name, settings },
      engine: new DockerEngine({
        name: `${context.name}-${name}`,
        settings,
        registries: undefined,
        forwarderImage: context.settings.network.forwarderImage,
        labels: labelsOf(context.plan),
      }),
    }));
  }

  async preflight(plan: Plan): Promise<readonly Diagnostic[]> {
    const { diagnostics, cluster } = await marathonPreflight(this.context.name, this.settings, plan);
    this.cluster = cluster;
    return diagnostics;
  }

  createService(args: ServiceArgs, opts: pulumi.ComponentResourceOptions): PlacedComponent {
    return new TaskService(
      args.placed.service.id,
      {
        ...args,
        location: this.context.name,
        settings: this.settings,
        agents: this.agents,
        plan: this.context.plan,
      },
      opts,
    );
  }
}
