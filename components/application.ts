import * as pulumi from "@pulumi/pulumi";
import type { Blueprint } from "../blueprint/model";
import { isTcp, portText } from "../blueprint/port";
import { calicoRole } from "../placement/calico";
import type { PlacedService, Plan } from "../placement/model";
import type { CompiledNetwork } from "../placement/policy/model";
import { applicationDomain } from "../providers/dns/names";
import type { Settings } from "../settings/schema";
import { type DerivedSensors, derivedSensors, type SensorOutputs } from "./derived-sensors";
import { type ExpressionScope, resolveStructures, resolveText } from "./expressions";
import { gateOf } from "./gate";
import { linkVariables } from "./link-variables";
import { CalicoNetwork } from "./network/calico-network";
import { ServiceNames } from "./network/service-names";
import type { PlacedComponent, PlatformLocation, ResolvedLink, Resolver, ServiceArgs } from "./platform";
import { mainUri } from "./sensors";

export interface ApplicationArgs {
  readonly blueprint: Blueprint;
  readonly settings: Settings;
  readonly plan: Plan;
  /** What the network lets through. */
  readonly compiled: CompiledNetwork;
  /** Every location that the plan uses, by name. */
  readonly locations: ReadonlyMap<string, PlatformLocation>;
  /** Locations whose services' addresses have a reverse zone on the name server. */
  readonly reverse: ReadonlySet<string>;
}

/** One row of the service table in the stack's outputs. */
export interface ServiceSummary {
  readonly location: string;
  readonly platform: string;
  /** `address:port` of every reachable port, with `/udp` behind those of UDP. */
  readonly endpoints: string[];
  readonly address: string;
  /** Its name on the name server, where there is one. */
  readonly name?: string;
  /** Its own address in Calico, where it has one. */
  readonly calicoAddress?: string;
  /** Brooklyn's `service.state`, as the last update left it. */
  readonly state: string;
}

/** One application blueprint with all its services, each on the location that the plan gave it. */
export class Application extends pulumi.ComponentResource {
  /** The services by id. */
  readonly services: ReadonlyMap<string, PlacedComponent>;
  /**
   * Address for a browser: the application's sensor `main.uri`, else that of the last service with a published port of TCP; absent if
   * there is none.
   */
  readonly url: pulumi.Output<string | undefined> | undefined;
  /** What the blueprint's `outputs` tell; absent if it has none. */
  readonly outputs: Record<string, unknown> | undefined;
  /** Sensors that enrichers derive. */
  readonly sensors: DerivedSensors;
  /** The service table: id to where the service runs and answers. */
  readonly summary: pulumi.Output<Record<string, ServiceSummary>>;

  /**
   * @param name The blueprint's id.
   * @throws pulumi.RunError if an expression refers to a sensor, key or secret that does not exist.
   */
  constructor(name: string, args: ApplicationArgs, opts?: pulumi.ComponentResourceOptions) {
    super("clocker:index:Application", name, {}, opts);
    const calico = this.createNetwork(args);
    const placements = new Map(args.plan.services.map(({ service, location }) => [service.id, location]));
    const made = new Map<string, PlacedComponent>();
    for (const placed of args.plan.services) {
      made.set(placed.service.id, this.createService(placed, made, { ...args, placements }, calico));
    }
    this.services = made;
    const { dns } = args.settings.network;
    const names = dns && new ServiceNames("names", { ...args, dns, components: made }, { parent: this });
    const { blueprint, settings } = args;
    const scope: ExpressionScope = { blueprint, settings, placements, components: made };
    this.outputs = blueprint.outputs && resolveStructures(blueprint.outputs, scope);
    this.sensors = derivedSensors(blueprint, scope);
    this.url = derivedUrl(this.sensors.application) ?? publishedUrl(args.plan, made, this.sensors);
    this.summary = summarise(args.plan, made, names?.names ?? {});
    this.registerOutputs({ url: this.url, services: this.summary });
  }

  private createNetwork({ plan, settings, compiled }: ApplicationArgs): CalicoNetwork | undefined {
    const { calico } = settings.network;
    return (
      calico &&
      new CalicoNetwork(
        "network",
        { plan, settings: calico, locations: settings.locations, compiled },
        { parent: this },
      )
    );
  }

