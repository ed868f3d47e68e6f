import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import * as pulumi from "@pulumi/pulumi";
import { hasOwnAddress } from "../../placement/calico";
import type { PlacedService, Plan } from "../../placement/model";
import { claimName, claimText, reverseName, serviceName } from "../../providers/dns/names";
import { RecordSet } from "../../providers/dns/resource";
import type { DnsSettings } from "../../settings/network";
import type { Settings } from "../../settings/schema";
import type { PlacedComponent } from "../platform";

export interface ServiceNamesArgs {
  readonly plan: Plan;
  readonly settings: Settings;
  readonly dns: DnsSettings;
  /** The services by id. */
  readonly components: ReadonlyMap<string, PlacedComponent>;
  /** Locations whose services' addresses have a reverse zone on the name server. */
  readonly reverse: ReadonlySet<string>;
}

/** What a name points to. */
interface Target {
  readonly type: "A" | "AAAA" | "CNAME";
  readonly values: readonly string[];
}

/**
 * The names of an application's services on a name server: `<service>.<application>.<domain>`, and back from an address that is a
 * service's own. A TXT record says which stack they belong to, so that another one can neither take nor delete them.
 */
export class ServiceNames extends pulumi.ComponentResource {
  /** The names by service id. */
  readonly names: Readonly<Record<string, string>>;

  /** @param name Prefix of the children's names, e.g. `names`. */
  constructor(name: string, args: ServiceNamesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("clocker:network:ServiceNames", name, {}, opts);
    const { plan, dns } = args;
    const claim = new RecordSet(
      `${name}-claim`,
      { name: claimName(plan.application, dns.domain), type: "TXT", values: [claimText(plan.stack)], ttl: dns.ttl },
      { parent: this },
    );
    this.names = Object.fromEntries(plan.services.map((placed) => this.createRecords(placed, claim, args)));
    this.registerOutputs({ names: this.names });
  }

  private createRecords(
    placed: PlacedService,
    claim: RecordSet,
    { plan, settings, dns, components, reverse }: ServiceNamesArgs,
  ): [string, string] {
    const { id } = placed.service;
    const component = components.get(id);
    if (component === undefined) throw new Error(`service '${id}' gets its name before it is made`);
    const name = serviceName(id, plan.application, dns.domain);
    const { ttl } = dns;
    const own = hasOwnAddress(placed, settings);
    const target = component.namedAddresses.apply((addresses) => targetOf(id, addresses, component));
    // Of the component's resources the last is there only when the service is healthy.
    const options = { parent: this, dependsOn: [component, claim] };
    new RecordSet(
      `${id}-name`,
      {
        name,
        // Own addresses are IPv4: where the type depends on no address, one that is not known yet replaces no record.
        type: own ? "A" : target.type,
        values: target.values.apply((values) => [...values]),
        ttl,
      },
      options,
    );
    if (own && reverse.has(placed.location)) {
      const pointer = target.values.apply(([address = ""]) => reverseName(address));
      new RecordSet(`${id}-pointer`, { name: pointer, type: "PTR", values: [name], ttl }, options);
    }
    return [id, name];
  }
}

/** What a name for these addresses has to point to; a CNAME can be one host's only, so that several are resolved here. */
async function targetOf(service: string, addresses: readonly string[], component: pulumi.Resource): Promise<Target> {
  const given = addresses.filter((address) => address !== "");
  const [first] = given;
  if (first === undefined) {
    throw new pulumi.ResourceError(
      `cannot give service '${service}' a name: it has no address, for nothing of it runs; bring it up first, by an update without --target or with it among the targets`,
      component,
      true,
    );
  }
  if (given.length === 1 && isIP(first) === 0) return { type: "CNAME", values: [first] };
  const numbers = await Promise.all(given.map((address) => numberOf(service, address, component)));
  const family = isIP(numbers[0] ?? "");
  const values = numbers.filter((number) => isIP(number) === family);
  return { type: family === 6 ? "AAAA" : "A", values };
}

async function numberOf(service: string, address: string, component: pulumi.Resource): Promise<string> {
  if (isIP(address)) return address;
  const found = await lookup(address, { family: 4 }).catch(() => undefined);
  if (found !== undefined) return found.address;
  throw new pulumi.ResourceError(
    `cannot give service '${service}' a name: '${address}', where an instance of it runs, does not resolve here; write the address of that host under clocker:locations`,
    component,
    true,
  );
}
