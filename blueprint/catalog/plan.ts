import type { Problems } from "../diagnostics";
import { typeEntry } from "../service";
import { entryOf, listNode, textNode } from "../yaml/make";
import { type Entry, find, type MapNode, type Node, show } from "../yaml/nodes";
import { layOver } from "./lay-over";

const GROUP = "org.apache.brooklyn.entity.stock.BasicApplication";
/** Keys of a plan that mean nothing once it is a service. */
const OF_PLANS = ["services", "wrappedApp", "origin", "brooklyn.catalog"];

/** An item as one service: of a plan with one service that one, with what the plan says beside it; with several, a group of them. */
export function serviceOfPlan(item: MapNode, problems: Problems): MapNode | undefined {
  const services = find(item, "services");
  if (services === undefined) return item;
  const items = services.value.kind === "list" ? services.value.items : [];
  if (items.length === 0 || items.some(({ kind }) => kind !== "map")) {
    const wrong: Node = items.find(({ kind }) => kind !== "map") ?? services.value;
    const message = `services of a catalog item needs a list of maps, not ${show(wrong)}`;
    problems.error("bad-type", wrong.at, message, "write a list of services, each with `- type: ...`");
    return undefined;
  }
  const plan = { ...item, entries: item.entries.filter(({ key }) => !OF_PLANS.includes(key)) };
  const [only, ...others] = items;
  if (only?.kind === "map" && others.length === 0) return within(plan, only);
  const children = find(plan, "brooklyn.children");
  const below = children?.value.kind === "list" ? children.value.items : [];
  const whole = entryOf("brooklyn.children", listNode([...items, ...below], services.value.at), services.keyAt);
  const type = entryOf("type", textNode(GROUP, services.keyAt));
  return { ...plan, entries: [type, ...plan.entries.filter((entry) => entry !== children), whole] };
}

/** The service with what stands beside it; its own keys win. */
function within(plan: MapNode, service: MapNode): MapNode {
  const type: Entry | undefined = typeEntry(service);
  const whole = layOver(plan, service);
  return type === undefined ? whole : { ...whole, entries: [type, ...whole.entries] };
}
