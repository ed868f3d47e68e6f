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
  readonly healthCheckResults?: readonly { readonly alive: boolean }[];
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
}

export interface Group {
  readonly id: string;
  readonly apps?: readonly unknown[];
  readonly groups?: readonly unknown[];
  readonly pods?: readonly unknown[];
}

export interface QueueItem {
  readonly count: number;
  readonly delay: { readonly timeLeftSeconds: number; readonly overdue: boolean };
  readonly processedOffersSummary?: {
    readonly processedOffersCount: number;
    readonly unusedOffersCount: number;
    readonly rejectSummaryLastOffers?: readonly { readonly reason: string; readonly declined: number }[];
  };
  readonly app?: { readonly id: string };
}

export interface Info {
  readonly version: string;
  /** What Mesos knows it by; none until Mesos has taken it. */
  readonly frameworkId?: string | null;
}
