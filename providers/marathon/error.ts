interface Failure {
  /** HTTP status, 0 if no answer came. */
  readonly status: number;
  readonly problem: string;
  readonly remedy: string;
  /** Ids of the deployments that lock the app. */
  readonly deployments?: readonly string[];
  /** Code of a failed connection, e.g. ECONNREFUSED. */
  readonly code?: string;
  /** Whether the answer said nothing. */
  readonly empty?: boolean;
}

const TRANSIENT_CODES = new Set(["ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT", "ECONNABORTED", "EAI_AGAIN"]);

/** Marathon refused a request, or did not answer. */
export class MarathonError extends Error {
  override readonly name = "MarathonError";
  readonly status: number;
  readonly problem: string;
  readonly remedy: string;
  /** Code of a failed connection, empty if there was an answer. */
  readonly code: string;
  readonly deployments: readonly string[];
  /** Whether the same request can pass in a moment: nothing listens, or the leader is being elected. */
  readonly transient: boolean;

  constructor(failure: Failure) {
    super(`${failure.problem}; ${failure.remedy}`);
    const { status, code = "", empty = false } = failure;
    this.status = status;
    this.problem = failure.problem;
    this.remedy = failure.remedy;
    this.code = code;
    this.deployments = failure.deployments ?? [];
    // A leader that has just resigned answers 500 without a body.
    this.transient =
      [502, 503, 504].includes(status) || (status === 500 && empty) || (status === 0 && TRANSIENT_CODES.has(code));
  }

  /** Whether another deployment holds the app: the same request can pass later, or with `force`. */
  get locked(): boolean {
    return this.status === 409 && this.deployments.length > 0;
  }

  /** Whether Marathon may have done what it was asked although it did not say so. */
  get ambiguous(): boolean {
    return this.status === 0 || this.status >= 500;
  }
}
