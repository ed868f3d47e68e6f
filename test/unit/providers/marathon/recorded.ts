import type { AppDefinition, LiveApp } from "../../../../providers/marathon/api";
import { isObject, type Json } from "../../../conformance/json";
import { type Row, readRecording } from "../../../conformance/recording";

const LABELS = { "clocker.application": "shop", "clocker.stack": "test", "clocker.service": "web" };

/** A whole definition that a row sent: no update of some fields of an app that is there. */
export interface SentApp {
  readonly row: Row;
  /** As sent: relative, or no id at all. */
  readonly id: unknown;
  readonly definition: Json;
  /** The app as this and later rows show it before anything changed it. */
  readonly shown: readonly LiveApp[];
}

/** Definitions that the recorded Marathon accepted. */
export async function acceptedApps(): Promise<SentApp[]> {
  return (await sentApps()).filter(({ row }) => row.response.status === 200 || row.response.status === 201);
}

/** Definitions of one app that the recorded Marathon refused for what they are. */
export async function refusedApps(): Promise<SentApp[]> {
  const alone = (await sentApps()).filter(({ row }) => row.request.path.startsWith("/v2/apps"));
  return alone.filter(({ row }) => [400, 422, 500].includes(row.response.status));
}

/** The definition with the labels that the provider asks for. */
export function owned<T>(app: T): T {
  return isObject(app as Json)
    ? { ...app, labels: { ...((app as AppDefinition)["labels"] as object), ...LABELS } }
    : app;
}

async function sentApps(): Promise<SentApp[]> {
  return (await readRecording()).flatMap(({ rows }) => {
    const existing = new Set<string>();
    return rows.flatMap((row, index) => {
      if (row.request.query.includes("dryRun")) return [];
      const sent = definitionsIn(row, existing);
      const { status } = row.response;
      if (status === 200 || status === 201) for (const { id } of sent) existing.add(absolute(String(id)));
      return sent.map(({ id, definition }) => ({
        row,
        id,
        definition,
        shown: [...answered(row), ...shownBy(rows.slice(index + 1), absolute(String(id)))],
      }));
    });
  });
}

function definitionsIn({ request }: Row, existing: ReadonlySet<string>): { id: Json | undefined; definition: Json }[] {
  const { method, path, query, body } = request;
  if (method === "POST" && path === "/v2/apps") return [split(body)];
  const [, id] = /^\/v2\/apps\/+(.+)$/.exec(path) ?? [];
  if (method === "PUT" && id !== undefined) {
    const whole = query.includes("partialUpdate=false") || !existing.has(`/${id}`);
    return whole ? [{ id: `/${id}`, definition: split(body).definition }] : [];
  }
  if (!path.startsWith("/v2/groups") || (method !== "POST" && method !== "PUT")) return [];
  return appsOf(body, path.slice("/v2/groups".length));
}

function split(body: Json): { id: Json | undefined; definition: Json } {
  if (!isObject(body)) return { id: undefined, definition: body };
  const { id, ...definition } = body;
  return { id, definition };
}

function appsOf(group: Json, base: string): { id: Json | undefined; definition: Json }[] {
  if (!isObject(group)) return [];
  const here = typeof group["id"] === "string" ? under(base, group["id"]) : base;
  const lists = (key: string): Json[] => (Array.isArray(group[key]) ? group[key] : []);
  return [
    ...lists("apps").map((app) => {
      const { id, definition } = split(app);
      return { id: under(here, String(id)), definition: fromRoot(definition, here) };
    }),
    ...lists("groups").flatMap((child) => appsOf(child, here)),
  ];
}

/** In a group's body dependencies are relative to the group, elsewhere to the root. */
function fromRoot(definition: Json, base: string): Json {
  if (!isObject(definition) || !Array.isArray(definition["dependencies"])) return definition;
  return { ...definition, dependencies: definition["dependencies"].map((id) => under(base, String(id))) };
}

function under(base: string, id: string): string {
  return id.startsWith("/") ? id : `${base}/${id}`;
}

function absolute(id: string): string {
  const parts: string[] = [];
  for (const part of id.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "") parts.push(part);
  }
  return `/${parts.join("/")}`;
}

/** The answer to a create shows the app too, without service ports. */
function answered({ response, request }: Row): LiveApp[] {
  const created = request.path === "/v2/apps" && isObject(response.body) && response.status === 201;
  return created ? [response.body as unknown as LiveApp] : [];
}

function shownBy(later: readonly Row[], id: string): LiveApp[] {
  const found: LiveApp[] = [];
  for (const { request, response } of later) {
    const { body } = response;
    if (request.method !== "GET") {
      if (`${request.path} ${JSON.stringify(request.body)}`.includes(id) || request.path.startsWith("/v2/groups"))
        break;
      continue;
    }
    const single = isObject(body) ? body["app"] : undefined;
    const all = isObject(body) && Array.isArray(body["apps"]) ? body["apps"] : [];
    for (const app of [single, ...all]) if (isObject(app) && app["id"] === id) found.push(app as unknown as LiveApp);
  }
  return found;
}
