import { isTcp, numbersOf } from "../../blueprint/port";
import { calicoRole } from "../../placement/calico";
import type { PlacedService } from "../../placement/model";
import type { Relation } from "../../placement/policy/model";
import { overlap, parseRange } from "../../settings/ipv4";
import type { Deployed } from "./deployed";
import { type Attempt, OUTSIDE, type Target } from "./model";
import type { RunningService } from "./state";

export interface AttemptOptions {
  /** Tried at every service beside its own ports, declared or not. */
  readonly ports: readonly number[];
  /** This machine's address towards another one, undefined if nothing leads there. */
  readonly ownAddress: (to: string) => Promise<string | undefined>;
}

/** One end of a connection. */
interface End {
  readonly placed: PlacedService;
  readonly running: RunningService;
  readonly guardedBy: "calico" | "platform";
}

/**
 * From every service and from outside to every port of TCP of every other service, as far as it has an address there: whether a datagram
 * is let in cannot be told from without.
 */
export async function attemptsOn(deployed: Deployed, options: AttemptOptions): Promise<Attempt[]> {
  const ends = deployed.plan.services.map((placed) => endOf(placed, deployed));
  const inside = ends.flatMap((from) =>
    ends.filter((to) => to !== from).flatMap((to) => between(from, to, deployed, options.ports)),
  );
  const outside = await Promise.all(ends.map((to) => fromOutside(to, deployed, options)));
  return [...inside, ...outside.flat()];
}

function endOf(placed: PlacedService, { settings, state }: Deployed): End {
  const { id } = placed.service;
  const running = state.get(id);
  const location = settings.locations[placed.location];
  if (running === undefined || location === undefined) {
    throw new Error(`service '${id}' does not run`);
  }
  return { placed, running, guardedBy: calicoRole(location, settings) === "endpoint" ? "calico" : "platform" };
}

function between(from: End, to: End, { compiled, settings }: Deployed, ports: readonly number[]): Attempt[] {
  const { id: consumer } = from.placed.service;
  const { id: provider } = to.placed.service;
  const beside = from.guardedBy === "platform" && from.placed.location === to.placed.location;
  const machine = beside ? from.running.machine?.insideAddress : from.running.address;
  const location = settings.locations[from.placed.location];
  // Of a container, Calico lets nothing out but what goes to a service that it links to.
  const sources = from.guardedBy === "calico" ? [] : (!beside && location?.sources) || [machine ?? ""];
  const address = beside ? to.running.machine?.insideAddress : undefined;
  return allPorts(to, ports).flatMap((ownPort) => {
    const declared = compiled.relations.some(
      (relation) =>
        leadsTo(relation, provider, ownPort) &&
        ((relation.from.kind === "service" && relation.from.id === consumer) ||
          sources.some((source) => admits(relation, source))),
    );
    return targetsOf(from.guardedBy, to, ownPort, address).map((target) => ({
      ...target,
      from: consumer,
      to: provider,
      ownPort,
      declared,
    }));
  });
}

async function fromOutside(to: End, { compiled }: Deployed, { ports, ownAddress }: AttemptOptions): Promise<Attempt[]> {
  const { id: provider } = to.placed.service;
  const attempts = allPorts(to, ports).flatMap((ownPort) =>
    targetsOf("platform", to, ownPort).map(async (target): Promise<Attempt> => {
      const source = await ownAddress(target.address);
      const declared = compiled.relations.some(
        (relation) => leadsTo(relation, provider, ownPort) && source !== undefined && admits(relation, source),
      );
      return { ...target, from: OUTSIDE, to: provider, ownPort, declared };
    }),
  );
  return Promise.all(attempts);
}

function allPorts({ placed }: End, further: readonly number[]): number[] {
  return [...new Set([...numbersOf(placed.ports, "tcp"), ...further])].sort((a, b) => a - b);
}

/**
 * Where a port answers for the consumer: a container's at its own address for other containers, else at host ports that lead to it, if
 * there are any; a machine's at the machine.
 */
function targetsOf(
  consumer: End["guardedBy"],
  { guardedBy, running }: End,
  port: number,
  machineAddress = running.address,
): Target[] {
  if (guardedBy === "platform") {
    return [{ address: machineAddress, port }];
  }
  if (consumer === "calico" && running.calicoAddress !== undefined) {
    return [{ address: running.calicoAddress, port }];
  }
  return running.endpoints
    .filter((endpoint) => isTcp(endpoint) && endpoint.servicePort === port)
    .map(({ address, port: hostPort }) => ({ address, port: hostPort }));
}

function leadsTo({ to, port, protocol }: Relation, service: string, ownPort: number): boolean {
  return to.kind === "service" && to.id === service && port === ownPort && protocol === "TCP";
}

function admits({ from }: Relation, source: string): boolean {
  const own = parseRange(source);
  return (
    from.kind === "ranges" &&
    own !== undefined &&
    from.ranges.some((text) => {
      const range = parseRange(text);
      return range !== undefined && overlap(range, own);
    })
  );
}
