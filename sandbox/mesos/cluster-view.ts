import type { Instance } from "../marathon/tasks/instance";
import type { Agent } from "../marathon/tasks/runner";

/** What a master knows: the agents, and Marathon as the framework that runs tasks on them. */
export interface ClusterView {
  readonly frameworkId: string;
  readonly agents: readonly Agent[];
  readonly isAvailable: (agentId: string) => boolean;
  /** Instances that occupy an agent. */
  readonly placed: readonly Instance[];
  /** Where Marathon answers. */
  readonly marathonUrl: string;
  readonly role: string | undefined;
}
