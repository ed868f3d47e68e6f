import { type ApiRequest, type ApiResponse, ok } from "../http/api-request";
import type { Route } from "../http/router";
import { appJson } from "../model/app";
import { notFound } from "../model/errors";
import type { Json } from "../model/json";
import { absolute } from "../model/path-id";
import type { Services } from "../services";
import type { Instance } from "../tasks/instance";
import { podJson } from "./pods";

/** `/v2/queue`: apps with instances that wait, and why. */
export function queueRoutes(services: Services): Route[] {
  return [
    { pattern: /^\/v2\/queue\/*$/, methods: { GET: (request) => list(services, request) } },
    {
      pattern: /^\/v2\/queue\/+(.+?)\/delay\/*$/,
      methods: { DELETE: (request) => resetDelay(services, request) },
    },
  ];
}

function list(services: Services, { query }: ApiRequest): ApiResponse {
  const withOffers = query.getAll("embed").includes("lastUnusedOffers");
  const byApp = new Map<string, Instance[]>();
  for (const instance of services.scheduler.all())
    if (instance.waiting) byApp.set(instance.app.id, [...(byApp.get(instance.app.id) ?? []), instance]);
  return ok({ queue: [...byApp.values()].map((waiting) => entry(services, waiting, withOffers)) });
}

function entry(services: Services, waiting: readonly Instance[], withOffers: boolean): Json {
  const { scheduler, groups, frameworkId } = services;
  const newest = waiting.at(-1);
  const id = newest?.app.id ?? "/";
  const app = groups.root.apps.get(id) ?? newest?.app;
  const until = app && scheduler.backoff.until(app);
  const seconds = until === undefined ? undefined : Math.trunc((until - Date.now()) / 1000);
  return {
    count: waiting.length,
    delay: { timeLeftSeconds: Math.max(0, seconds ?? 0), overdue: seconds === undefined || seconds < 0 },
    since: waiting.map((instance) => instance.since).sort()[0],
    processedOffersSummary: scheduler.offers.summary(id),
    ...(withOffers ? { lastUnusedOffers: scheduler.offers.lastUnused(id, frameworkId) } : {}),
    ...(app?.pod ? { pod: podJson(app) } : { app: app ? appJson(app) : null }),
  };
}

function resetDelay({ scheduler }: Services, request: ApiRequest): ApiResponse {
  const id = absolute(request.param(0));
  if (!scheduler.of(id).some((instance) => instance.waiting))
    throw notFound(`Application ${id} not found in tasks queue.`);
  scheduler.backoff.reset(id);
  return { status: 204 };
}
