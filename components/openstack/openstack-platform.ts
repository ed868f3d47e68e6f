import * as pulumi from "@pulumi/pulumi";
import type { Diagnostic, Service } from "../../blueprint/model";
import type { Plan } from "../../placement/model";
import { OpenStackClient } from "../../providers/openstack/client";
import { listFlavors } from "../../providers/openstack/cloud";
import type { OpenStackLocation } from "../../settings/schema";
import type { LocationContext, PlacedComponent, PlatformLocation, ServiceArgs } from "../platform";
import { chooseFlavor, describeMinima } from "./flavor";
import { MachineNetwork } from "./machine-network";
import { MachineService } from "./machine-service";
import { openstackPreflight } from "./openstack-preflight";

/** A project of one OpenStack. Services get a machine each, on one network of the application. */
export class OpenStackPlatform implements PlatformLocation {
  private readonly location: OpenStackLocation;
  private readonly machines = new Map<string, MachineService>();
  private network: MachineNetwork | undefined;

  constructor(private readonly context: LocationContext) {
    this.location = context.settings.locations[context.name] as OpenStackLocation;
  }

  preflight(plan: Plan): Promise<readonly Diagnostic[]> {
    return openstackPreflight(this.context.name, this.location, plan);
  }

  createService(args: ServiceArgs, opts: pulumi.ComponentResourceOptions): PlacedComponent {
    const { name, plan } = this.context;
    const { service } = args.placed;
    const shared = opts.parent === undefined ? {} : { parent: opts.parent };
    this.network ??= new MachineNetwork(
      name,
      { settings: this.location, plan, ...(args.resolver && { resolver: args.resolver }) },
      shared,
    );
    const machine = new MachineService(
      service.id,
      {
        ...args,
        location: this.location,
        plan,
        rules: this.context.compiled.machineRules,
        network: this.network,
        flavor: this.flavor(service),
        neighbours: this.machines,
      },
      opts,
    );
    this.machines.set(service.id, machine);
    args.calico?.announce(service.id, [machine.floatingAddress], machine);
    return machine;
  }

  private flavor({ id, machine }: Service): pulumi.Input<string> {
    const { flavor: preferred } = this.location;
    if (machine === undefined) return preferred;
    return pulumi.output(
      OpenStackClient.login(this.location)
        .then(listFlavors)
        .then((flavors) => {
          const chosen = chooseFlavor(flavors, preferred, machine);
          if (chosen !== undefined) return chosen;
          throw new pulumi.RunError(
            `location '${this.context.name}' has no flavor with ${describeMinima(machine)} for service '${id}'`,
          );
        }),
    );
  }
}
