interface Failure {
  /** HTTP status, 0 if no answer came. */
  readonly status: number;
  readonly problem: string;
  readonly remedy: string;
  /** Ids of the deployments that lock the app. */
  readonly deployments?: readonly string[];
  /** Code of a failed connection, e.g. ECONNREFUSED. */
  readonly code?: string;
  /** What Marathon said: empty if the answer held no message of its API. */
  readonly said?: string;
  /** Seconds after which Marathon, or what stands before it, wants to be asked again. */
  readonly retryAfter?: number | undefined;
}

/** Codes of connections that were never made. */
const UNCONNECTED = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"]);
const BROKEN = new Set([
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "ECONNABORTED",
  "ERR_BAD_RESPONSE",
  "HPE_INVALID_CONSTANT",
]);
const TOO_MANY_DEPLOYMENTS = /number \(\d+\) of running deployments/;

/** Marathon refused a request, or did not answer. */
export class MarathonError extends Error {
  override readonly name = "MarathonError";
  readonly status: number;
  readonly problem: string;
  readonly remedy: string;
  /** Code of a failed connection, empty if there was an answer. */
  readonly code: string;
  readonly deployments: readonly string[];
  readonly retryAfter: number | undefined;
  /** Whether it is certain that Marathon has not done, and will not do, what it was asked. */
  untaken: boolean;
  /** Whether the same request can pass in a moment: nothing listens, there is too much to do, or the leader is being elected. */
  readonly transient: boolean;
  /** Whether Marathon itself says that there is no such thing; a wrong address or a proxy answers 404 without its words. */
  readonly absent: boolean;

  constructor(failure: Failure) {
    super(`${failure.problem}; ${failure.remedy}`);
    const { status, code = "", said = "" } = failure;
    this.status = status;
    this.problem = failure.problem;
    this.remedy = failure.remedy;
    this.code = code;
    this.deployments = failure.deployments ?? [];
    this.retryAfter = failure.retryAfter;
    this.absent = status === 404 && said !== "";
    const busy = status === 429 || (status === 403 && TOO_MANY_DEPLOYMENTS.test(said));
    this.untaken = (status > 0 && status < 500) || (status === 0 && UNCONNECTED.has(code));
    this.transient =
      busy ||
      [502, 503, 504].includes(status) ||
      // A leader that has just resigned answers 500 without a body.
      (status === 500 && said === "") ||
      (status === 0 && (UNCONNECTED.has(code) || BROKEN.has(code)));
  }

  /** Whether another deployment holds the app: the same request can pass later, or with `force`. */
  get locked(): boolean {
    return this.status === 409 && this.deployments.length > 0;
  }

  /** Whether Marathon may have done what it was asked although it did not say so. */
  get ambiguous(): boolean {
    return !this.untaken;
  }
}
