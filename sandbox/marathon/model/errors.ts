import type { Json, JsonObject } from "./json";
import { details, type Problem } from "./schema";

/** An answer other than success: HTTP status and JSON body. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly body: JsonObject,
  ) {
    super(String(body.message));
    this.name = "ApiError";
  }
}

export function badRequest(message: string): ApiError {
  return new ApiError(400, { message });
}

export function notFound(message: string): ApiError {
  return new ApiError(404, { message });
}

export function unknownApp(id: string, version?: string): ApiError {
  return notFound(`App '${id}' does not exist${version ? ` in version ${version}` : ""}`);
}

export function unknownGroup(id: string): ApiError {
  return notFound(`Group '${id}' does not exist`);
}

export function conflict(message: string): ApiError {
  return new ApiError(409, { message });
}

export function unprocessable(message: string): ApiError {
  return new ApiError(422, { message });
}

/** What normalisation cannot make sense of; Marathon answers 500. */
export function cannotNormalise(message: string): ApiError {
  return new ApiError(500, { message });
}

/** The body does not have the shape of the type. */
export function invalidJson(problems: readonly Problem[]): ApiError {
  const found = details(problems).map(({ path, errors }) => ({ path, errors: [...new Set(errors)] }));
  return new ApiError(422, { message: "Invalid JSON", details: found as Json });
}

/** The body has the shape of the type and breaks a rule. */
export function notValid(problems: readonly Problem[]): ApiError {
  return new ApiError(422, { message: "Object is not valid", details: details(problems) as Json });
}

export function throwIfAny(problems: readonly Problem[]): void {
  if (problems.length > 0) throw notValid(problems);
}

export function locked(deploymentIds: readonly string[]): ApiError {
  return new ApiError(409, {
    message:
      "App is locked by one or more deployments. Override with the option '?force=true'. " +
      "View details at '/v2/deployments/<DEPLOYMENT_ID>'.",
    deployments: deploymentIds.map((id) => ({ id })),
  });
}

export function tooManyDeployments(limit: number): ApiError {
  return new ApiError(403, {
    message:
      `Max number (${limit}) of running deployments is achieved. Wait for existing deployments to complete or cancel one ` +
      "using force=true parameter. You can increase max deployment number by using --max_running_deployments parameter ",
  });
}
