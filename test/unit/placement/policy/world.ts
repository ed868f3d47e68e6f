import fc from "fast-check";
import type { Blueprint, Port, Service } from "../../../../blueprint/model";
import { isTcp, portText, samePort, tcpPort } from "../../../../blueprint/port";
import type { Plan } from "../../../../placement/model";
import { place } from "../../../../placement/place";
import { compilePolicy } from "../../../../placement/policy/compile";
import type { CompiledNetwork } from "../../../../placement/policy/model";
import type { Settings } from "../../../../settings/schema";
import { tcp, udp } from "../../../support/ports";
import { attribute, binding, blueprint, IMAGE, REDIS, service } from "../blueprints";
import { network } from "./applications";
import { contains, type Packet, type Peer, passesCloud, passesPolicies } from "./evaluator";

const SITES = ["docks/h1", "docks/h2", "tasks", "machines"];
/** Addresses that containers' traffic bears towards what is outside of Calico. */
const HOSTS: Readonly<Record<string, readonly string[]>> = {
  "docks/h1": ["192.0.2.11"],
  "docks/h2": ["192.0.2.12"],
  tasks: ["192.0.2.21", "192.0.2.22"],
};
const MARATHON = "192.0.2.30";
const LOGIN = "192.0.2.1";
const RESOLVER = "192.0.2.53";
/** Somebody in every range of the sources, and in none. */
export const OUTSIDE = ["203.0.113.9", "203.0.113.200", "198.51.100.250", MARATHON, LOGIN, RESOLVER];
const SOURCES = [[], ["0.0.0.0/0"], ["203.0.113.0/25"], ["203.0.113.77/24", "2001:db8::/32"], ["198.51.100.0/24"]];
export const PORTS = [22, 53, 80, 1000, 1001, 1002, 1003, 6379].flatMap((port) => [...tcp(port), ...udp(port)]);

interface Sketch {
  readonly site: string;
  readonly ports: readonly Port[];
  readonly published: readonly Port[];
  readonly targets: readonly number[];
  readonly reads: boolean;
}

interface App {
  readonly blueprint: Blueprint;
  readonly settings: Settings;
}

const port: fc.Arbitrary<Port> = fc.record({
  port: fc.integer({ min: 1000, max: 1003 }),
  protocol: fc.constantFrom("tcp", "udp"),
});

const sketch: fc.Arbitrary<Sketch> = fc.record({
  site: fc.constantFrom(...SITES),
  ports: fc.array(port, { minLength: 1, maxLength: 3 }),
  published: fc.uniqueArray(port, { maxLength: 2, selector: portText }),
  targets: fc.uniqueArray(fc.nat({ max: 11 }), { maxLength: 4 }),
  reads: fc.boolean(),
});

export const application: fc.Arbitrary<App> = fc
  .record({
    sketches: fc.array(sketch, { minLength: 2, maxLength: 12 }),
    sources: fc.constantFrom(...SOURCES),
    metadata: fc.boolean(),
  })
  .map(({ sketches, sources, metadata }) => {
    const placement = Object.fromEntries(sketches.map(({ site }, index) => [`s${index}`, site]));
    const settings = network({ sources }, { placement });
    return {
      blueprint: blueprint(sketches.map((one, index) => serviceOf(one, index, sketches))),
      settings: {
        ...settings,
        network: { ...settings.network, calico: { ...calicoOf(settings), metadata } },
      },
    };
  });

function calicoOf({ network: { calico } }: Settings): NonNullable<Settings["network"]["calico"]> {
  if (calico === undefined) {
    throw new Error("no calico");
  }
  return calico;
}

function serviceOf(one: Sketch, index: number, all: readonly Sketch[]): Service {
  const machine = one.site === "machines";
  // Only a forwarder would lead from a machine to a container, and it carries no datagrams.
  const linked = one.targets.filter((target) => {
    const other = target < index ? all[target] : undefined;
    return (
      other !== undefined &&
      (!machine || other.site === "machines" || [...other.ports, ...other.published].every(isTcp))
    );
  });
  return service(`s${index}`, {
    workload: machine ? REDIS : IMAGE,
    ports: [...one.ports, ...one.published, ...(machine ? [6379] : [])],
    // On Docker the host port is another one: policies see the container's.
    portBindings: one.published.map(({ port, protocol }) =>
      binding(machine ? port : 4000 + 10 * index + (port % 10), port, protocol),
    ),
    links: linked.map((target) => [`l${target}`, `s${target}`] as const),
    ...(one.reads && index > 0 && { env: { HOST: attribute("s0", "host.address") } }),
  });
}

function planned({ blueprint, settings }: App): Plan {
  const { plan, diagnostics } = place(blueprint, settings, "dev");
  if (plan === undefined) {
    throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  }
  return plan;
}

