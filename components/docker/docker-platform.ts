import type * as pulumi from "@pulumi/pulumi";
import type { Diagnostic } from "../../blueprint/model";
import type { PlacedService, Plan } from "../../placement/model";
import type { DockerLocation } from "../../settings/schema";
import { labelsOf } from "../labels";
import type { LocationContext, PlacedComponent, PlatformLocation, ServiceArgs } from "../platform";
import { ContainerService } from "./container-service";
import { DockerEngine } from "./docker-engine";
import { dockerPreflight } from "./docker-preflight";

/** A location of one or more Docker Engines. Services of one application share one network on each engine. */
export class DockerPlatform implements PlatformLocation {
  private readonly settings: DockerLocation;
  private readonly engines = new Map<string, DockerEngine>();

  constructor(private readonly context: LocationContext) {
    this.settings = context.settings.locations[context.name] as DockerLocation;
  }

  preflight(plan: Plan): Promise<readonly Diagnostic[]> {
    return dockerPreflight(this.context.name, this.settings, plan);
  }

  createService(args: ServiceArgs, opts: pulumi.ComponentResourceOptions): PlacedComponent {
    return new ContainerService(
      args.placed.service.id,
      {
        ...args,
        location: this.context.name,
        engine: this.engine(args.placed),
        host: { location: this.context.name, name: args.placed.host ?? "", settings: this.host(args.placed) },
        publishOn: this.host(args.placed).publishOn ?? this.host(args.placed).address,
        networkName: this.context.plan.physicalName,
        plan: this.context.plan,
        probeImage: this.context.settings.network.probeImage,
      },
      opts,
    );
  }

  private host(placed: PlacedService): DockerLocation["hosts"][string] {
    const host = placed.host === undefined ? undefined : this.settings.hosts[placed.host];
    if (host === undefined) {
      throw new Error(`location '${this.context.name}' has no host '${placed.host}'`);
    }
    return host;
  }

  private engine(placed: PlacedService): DockerEngine {
    const name = `${this.context.name}-${placed.host}`;
    let engine = this.engines.get(name);
    if (engine === undefined) {
      engine = new DockerEngine({
        name,
        settings: this.host(placed),
        registries: this.settings.registries,
        forwarderImage: this.context.settings.network.forwarderImage,
        labels: labelsOf(this.context.plan),
      });
      this.engines.set(name, engine);
    }
    return engine;
  }
}
