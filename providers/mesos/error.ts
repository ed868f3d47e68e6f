import { MarathonError } from "../marathon/error";

/** What went wrong between the settings of a location and its Marathon. */
export type MesosProblem =
  | "unreachable-mesos"
  | "no-mesos-leader"
  | "unlisted-mesos-leader"
  | "not-mesos-master"
  | "untrusted-mesos"
  | "refused-by-mesos"
  | "unknown-mesos-framework"
  | "inactive-mesos-framework"
  | "several-mesos-frameworks"
  | "framework-without-url"
  | "other-marathon"
  | "unreachable-marathon";

interface MesosFailure {
  readonly kind: MesosProblem;
  readonly problem: string;
  readonly remedy: string;
  /** The setting to correct, as a path below the location, e.g. `masters[0]`. */
  readonly setting: string;
  /** Whether it can pass by itself, as when masters or Marathon elect a leader. */
  readonly transient?: boolean;
}

/** Marathon was not found through the Mesos masters: to its callers the same as a Marathon that cannot be reached. */
export class MesosError extends MarathonError {
  readonly kind: MesosProblem;
  readonly setting: string;

  constructor({ kind, setting, transient = false, ...said }: MesosFailure) {
    super({ status: 0, ...said, ...(transient && { code: "EAI_AGAIN" }) });
    this.kind = kind;
    this.setting = setting;
    // Marathon was not asked anything.
    this.untaken = true;
  }
}
