import type { AxiosError } from "axios";

interface Failure {
  readonly problem: string;
  readonly remedy: string;
  /** Code of gRPC in the answer, 0 if no answer came. */
  readonly code?: number;
  /** Whether another endpoint, or the same one in a moment, may answer. */
  readonly unavailable?: boolean;
  /** Whether etcd may have done what it was asked although it did not say so. */
  readonly ambiguous?: boolean;
}

const NOT_SENT = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH", "EADDRNOTAVAIL"]);
const CLIENT_CERTIFICATE = /ALERT|EPROTO/;
const SERVER_CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET)|ALTNAME/;
const NOT_TLS = /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG/;

const INVALID_ARGUMENT = 3;
const PERMISSION_DENIED = 7;
const OUT_OF_RANGE = 11;
const UNAVAILABLE = 14;
const UNAUTHENTICATED = 16;

/** etcd refused a request, or did not answer. No message holds a credential. */
export class EtcdError extends Error {
  override readonly name = "EtcdError";
  readonly code: number;
  readonly unavailable: boolean;
  readonly ambiguous: boolean;

  readonly #failure: Failure;

  constructor(failure: Failure) {
    super(`${failure.problem}; ${failure.remedy}`);
    this.#failure = failure;
    this.code = failure.code ?? 0;
    this.unavailable = failure.unavailable ?? false;
    this.ambiguous = failure.ambiguous ?? false;
  }

  /** What failed. */
  get problem(): string {
    return this.#failure.problem;
  }

  get remedy(): string {
    return this.#failure.remedy;
  }

  /** Whether the token is stale: to log in again helps. */
  get stale(): boolean {
    return this.code === UNAUTHENTICATED || /revision of auth store is old/.test(this.message);
  }

  /** The same failure for a request that had not been sent because of it. */
  beforehand(): EtcdError {
    return new EtcdError({ ...this.#failure, ambiguous: false });
  }

  /** Whether the revision that was asked for is no longer kept. */
  get compacted(): boolean {
    return this.code === OUT_OF_RANGE;
  }
}

/** What a failed request means: which endpoint, what it said, what to do. `redacted` hides secrets. */
export function explainEtcd(error: AxiosError, endpoint: string, redacted: (text: string) => string): EtcdError {
  if (!error.response) return unanswered(error, endpoint);
  const { status, data } = error.response;
  const body = typeof data === "object" && data !== null ? (data as { error?: unknown; code?: unknown }) : {};
  const said = redacted(String(body.error ?? (typeof data === "string" ? data.trim().slice(0, 200) : "")));
  const code = typeof body.code === "number" ? body.code : 0;
  const unavailable = code === UNAVAILABLE || (code === 0 && status >= 502 && status <= 504);
  return new EtcdError({
    code,
    unavailable,
    // "no leader" is said ahead of the proposal, everything else may come after it.
    ambiguous: unavailable && !/no leader/.test(said),
    problem: `etcd at ${endpoint} answered ${status} to ${pathOf(error)}${said === "" ? "" : `: ${said}`}`,
    remedy: remedyOf(status, code, said),
  });
}

function remedyOf(status: number, code: number, said: string): string {
  if (/HTTPS server/.test(said)) return "write https:// in this endpoint";
  if (/user name is empty/.test(said)) {
    return "etcd wants a user: set username and password; it does not take the name in a client certificate here";
  }
  if (/authentication failed/.test(said)) return "correct username and password";
  if (code === PERMISSION_DENIED)
    return "grant the user read and write on the prefixes /calico/ and /clocker/ (a role of etcd)";
  if (code === UNAUTHENTICATED) return "etcd forgets tokens after some minutes or a restart; run again";
  if (code === UNAVAILABLE) return "look at the health of the etcd cluster: etcdctl endpoint status --cluster";
  if (code === INVALID_ARGUMENT) return "this is no request that etcd takes; see the reason it gives";
  if (status === 404) return "the endpoint must be etcd 3.4 or newer with its gRPC gateway on, without a path";
  return "look into the log of etcd";
}

function unanswered(error: AxiosError, endpoint: string): EtcdError {
  const code = error.code ?? "";
  const sent = !NOT_SENT.has(code) && (error.cause as { syscall?: string } | undefined)?.syscall !== "connect";
  if (NOT_TLS.test(code)) {
    return new EtcdError({
      problem: `etcd at ${endpoint} does not speak TLS (${code})`,
      remedy: "write http:// in this endpoint if that is meant",
    });
  }
  if (CLIENT_CERTIFICATE.test(code)) {
    return new EtcdError({
      problem: `etcd at ${endpoint} refused the TLS connection (${code})`,
      remedy: "set cert and key to a client certificate that its --trusted-ca-file signed",
    });
  }
  if (SERVER_CERTIFICATE.test(code)) {
    return new EtcdError({
      problem: `the certificate of etcd at ${endpoint} is not trusted (${code})`,
      remedy: "set ca to the PEM of its authority, and use an address that the certificate names",
    });
  }
  return new EtcdError({
    problem: timedOut(code) ? `etcd at ${endpoint} did not answer in time` : `no etcd at ${endpoint} (${code || "?"})`,
    remedy:
      code === "ECONNRESET" && endpoint.startsWith("http:")
        ? "write https:// in this endpoint if etcd speaks TLS"
        : "check the endpoint and that etcd runs and is reachable from here",
    unavailable: true,
    ambiguous: sent,
  });
}

function timedOut(code: string): boolean {
  return code === "ERR_CANCELED" || code === "ECONNABORTED" || code === "ETIMEDOUT";
}

function pathOf(error: AxiosError): string {
  return (error.config?.url ?? "").replace(/^https?:\/\/[^/]*/, "");
}
