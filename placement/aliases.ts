import type { Diagnostic, Position } from "../blueprint/model";
import type { PlannedLink } from "./model";
import { type SitedService, siteLabel } from "./sites";

interface Claim {
  readonly target: string;
  /** Who wants the name, for the message. */
  readonly claim: string;
}

/**
 * The names under which each service answers in its own network, by service id: its id first, then `containerName` and the aliases of
 * consumers beside it. Two services that want one name in one host's network are an error: it would answer for either at random.
 */
export function planAliases(
  sited: readonly SitedService[],
  links: ReadonlyMap<string, readonly PlannedLink[]>,
  problems: Diagnostic[],
): ReadonlyMap<string, readonly string[]> {
  const extra = new Map(
    sited.map(({ service }) => [
      service.id,
      new Set(service.containerName === undefined ? [] : [service.containerName]),
    ]),
  );
  const networks = new Map<string, Map<string, Claim>>();
  const claim = (one: SitedService, name: string, target: string, text: string, at: Position): void => {
    if (!one.site.traits.hasHosts) {
      return;
    }
    const label = siteLabel(one.site);
    const names = networks.get(label) ?? new Map<string, Claim>();
    networks.set(label, names);
    const other = names.get(name);
    if (other === undefined) {
      names.set(name, { target, claim: text });
    } else if (other.target !== target) {
      problems.push(clash(name, label, other.claim, text, at));
    }
  };
  for (const one of sited) {
    claim(one, one.service.id, one.service.id, `service '${one.service.id}' has that id`, one.service.at);
  }
  for (const one of sited) {
    const { id, containerName, at } = one.service;
    if (containerName !== undefined) {
      claim(one, containerName, id, `service '${id}' has that containerName`, at);
    }
    for (const link of links.get(id) ?? []) {
      // A hosts entry is the consumer's alone.
      if (link.route !== "hosts") {
        const position = one.service.links.find(({ alias }) => alias === link.alias)?.at ?? at;
        claim(one, link.alias, link.target, `service '${id}' calls its link to '${link.target}' so`, position);
      }
      if (link.route === "alias") {
        extra.get(link.target)?.add(link.alias);
      }
    }
  }
  return new Map([...extra].map(([id, names]) => [id, [id, ...[...names].filter((name) => name !== id).sort()]]));
}

function clash(name: string, network: string, first: string, second: string, at: Position): Diagnostic {
  return {
    severity: "error",
    code: "alias-clash",
    message: `the name '${name}' would mean two services in the application's network on '${network}': ${first}, and ${second}`,
    remedy: "give one of the links another alias, or place the services on different hosts",
    at,
  };
}
