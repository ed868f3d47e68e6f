import { isObject, without } from "../definition/json";
import { despiteLocks } from "../locks";
import { once } from "../once";
import { type Operation, podTarget } from "./pod-inputs";
import { isPresent, type PodStatus } from "./status";

/**
 * Ends a pod none of whose instances has ever run with its present definition, if some wait for an agent: Marathon keeps
 * these ahead of the new ones, so that nothing would start as long as they cannot.
 */
export async function clearStuckPod({ client, deadline, locks }: Operation, live: PodStatus): Promise<void> {
  const { id, spec, instances = [] } = live;
  if (instances.some((instance) => instance.status === "STABLE" && isPresent(instance, spec))) return;
  const waiting = (await client.queue(deadline)).some(({ pod, count }) => pod?.id === id && count > 0);
  if (!waiting || instancesOf(live) === 0) return;
  const none = { ...without(spec, ["id", "version"]), scaling: { kind: "fixed", instances: 0 } };
  const scaled = async () => {
    const now = await client.pod(id, deadline);
    return now && instancesOf(now) === 0 ? true : undefined;
  };
  const scale = async (force: boolean) => Boolean(await client.replacePod(id, none, force, deadline));
  const change = (force: boolean) => once(deadline, () => scale(force), scaled);
  await despiteLocks(client, podTarget(id), deadline, change, { policy: locks });
}

function instancesOf({ spec: { scaling } }: PodStatus): number {
  return isObject(scaling) ? Number(scaling["instances"] ?? 1) : 1;
}