/** A port as packets and Calico's rules have it. */
export function packetTo({ port, protocol }: Port): Pick<Packet, "port" | "protocol"> {
  return { port, protocol: protocol === "tcp" ? "TCP" : "UDP" };
}

/** The application as it runs: every service with its address, in Calico or in the cloud, and what others know it by. */
export class World {
  readonly services: ReadonlyMap<string, Service>;
  readonly network: CompiledNetwork;
  private readonly sites: Readonly<Record<string, string>>;
  private readonly sources: readonly string[];
  private readonly metadata: boolean;

  constructor(readonly app: App) {
    const plan = planned(app);
    this.network = compilePolicy(plan, app.settings);
    this.services = new Map(app.blueprint.services.map((one) => [one.id, one]));
    this.sites = app.settings.placement;
    this.sources = app.settings.network.sources;
    this.metadata = calicoOf(app.settings).metadata;
    this.peers = new Map(
      [...this.services.keys()].map((id, index): [string, Peer] => [
        id,
        this.isMachine(id)
          ? { address: `198.51.100.${index + 1}`, endpoint: false, labels: this.setLabels(id) }
          : {
              address: `198.18.160.${index + 1}`,
              endpoint: true,
              labels: { "clocker.application": "shop", "clocker.stack": "dev", "clocker.service": id },
            },
      ]),
    );
  }

  readonly peers: ReadonlyMap<string, Peer>;

  private setLabels(id: string): Readonly<Record<string, string>> {
    return this.network.sets.find((set) => set.service === id)?.labels ?? {};
  }

  isMachine(id: string): boolean {
    return this.sites[id] === "machines";
  }

  /** Whether what one service sends to another one gets through everything on its way. */
  connects(consumer: string, provider: string, port: Port): boolean {
    const [from, to] = [this.peer(consumer), this.peer(provider)];
    const addresses = this.isMachine(consumer) ? [from.address] : (HOSTS[this.sites[consumer] ?? ""] ?? []);
    return (
      passesPolicies(this.network, { from, to, ...packetTo(port) }) &&
      (!this.isMachine(provider) ||
        passesCloud(this.network, provider, port, {
          addresses,
          ...(this.isMachine(consumer) && { neighbour: consumer }),
        }))
    );
  }

  connectsFrom(address: string, provider: string, port: Port): boolean {
    const from: Peer = { address, endpoint: false };
    return (
      passesPolicies(this.network, { from, to: this.peer(provider), ...packetTo(port) }) &&
      (!this.isMachine(provider) || passesCloud(this.network, provider, port, { addresses: [address] }))
    );
  }

  connectsTo(address: string, consumer: string, port: Port): boolean {
    return passesPolicies(this.network, {
      from: this.peer(consumer),
      to: { address, endpoint: false },
      ...packetTo(port),
    });
  }

  /** What the blueprint declares, told without the compiler's help. */
  declares(consumer: string, provider: string, port: Port): boolean {
    const one = this.service(consumer);
    const joined = one.links.some(({ target }) => target === provider) || ("HOST" in one.env && provider === "s0");
    return (
      (joined && this.service(provider).ports.some((own) => samePort(own, port))) ||
      // Nobody but its cloud holds a machine back: to a published port it is somebody outside.
      (this.isMachine(consumer) && this.publishes(this.peer(consumer).address, provider, port))
    );
  }

  declaresFrom(address: string, provider: string, port: Port): boolean {
    return (
      this.publishes(address, provider, port) ||
      (this.isMachine(provider) && address === LOGIN && samePort(port, tcpPort(22))) ||
      (this.sites[provider] === "tasks" && address === MARATHON && this.isChecked(provider, port))
    );
  }

  declaresTo(address: string, { port, protocol }: Port): boolean {
    return (
      (address === RESOLVER && port === 53) ||
      (this.metadata && address === "169.254.169.254" && port === 80 && protocol === "tcp")
    );
  }

  private isChecked(id: string, port: Port): boolean {
    const numbers = this.service(id).ports.flatMap((own) => (own.protocol === "tcp" ? [own.port] : []));
    return port.protocol === "tcp" && port.port === Math.min(...numbers);
  }

  private publishes(address: string, provider: string, { port, protocol }: Port): boolean {
    const published = this.service(provider).portBindings.some(
      (binding) => binding.containerPort === port && binding.protocol === protocol,
    );
    return published && this.sources.some((source) => contains(source, address));
  }

  private service(id: string): Service {
    const found = this.services.get(id);
    if (found === undefined) throw new Error(`no service ${id}`);
    return found;
  }

  private peer(id: string): Peer {
    const found = this.peers.get(id);
    if (found === undefined) throw new Error(`no peer ${id}`);
    return found;
  }
}
