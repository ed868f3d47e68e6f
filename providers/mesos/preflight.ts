import { Deadline } from "../runtime/deadline";
import type { Framework, Roles } from "./api";
import { describeCluster, type MesosCluster } from "./cluster";
import { MesosError } from "./error";
import { chooseFramework } from "./framework";
import type { MesosSettings } from "./location";
import { MesosMasters } from "./masters";

export interface MesosCheck {
  /** What keeps Marathon from being found. */
  readonly error?: MesosError;
  /** What could be better: masters that did not answer, roles that are not shown. */
  readonly warnings: readonly MesosError[];
  /** What stack outputs tell of the cluster. */
  readonly cluster?: MesosCluster;
  /** Marathon's. */
  readonly framework?: Framework;
}

const TIMEOUT_SECONDS = 20;

/** Whether a Mesos master leads, takes the credentials and has Marathon's framework. Never fails, changes nothing. */
export async function checkMesos(settings: MesosSettings): Promise<MesosCheck> {
  const deadline = new Deadline(TIMEOUT_SECONDS);
  const masters = new MesosMasters(settings);
  const warnings: MesosError[] = [];
  try {
    const state = await masters.state(deadline);
    warnings.push(...masters.failures);
    const roles = await readRoles(masters, deadline, warnings);
    const cluster = describeCluster(state, roles);
    return { warnings, cluster, framework: chooseFramework(state.frameworks, settings.framework ?? "marathon") };
  } catch (error) {
    if (error instanceof MesosError) return { warnings, error };
    throw error;
  }
}

async function readRoles(
  masters: MesosMasters,
  deadline: Deadline,
  warnings: MesosError[],
): Promise<Roles | undefined> {
  try {
    return await masters.roles(deadline);
  } catch (error) {
    if (!(error instanceof MesosError)) throw error;
    warnings.push(error);
    return undefined;
  }
}
