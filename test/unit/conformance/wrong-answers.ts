import { isObject, type Json, type JsonObject } from "../../conformance/json";
import type { RecordedEvent, RecordedResponse, Row } from "../../conformance/recording";

/** The response made wrong, or undefined where this kind does not apply to it. */
export type Spoil = (response: RecordedResponse, row: Row, earlier: readonly Row[]) => RecordedResponse | undefined;

const UNKNOWN_ID = "12345678-9abc-4def-8123-456789abcdef";
const INSTANCE = /(?<=instance-)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/;

/** Changes the body if `change` makes something else of it. */
function body(change: (body: JsonObject) => Json | undefined): Spoil {
  return (response) => {
    if (!isObject(response.body)) return undefined;
    const changed = change(structuredClone(response.body));
    return changed === undefined ? undefined : { ...response, body: changed };
  };
}

/** Changes the app that a body shows. */
function app(change: (app: JsonObject) => JsonObject | undefined): Spoil {
  return body((shown) => {
    const changed = isObject(shown.app) ? change(shown.app) : undefined;
    return changed && { ...shown, app: changed };
  });
}

function header(name: string, change: (value: string) => string | undefined): Spoil {
  return (response) => {
    const value = response.headers[name];
    if (value === undefined) return undefined;
    const { [name]: _, ...others } = response.headers;
    const changed = change(value);
    return { ...response, headers: changed === undefined ? others : { ...others, [name]: changed } };
  };
}

function events(change: (events: RecordedEvent[]) => RecordedEvent[] | undefined): Spoil {
  return (response) => {
    const changed = response.events && change(structuredClone([...response.events]));
    return changed && { ...response, events: changed };
  };
}

function inList(
  key: string,
  change: (list: Json[]) => Json[] | undefined,
): (object: JsonObject) => JsonObject | undefined {
  return (object) => {
    const list = object[key];
    const changed = Array.isArray(list) ? change([...list]) : undefined;
    return changed && { ...object, [key]: changed };
  };
}

const without = (object: JsonObject, key: string): JsonObject | undefined => {
  const { [key]: value, ...others } = object;
  return value === undefined ? undefined : others;
};
const set = (object: JsonObject, key: string, change: (value: Json) => Json): JsonObject | undefined =>
  object[key] === undefined ? undefined : { ...object, [key]: change(object[key]) };
/** Service ports may stand for each other, so elements that differ by nothing else have no order. */
const withoutPorts = (list: Json[]): string => JSON.stringify(list).replace(/"(?:port|servicePort)":\d+/g, "");
const reversed = (list: Json[]): Json[] | undefined =>
  withoutPorts(list) === withoutPorts(list.toReversed()) ? undefined : list.toReversed();
const firstDetail = (change: (detail: JsonObject) => JsonObject | undefined): Spoil =>
  body(
    inList("details", ([first, ...others]) => {
      const changed = isObject(first) ? change(first) : undefined;
      return changed && [changed, ...others];
    }),
  );
const dataOf = ({ data }: RecordedEvent): JsonObject => (isObject(data) ? data : {});
const indexOf = (list: readonly RecordedEvent[], name: string): number => list.findIndex(({ event }) => event === name);

