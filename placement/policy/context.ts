import type { Link, Port } from "../../blueprint/model";
import { sortPorts } from "../../blueprint/port";
import type { Location, Settings } from "../../settings/schema";
import { calicoRole } from "../calico";
import type { PlacedService, Plan } from "../model";
import { traitsOf } from "../platform/platforms";
import type { PlatformTraits } from "../platform/traits";
import { selectorOf } from "./labels";
import { tierName } from "./names";

/** A service with what decides how it is guarded. */
export interface Guarded {
  readonly placed: PlacedService;
  readonly id: string;
  readonly location: Location;
  readonly traits: PlatformTraits;
  readonly role: ReturnType<typeof calicoRole>;
  /** Selects it in a policy. */
  readonly selector: string;
  /** Its links by target; of several links to one target the first. */
  readonly links: ReadonlyMap<string, Link>;
}

/** A plan with what is looked up in it again and again. */
export interface PolicyContext {
  readonly plan: Plan;
  readonly settings: Settings;
  /** Name of the application's tier. */
  readonly tier: string;
  /** By id, in the plan's order. */
  readonly services: ReadonlyMap<string, Guarded>;
}

/** @throws Error if the plan was made with other settings: it names a location that these lack. */
export function contextOf(plan: Plan, settings: Settings): PolicyContext {
  const guarded = plan.services.map((placed): Guarded => {
    const { id, links } = placed.service;
    const location = settings.locations[placed.location];
    if (location === undefined) {
      throw new Error(`service '${id}' is planned for location '${placed.location}', which the settings do not have`);
    }
    return {
      placed,
      id,
      location,
      traits: traitsOf(location),
      role: calicoRole(location, settings),
      selector: selectorOf(plan, [id]),
      links: new Map([...links].reverse().map((link) => [link.target, link])),
    };
  });
  return { plan, settings, tier: tierName(plan), services: new Map(guarded.map((one) => [one.id, one])) };
}

/** The service's own ports in its order, each once. */
export function portsOf({ placed }: Guarded, wanted: "all" | "published" = "all"): readonly Port[] {
  return sortPorts(placed.ports.filter(({ published }) => wanted === "all" || published));
}
