import type { Diagnostic } from "../../blueprint/model";
import { calicoNode } from "../../placement/calico";
import type { Plan } from "../../placement/model";
import { checkDatastore } from "../../providers/calico/preflight";
import { checkDockerHost, imageAvailable } from "../../providers/docker/preflight";
import { configPath, settingsProblem } from "../../settings/problem";
import type { DockerHost, DockerLocation, Settings } from "../../settings/schema";

const NETWORK = "clocker:network.calico";

/** A Docker Engine on which Clocker runs Calico's agents. */
interface Managed {
  readonly node: string;
  readonly path: string;
  readonly host: DockerHost;
  readonly registries: DockerLocation["registries"];
  /** Nobody else looks whether an agent of a Mesos cluster answers. */
  readonly agent: boolean;
}

/**
 * What can be known of Calico before anything is made: its datastore answers and may be written to, and the agents' images are on each host
 * that the plan uses, or can be pulled there.
 */
export async function calicoPreflight(settings: Settings, plan: Plan): Promise<readonly Diagnostic[]> {
  const { calico } = settings.network;
  if (calico === undefined) return [];
  const images = { driverImage: calico.driverImage ?? "", felixImage: calico.felixImage ?? "" };
  const found = await Promise.all([
    datastore(calico.etcd),
    ...managedHosts(settings, plan).map((managed) => agentsOn(managed, images)),
  ]);
  return found.flat();
}

async function datastore(etcd: NonNullable<Settings["network"]["calico"]>["etcd"]): Promise<Diagnostic[]> {
  const checked = await checkDatastore(etcd);
  if (checked.ok) return [];
  const message = `Calico's datastore: ${checked.problem}`;
  return [settingsProblem("error", "unusable-calico-datastore", `${NETWORK}.etcd`, message, checked.remedy)];
}

/** One entry a node, whichever locations name it: what a Docker location says comes first. */
function managedHosts({ locations }: Settings, plan: Plan): readonly Managed[] {
  const used = new Map<string, Managed>();
  const add = (location: string, group: string, name: string, host: DockerHost, of: Partial<DockerLocation>): void => {
    const node = calicoNode(name, host);
    if (host.calico === "present" || used.has(node)) return;
    const path = configPath(["locations", location, group, name]);
    used.set(node, { node, path, host, registries: of.registries, agent: group === "agents" });
  };
  for (const { location: name, host = "" } of plan.services) {
    const location = locations[name];
    const settings = location?.type === "docker" ? location.hosts[host] : undefined;
    if (location?.type === "docker" && settings) add(name, "hosts", host, settings, location);
  }
  for (const name of new Set(plan.services.map(({ location }) => location))) {
    const location = locations[name];
    if (location === undefined || !("agents" in location)) continue;
    for (const [agent, settings] of Object.entries(location.agents ?? {})) add(name, "agents", agent, settings, {});
  }
  return [...used.values()];
}

async function agentsOn(
  { node, path, host, registries, agent }: Managed,
  images: Readonly<Record<string, string>>,
): Promise<Diagnostic[]> {
  const answers = await checkDockerHost(host);
  if (!answers.ok) {
    const message = `docker host '${node}' (${host.url}): ${answers.problem}`;
    return agent ? [settingsProblem("error", "unreachable-docker-host", path, message, answers.remedy)] : [];
  }
  const found = await Promise.all(
    Object.entries(images).map(async ([key, image]): Promise<Diagnostic[]> => {
      const available = await imageAvailable(host, image, registries);
      if (!available.ok) {
        const message = `image '${image}' of Calico is not on docker host '${node}' and cannot be pulled: ${available.problem}`;
        const remedy = "correct the image's name or tag, push it to its registry, or load it on the host";
        return [settingsProblem("error", "image-missing", `${NETWORK}.${key}`, message, remedy)];
      }
      if (available.warning === undefined) return [];
      const message = `docker host '${node}', Calico: ${available.warning}`;
      const remedy =
        "the update fails unless the host can pull the image by then; correct its name, or load it on the host";
      return [settingsProblem("warning", "image-unknown", `${NETWORK}.${key}`, message, remedy)];
    }),
  );
  return found.flat();
}
