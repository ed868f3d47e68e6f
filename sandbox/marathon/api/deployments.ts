import { type ApiRequest, type ApiResponse, deploymentResult, ok } from "../http/api-request";
import type { Route } from "../http/router";
import { notFound } from "../model/errors";
import type { Services } from "../services";

/** `/v2/deployments`: what runs, and ways to end it. */
export function deploymentRoutes(services: Services): Route[] {
  return [
    { pattern: /^\/v2\/deployments\/*$/, methods: { GET: () => ok(services.deployments.json()) } },
    {
      pattern: /^\/v2\/deployments\/+([^/]+)\/*$/,
      methods: { DELETE: (request) => cancel(services, request) },
    },
  ];
}

function cancel({ deployments, groups }: Services, request: ApiRequest): ApiResponse {
  const id = request.param(0);
  const plan = deployments.find(id);
  if (!plan) throw notFound(`DeploymentPlan ${id} does not exist`);
  if (request.flag("force")) {
    deployments.cancel(id);
    return { status: 202 };
  }
  return deploymentResult(groups.update(groups.reverting(plan), { force: true }));
}
