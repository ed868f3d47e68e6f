/** Shapes of Marathon's REST API (1.5 and newer), as far as they are read here. */

/** An app as Marathon's API takes it, without `id`. */
export type AppDefinition = Readonly<Record<string, unknown>>;

export interface Task {
  readonly id: string;
  readonly host: string;
  /** `TASK_RUNNING` and the other states of Mesos. */
  readonly state: string;
  /** Version of the app that it was launched with. */
  readonly version?: string;
  /** Host ports in the order of the app's ports. */
  readonly ports?: readonly number[];
  readonly ipAddresses?: readonly { readonly ipAddress: string; readonly protocol?: string }[];
  /** What its health checks said last; none before the first one. */
  readonly healthCheckResults?: readonly HealthCheckResult[];
}

interface HealthCheckResult {
  readonly alive: boolean;
  readonly consecutiveFailures?: number;
  readonly lastFailureCause?: string;
}

/** What a readiness check said last; it holds up deployments alone. */
interface ReadinessCheckResult {
  readonly name: string;
  readonly taskId: string;
  readonly ready: boolean;
  readonly lastResponse?: { readonly status: number; readonly body?: string };
}

interface TaskFailure {
  readonly state: string;
  readonly message: string;
  readonly host: string;
  readonly timestamp: string;
  readonly version: string;
}

export interface LiveApp extends AppDefinition {
  readonly id: string;
  readonly version: string;
  readonly versionInfo?: { readonly lastScalingAt: string; readonly lastConfigChangeAt: string };
  readonly instances: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly healthChecks?: readonly unknown[];
  readonly tasksStaged: number;
  readonly tasksRunning: number;
  readonly tasksHealthy: number;
  readonly tasksUnhealthy: number;
  readonly tasks?: readonly Task[];
  readonly deployments?: readonly { readonly id: string }[];
  readonly lastTaskFailure?: TaskFailure;
}

export interface Deployment {
  readonly id: string;
  readonly affectedApps: readonly string[];
  readonly affectedPods?: readonly string[];
  readonly currentStep?: number;
  readonly totalSteps?: number;
  readonly currentActions?: readonly {
    readonly app?: string;
    readonly readinessCheckResults?: readonly ReadinessCheckResult[];
  }[];
  readonly steps?: readonly { readonly actions: readonly { readonly action: string; readonly app?: string }[] }[];
}

export interface Group {
  readonly id: string;
  readonly version: string;
  readonly dependencies?: readonly string[];
  /** Shown by 1.9 and newer, at the top of the tree. */
  readonly enforceRole?: boolean;
  readonly apps?: readonly LiveApp[];
  readonly groups?: readonly Group[];
  readonly pods?: readonly unknown[];
}

/** Why offers were refused: reasons in the order in which Marathon looks; an offer counts at the first that applies. */
type RejectSummary = readonly { readonly reason: string; readonly declined: number }[];

export interface QueueItem {
  readonly count: number;
  readonly delay: { readonly timeLeftSeconds: number; readonly overdue: boolean };
  readonly processedOffersSummary?: {
    readonly processedOffersCount: number;
    readonly unusedOffersCount: number;
    /** Of the last offer of each agent. */
    readonly rejectSummaryLastOffers?: RejectSummary;
    /** Of all since the launch was asked for. */
    readonly rejectSummaryLaunchAttempt?: RejectSummary;
  };
  readonly lastUnusedOffers?: readonly UnusedOffer[];
  readonly app?: { readonly id: string };
  readonly pod?: { readonly id: string };
}

export interface UnusedOffer {
  readonly offer: {
    readonly hostname: string;
    readonly resources?: readonly OfferedResource[];
    readonly attributes?: readonly { readonly name: string; readonly text?: string; readonly scalar?: number }[];
  };
  readonly reason: readonly string[];
}

interface OfferedResource {
  readonly name: string;
  readonly role?: string;
  readonly scalar?: number;
  readonly ranges?: readonly { readonly begin: number; readonly end: number }[];
}

export interface Info {
  readonly version: string;
  /** What Mesos knows it by; none until Mesos has taken it. */
  readonly frameworkId?: string | null;
}