/** Kinds of wrong answers, each by what a user would call it. */
export const WRONG_ANSWERS: Readonly<Record<string, Spoil>> = {
  "another status": (response) => ({ ...response, status: response.status + 1 }),
  "a missing key": body((shown) => without(shown, Object.keys(shown)[0] ?? "")),
  "an extra key": body((shown) => ({ ...shown, surprise: 1 })),
  "a missing default": app((shown) => without(shown, "upgradeStrategy")),
  "a null instead of nothing": app((shown) => ({ ...shown, surprise: null })),
  "an extra key deep inside": app((shown) =>
    set(shown, "upgradeStrategy", (value) => ({ ...(value as JsonObject), surprise: 0 })),
  ),
  "another message": body((shown) => set(shown, "message", (value) => (typeof value === "string" ? `${value}.` : "?"))),
  "another path of an error": firstDetail((detail) => set(detail, "path", (value) => `${value}x`)),
  "another text of an error": firstDetail(inList("errors", ([first, ...others]) => [`${first}x`, ...others])),
  "an error less": body(inList("details", (list) => list.slice(1))),
  "an error twice": firstDetail(
    inList("errors", ([first, ...others]) => (first === undefined ? undefined : [first, first, ...others])),
  ),
  "another number": app((shown) => set(shown, "instances", (value) => Number(value) + 1)),
  "a text instead of a number": app((shown) => set(shown, "mem", (value) => `${value}`)),
  "a flag turned round": app((shown) => set(shown, "requirePorts", (value) => !value)),
  "another order of ports": app(inList("portDefinitions", reversed)),
  "another order of networks": app(inList("networks", reversed)),
  "another order in a constraint": app(
    inList("constraints", ([first, ...others]) => (Array.isArray(first) ? [first.toReversed(), ...others] : undefined)),
  ),
  "another order of arguments": body(inList("args", reversed)),
  "another order of a deployment's steps": (response) => {
    const [first, ...others] = Array.isArray(response.body) ? response.body : [];
    const changed = isObject(first) ? inList("steps", reversed)(first) : undefined;
    return changed && { ...response, body: [changed, ...others] };
  },
  "an element of a set less": body(inList("apps", (list) => (list.length > 1 ? list.slice(1) : undefined))),
  "a task too many": body(
    inList("tasks", ([first, ...others]) => (first === undefined ? undefined : [first, first, ...others])),
  ),
  "a version that is not new": (response, row, earlier) => {
    if (row.request.method === "GET" || !isObject(response.body) || typeof response.body.version !== "string")
      return undefined;
    const { version } = response.body;
    const former = earlier.flatMap(({ response: { body: old } }) => (isObject(old) ? (old.version ?? []) : []));
    const other = former.find((each) => typeof each === "string" && each < version);
    return other === undefined ? undefined : { ...response, body: { ...response.body, version: other } };
  },
  "a deployment that the header does not name": (response) => {
    const id = response.headers["Marathon-Deployment-Id"];
    const text = JSON.stringify(response.body ?? null);
    if (id === undefined || !text.includes(id)) return undefined;
    return { ...response, body: JSON.parse(text.replaceAll(id, UNKNOWN_ID)) as Json };
  },
  "a new task where it is the same": (response, _row, earlier) => {
    const text = JSON.stringify(response.body ?? null);
    const id = INSTANCE.exec(text)?.[0];
    const isKnown = id !== undefined && earlier.some((former) => JSON.stringify(former.response).includes(id));
    return isKnown ? { ...response, body: JSON.parse(text.replaceAll(id, UNKNOWN_ID)) as Json } : undefined;
  },
  "no body": (response) => (response.body ? { ...response, body: null } : undefined),
  "no Location": header("Location", () => undefined),
  "another Content-Type": header("Content-Type", () => "text/html"),
  "no Marathon-Deployment-Id": header("Marathon-Deployment-Id", () => undefined),
  "a missing event": events((list) => {
    const at = indexOf(list, "group_change_success");
    return at < 0 ? undefined : list.toSpliced(at, 1);
  }),
  "a missing event of a deployment": events((list) => {
    const at = indexOf(list, "deployment_step_success");
    return at < 0 ? undefined : list.toSpliced(at, 1);
  }),
  "an event twice": events((list) => {
    const at = indexOf(list, "api_post_event");
    return at < 0 ? undefined : list.toSpliced(at, 0, list[at] as RecordedEvent);
  }),
  "an event of another type": events((list) => [
    ...list,
    { event: "surprise_event", data: { eventType: "surprise_event" } },
  ]),
  "a stream that does not say it is attached": events((list) =>
    list[0]?.event === "event_stream_attached"
      ? list.filter(({ event }) => event !== "event_stream_attached")
      : undefined,
  ),
  "another order of a deployment's events": events((list) => {
    const at = indexOf(list, "deployment_step_success");
    const id = at < 0 ? undefined : dataOf(list[at] as RecordedEvent).plan;
    const planId = isObject(id) ? id.id : undefined;
    const end = list.findIndex((event) => event.event === "deployment_success" && dataOf(event).id === planId);
    if (planId === undefined || end < at) return undefined;
    return list.with(at, list[end] as RecordedEvent).with(end, list[at] as RecordedEvent);
  }),
  "another payload of an event": events((list) => {
    const at = indexOf(list, "deployment_info");
    const event = list[at];
    return event && list.with(at, { ...event, data: { ...dataOf(event), surprise: true } });
  }),
};