  private createService(
    placed: PlacedService,
    made: ReadonlyMap<string, PlacedComponent>,
    { blueprint, settings, plan, locations, placements }: ApplicationArgs & Pick<ExpressionScope, "placements">,
    calico: CalicoNetwork | undefined,
  ): PlacedComponent {
    const location = locations.get(placed.location);
    if (location === undefined) {
      throw new pulumi.ResourceError(
        `location '${placed.location}' of service '${placed.service.id}' is not open`,
        this,
      );
    }
    const scope: ExpressionScope = {
      blueprint,
      settings,
      placements,
      components: calico ? seenFrom(placed, made, settings) : made,
    };
    const links = placed.links.map((link): ResolvedLink => ({ ...link, component: demand(made, link.target) }));
    const resolver = resolverOf(plan, settings);
    const args: ServiceArgs = {
      placed,
      links,
      env: environment(placed, scope),
      ...command(placed, scope),
      ...(placed.service.marathonApp && { marathonApp: resolveStructures(placed.service.marathonApp, scope) }),
      ...settingsOf(placed, scope),
      ...gateOf(placed, scope),
      files: placed.service.files.map(({ path, content, mode }) => ({
        path,
        content: resolveText(content, scope),
        ...(mode !== undefined && { mode }),
      })),
      ...(resolver && { resolver }),
      ...(calico && { calico }),
    };
    const volumeOwners = placed.service.volumesFrom.flatMap((id) => made.get(id) ?? []);
    const dependsOn = [...links.map((link) => link.component), ...volumeOwners];
    return location.createService(args, { parent: this, dependsOn });
  }
}

/** The components with the sensors that are right for a consumer: what Calico guards is reached at its own address only from inside. */
function seenFrom(
  { location }: PlacedService,
  made: ReadonlyMap<string, PlacedComponent>,
  settings: Settings,
): ExpressionScope["components"] {
  const from = settings.locations[location];
  if (from === undefined || calicoRole(from, settings) !== "endpoint") return made;
  return new Map([...made].map(([id, { sensors, calicoSensors }]) => [id, { sensors: calicoSensors ?? sensors }]));
}

function resolverOf({ application }: Plan, { network: { dns } }: Settings): Resolver | undefined {
  if (dns?.resolver !== true) return undefined;
  return { server: dns.server, search: applicationDomain(application, dns.domain) };
}

function demand(made: ReadonlyMap<string, PlacedComponent>, id: string): PlacedComponent {
  const component = made.get(id);
  if (component === undefined) {
    throw new Error(`service '${id}' is used before it is made`);
  }
  return component;
}

/** Link variables override the blueprint's own, as in Clocker. */
function environment(placed: PlacedService, scope: ExpressionScope): Record<string, pulumi.Input<string>> {
  const own = Object.entries(placed.service.env).map(([key, value]) => [key, resolveText(value, scope)] as const);
  const links = placed.links.flatMap((link) => Object.entries(linkVariables(placed.physicalName, link)));
  const merged: Record<string, pulumi.Input<string>> = Object.fromEntries([...own, ...links]);
  return Object.fromEntries(Object.entries(merged).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function command(placed: PlacedService, scope: ExpressionScope): Pick<ServiceArgs, "entrypoint" | "commands"> {
  const { entrypoint, commands } = placed.service;
  return {
    ...(entrypoint && { entrypoint: entrypoint.map((part) => resolveText(part, scope)) }),
    ...(commands && { commands: commands.map((part) => resolveText(part, scope)) }),
  };
}

function settingsOf({ service: { workload } }: PlacedService, scope: ExpressionScope): Pick<ServiceArgs, "software"> {
  if (workload.kind !== "software") return {};
  const settings = Object.entries(workload.settings).map(([key, value]) => [key, resolveText(value, scope)] as const);
  return { software: Object.fromEntries(settings) };
}

function publishedUrl(
  plan: Plan,
  made: ReadonlyMap<string, PlacedComponent>,
  { services }: DerivedSensors,
): Application["url"] {
  const placed = plan.services.findLast((service) => service.ports.some((port) => port.published && isTcp(port)));
  const derived = derivedUrl(services?.[placed?.service.id ?? ""]);
  if (derived !== undefined) return derived;
  return placed && demand(made, placed.service.id).endpoints.apply((endpoints) => mainUri(placed, endpoints));
}

function derivedUrl(sensors: SensorOutputs | undefined): Application["url"] {
  return sensors?.["main.uri"]?.apply((value) => (value === undefined ? undefined : String(value)));
}

function summarise(
  plan: Plan,
  made: ReadonlyMap<string, PlacedComponent>,
  names: ServiceNames["names"],
): pulumi.Output<Record<string, ServiceSummary>> {
  const rows = plan.services.map((placed) => {
    const component = demand(made, placed.service.id);
    const state = component.sensors["service.state"] ?? "RUNNING";
    const name = names[placed.service.id];
    const { address: reached, calicoAddress: own } = component;
    return pulumi
      .all([reached, own, component.endpoints, state])
      .apply(([address, calicoAddress, endpoints, known]) => {
        const row: ServiceSummary = {
          location: placed.host === undefined ? placed.location : `${placed.location}/${placed.host}`,
          platform: placed.platform,
          address,
          ...(name !== undefined && { name }),
          ...(calicoAddress !== undefined && { calicoAddress }),
          state: String(known),
          endpoints: endpoints.map((endpoint) => `${endpoint.address}:${portText(endpoint)}`),
        };
        return [placed.service.id, row] as const;
      });
  });
  return pulumi.all(rows).apply((entries) => Object.fromEntries(entries));
}
