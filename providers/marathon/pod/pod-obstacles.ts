import { Deadline } from "../../runtime/deadline";
import type { AppDefinition } from "../api";
import type { MarathonClient } from "../client";
import { isObject, objects } from "../definition/json";
import { shorten, some, told } from "../obstacles";
import { waiting } from "../refusals";
import { type LivePod, normalPod } from "./normal-form";
import { isInstanceUp, type PodInstance, type PodStatus } from "./status";

/** Why a pod does not come up, as far as Marathon tells, for a person. */
export async function podObstacles(
  client: MarathonClient,
  podId: string,
  live: PodStatus | undefined,
): Promise<string[]> {
  if (!live) return ["Marathon does not show the pod"];
  const { instances = [], spec, terminationHistory = [] } = live;
  const { scaling } = spec;
  const text = (said: string) => shorten(client.clean(said));
  const up = instances.filter((instance) => isInstanceUp(instance, spec)).length;
  const reasons = [`${up} of ${isObject(scaling) ? scaling["instances"] : 1} instances up`];
  const queue = await told(() => client.queue(new Deadline(10)));
  const item = queue?.find(({ pod }) => pod?.id === podId);
  if (item) reasons.push(waiting(item, asApp(spec)));
  reasons.push(
    ...some(instances.filter((instance) => !isInstanceUp(instance, spec)).flatMap((one) => trouble(one, text))),
  );
  const last = terminationHistory.at(-1);
  if (last)
    reasons.push(
      `last end${last.terminatedAt ? ` at ${last.terminatedAt}` : ""}${last.message ? `: ${text(last.message)}` : ""}`,
    );
  return reasons;
}

function trouble({ id, status, message, agentHostname, containers = [] }: PodInstance, text: (said: string) => string) {
  const where = `instance ${id}${agentHostname ? ` on ${agentHostname}` : ""}`;
  const said = message ? `: ${text(message)}` : "";
  const ofContainers = containers.flatMap(({ name, status, message, conditions = [], termination }) => {
    const failing = conditions.some(({ name, value }) => name === "healthy" && value === "false");
    const why = termination?.message ?? message;
    if (status !== "TASK_RUNNING") return [`its container ${name} is ${status}${why ? `: ${text(why)}` : ""}`];
    return failing ? [`its container ${name} fails its health check`] : [];
  });
  return [[`${where} is ${status}${said}`, ...ofContainers].join(", ")];
}

/** What a pod asks of an agent, as an app would ask for it. */
function asApp(spec: LivePod): AppDefinition {
  const pod = normalPod(spec);
  const containers = objects(pod["containers"]);
  const resources = [pod["executorResources"], ...containers.map(({ resources }) => resources)].filter(isObject);
  const sum = (key: string) => resources.reduce((total, each) => total + Number(each[key] ?? 0), 0);
  const { scheduling, networks } = pod;
  const placement = isObject(scheduling) && isObject(scheduling["placement"]) ? scheduling["placement"] : {};
  return {
    cpus: Math.round(sum("cpus") * 1000) / 1000,
    mem: sum("mem"),
    disk: sum("disk"),
    gpus: sum("gpus"),
    networks: [{ mode: "container/bridge" }, ...objects(networks)],
    container: { type: "MESOS", portMappings: containers.flatMap(({ endpoints }) => objects(endpoints)) },
    constraints: objects(placement["constraints"]).map(({ fieldName, operator, value }) =>
      value === undefined ? [fieldName, operator] : [fieldName, operator, value],
    ),
    acceptedResourceRoles: placement["acceptedResourceRoles"],
  };
}
