import type { AxiosError } from "axios";
import { MarathonError } from "./error";

const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ALTNAME/;

/** Whether a connection failed, by its code, at the server's certificate. */
export function isUntrusted(code: string): boolean {
  return CERTIFICATE.test(code);
}

/** What a failed request means, for a person: what failed, what Marathon said, what to do. `clean` hides secrets. */
export function explain(error: AxiosError, base: string, clean: (text: string) => string): MarathonError {
  // An answer that was cut has no content, not even an empty one.
  if (error.response?.data === undefined) return unanswered(error, base);
  const request = `${error.config?.method?.toUpperCase() ?? "GET"} ${error.config?.url ?? ""}`;
  const { status, data, headers } = error.response;
  const said = clean(problemOf(data));
  const retryAfter = secondsOf(headers["retry-after"]);
  if (status === 401) {
    return new MarathonError({
      status,
      problem: `Marathon at ${base} does not accept the credentials`,
      remedy: "correct auth of this location",
    });
  }
  if (status >= 300 && status < 400) {
    return new MarathonError({
      status,
      problem: `Marathon at ${base} redirects to ${clean(String(headers["location"] ?? "another address"))}`,
      remedy: "write that address as url of this location",
    });
  }
  const deployments = (data as { deployments?: { id: string }[] } | undefined)?.deployments?.map(({ id }) => id);
  return new MarathonError({
    status,
    problem: `Marathon at ${base} answered ${status} to ${request}${said === "" ? "" : `: ${said}`}`,
    remedy: remedyOf(status),
    said,
    retryAfter,
    ...(deployments && { deployments }),
  });
}

/** An answer that is none of Marathon's API, as a web page. */
export function notMarathon(address: string): MarathonError {
  return new MarathonError({
    status: 200,
    problem: `${address} is not Marathon's`,
    remedy: "write the address of Marathon as url, with its path if it is behind a proxy",
  });
}

/** Seconds of a `Retry-After` header, which holds them or a date. */
function secondsOf(header: unknown): number | undefined {
  if (typeof header !== "string") return undefined;
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
}

function remedyOf(status: number): string {
  if (status === 403)
    return "let the account of this location do this, or wait until fewer deployments run if it is these";
  if (status === 404) return "check url of this location: Marathon's API is expected below it";
  if (status === 429) return "run again when Marathon, or the proxy before it, takes more requests";
  if (status === 409) return "wait for the deployment that holds the app, or cancel it in Marathon";
  if (status >= 500) return "look into Marathon's log, then run again";
  return "correct the app's definition";
}

function unanswered(error: AxiosError, base: string): MarathonError {
  const code = error.code ?? "";
  if (isUntrusted(code)) {
    return new MarathonError({
      status: 0,
      code,
      problem: `the certificate of Marathon at ${base} is not trusted (${code})`,
      remedy: "write the PEM of its authority as ca of this location",
    });
  }
  return new MarathonError({
    status: 0,
    code,
    problem:
      code === "ERR_CANCELED"
        ? `Marathon at ${base} did not answer in time`
        : `Marathon at ${base} cannot be reached (${code || error.message})`,
    remedy: "check url of this location and that Marathon runs",
  });
}

/** Message and details of an error's body in one line, e.g. `Object is not valid: /container/docker not defined`. */
function problemOf(body: unknown): string {
  if (typeof body !== "object" || body === null) return "";
  const { message, details } = body as { message?: unknown; details?: unknown };
  const parts = [typeof message === "string" ? message : ""];
  if (typeof details === "string") parts.push(details);
  if (Array.isArray(details)) {
    parts.push(
      (details as { path?: string; errors?: string[] }[])
        .map(({ path, errors }) => `${path ?? "/"} ${(errors ?? []).join(", ")}`)
        .join("; "),
    );
  }
  return parts.filter((part) => part !== "").join(": ");
}
