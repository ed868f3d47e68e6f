import type { Comparer } from "./comparer";
import { Difference } from "./difference";
import { isObject, type Json } from "./json";
import type { RecordedEvent } from "./recording";
import { INSTANCE, OWN_ORDER, SETTLED } from "./rules";

type Events = readonly RecordedEvent[];
type Groups = ReadonlyMap<string, RecordedEvent[]>;

const ENDS = new Set(["deployment_success", "deployment_failed"]);
const STREAM_EVENTS = new Set(["event_stream_attached", "event_stream_detached"]);
/** Written by requests, so never cut off by where the recording stopped. */
const OF_REQUESTS = new Set(["api_post_event", "group_change_success"]);

/**
 * Compares event streams: the same sequence of the same payloads for each deployment, each instance and each type of
 * the other events; these groups have no order among each other. Where the recording stopped in the middle of
 * something, a longer or shorter tail is accepted. Throws a Difference.
 */
export function compareStreams(comparer: Comparer, recorded: Events, actual: Events, isFiltered: boolean): void {
  checkAttached(actual, isFiltered);
  const expected = grouped(recorded);
  const given = grouped(actual);
  const isOpen = stoppedMidway(expected);
  const sequence = (one: Events, two: Events) => compareSequences(comparer, one, two, isOpen);
  const [types, others] = [plain(expected), plain(given)];
  if (types.join() !== others.join()) throw new Difference(`events: types [${others}], expected [${types}]`);
  for (const type of types) sequence(expected.get(type) ?? [], given.get(type) ?? []);
  const plans = (groups: Groups): Events[] => startingWith(groups, "plan ");
  comparer.set(plans(expected), plans(given), "deployments in the stream", sequence);
  let [instances, here] = [startingWith(expected, "instance-"), startingWith(given, "instance-")];
  if (isOpen && Math.abs(instances.length - here.length) <= 1)
    [instances, here] = [instances.slice(0, here.length), here.slice(0, instances.length)];
  comparer.set(instances, here, "instances in the stream", sequence);
}

/** How many events of a stream tell of something else than the stream itself. */
export function countEvents(events: Events): number {
  return events.filter(({ event }) => !event?.startsWith("event_stream")).length;
}

function checkAttached(actual: Events, isFiltered: boolean): void {
  if (!isFiltered && actual[0]?.event !== "event_stream_attached")
    throw new Difference(`events: the first is ${actual[0]?.event}, expected event_stream_attached`);
  for (const { event, data } of actual) {
    const keys = isObject(data) ? Object.keys(data).sort().join() : "";
    if (event === "event_stream_attached" && keys !== "eventType,remoteAddress,timestamp")
      throw new Difference(
        `events: event_stream_attached has the keys [${keys}], expected [eventType,remoteAddress,timestamp]`,
      );
  }
}

function compareSequences(comparer: Comparer, recorded: Events, actual: Events, isOpen: boolean): void {
  let [one, two] = [recorded, actual];
  const kind = one[0] ? groupOf(one[0]) : "";
  if (isOpen && (kind.startsWith("instance-") || OWN_ORDER.has(kind))) [one, two] = [squeeze(one), squeeze(two)];
  if (isOpen && !OF_REQUESTS.has(kind)) [one, two] = [one.slice(0, two.length), two.slice(0, one.length)];
  const [names, others] = [one, two].map((events) => events.map(({ event }) => event).join(" "));
  if (names !== others)
    throw new Difference(`events of ${one[0] && fieldOf(one[0], "eventType")}: ${others}, expected ${names}`);
  one.forEach(({ event, data }, index) => {
    comparer.value(data, two[index]?.data ?? null, event ?? "event", "data");
  });
}

function grouped(events: Events): Groups {
  const groups = new Map<string, RecordedEvent[]>();
  for (const event of events) {
    if (STREAM_EVENTS.has(event.event ?? "")) continue;
    const key = groupOf(event);
    groups.set(key, [...(groups.get(key) ?? []), event]);
  }
  return groups;
}

function groupOf(event: RecordedEvent): string {
  const plan = fieldOf(event, "plan");
  if (isObject(plan)) return `plan ${plan.id}`;
  const instance = INSTANCE.exec(String(fieldOf(event, "instanceId") ?? fieldOf(event, "taskId") ?? ""));
  const name = event.event ?? "";
  if (instance && !OWN_ORDER.has(name)) return instance[0];
  return ENDS.has(name) ? `plan ${fieldOf(event, "id")}` : name;
}

/** Whether the recording ends before a deployment's end, or before an instance came to rest. */
function stoppedMidway(groups: Groups): boolean {
  return [...groups].some(([key, events]) => {
    if (key.startsWith("plan ")) return !ENDS.has(events.at(-1)?.event ?? "");
    if (!key.startsWith("instance-")) return false;
    const last = events.filter(({ event }) => event === "instance_changed_event").at(-1);
    return last !== undefined && !SETTLED.has(String(fieldOf(last, "condition")));
  });
}

/** Repetitions count once, where they stand last. */
function squeeze(events: Events): RecordedEvent[] {
  const states = new Map<string, RecordedEvent>();
  for (const event of [...events].reverse())
    states.set(JSON.stringify([event.event, fieldOf(event, "condition"), fieldOf(event, "taskStatus")]), event);
  return [...states.values()].reverse();
}

function plain(groups: Groups): string[] {
  return [...groups.keys()].filter((key) => !key.startsWith("plan ") && !key.startsWith("instance-")).sort();
}

function startingWith(groups: Groups, prefix: string): Events[] {
  return [...groups].filter(([key]) => key.startsWith(prefix)).map(([, events]) => events);
}

function fieldOf({ data }: RecordedEvent, key: string): Json | undefined {
  return isObject(data) ? (data[key] ?? undefined) : undefined;
}
