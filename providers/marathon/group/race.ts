import type { Deployment } from "../api";
import type { Change } from "../client";
import type { Operation } from "./group-inputs";

/** Marathon lists a deployment only after it has answered. */
const LOOKS = 3;
const LISTED_AFTER = 200;

/** Somebody else changed the group at the same moment; what that touched is put back. */
export class RaceError extends Error {}

/**
 * Undoes a change that turned out to concern what somebody else made between the look at the group and the change: Marathon
 * has no condition for a change.
 * @param isForeign Whether an action of the deployment is none that the change was meant to have.
 * @throws RaceError that names what it would have changed
 */
export async function revertIfForeign(
  { client, deadline }: Operation,
  groupId: string,
  change: Change,
  isForeign: (app: string, actions: readonly string[]) => boolean,
): Promise<void> {
  let deployment: Deployment | undefined;
  for (let look = 1; look <= LOOKS && !deployment; look++) {
    if (look > 1) await deadline.sleep(LISTED_AFTER);
    deployment = (await client.deployments(deadline)).find(({ id }) => id === change.deploymentId);
  }
  if (!deployment) return;
  const foreign = [...actionsByApp(deployment)].filter(([app, actions]) => isForeign(app, actions)).map(([app]) => app);
  if (foreign.length === 0) return;
  await client.revert(deployment.id, deadline);
  throw new RaceError(
    `group ${groupId}: somebody else made ${foreign.join(", ")} while the group was changed; that is put back as it was. Choose another id or remove it, then run again`,
  );
}

function actionsByApp({ steps = [] }: Deployment): ReadonlyMap<string, readonly string[]> {
  const result = new Map<string, string[]>();
  for (const { action, app } of steps.flatMap(({ actions }) => actions)) {
    if (app !== undefined) result.set(app, [...(result.get(app) ?? []), action]);
  }
  return result;
}
