import type Docker from "dockerode";
import type { PlacedService } from "../../placement/model";
import { connectDocker, reasonOf } from "../../providers/docker/connection";
import type { DockerHost } from "../../settings/schema";
import { ContainerOrigin } from "./container-origin";
import type { Deployed } from "./deployed";
import type { limit } from "./limit";
import { MachineOrigin } from "./machine-origin";
import type { Origin } from "./model";

interface Found {
  readonly engine: Docker;
  readonly containerId: string;
}

/** Whether there is a way into a running service: Docker cannot enter what Mesos' own containerizer runs. */
export function canBeEntered({ location }: PlacedService, { settings }: Deployed): boolean {
  const found = settings.locations[location];
  return found === undefined || !("containerizer" in found) || found.containerizer !== "mesos";
}

/** Opens a place inside a running service to connect from. @throws Error that names the service if there is none. */
export async function originOf(
  placed: PlacedService,
  deployed: Deployed,
  limited: ReturnType<typeof limit>,
): Promise<Origin> {
  const { id } = placed.service;
  try {
    const machine = deployed.state.get(id)?.machine;
    return machine === undefined
      ? await inContainer(placed, deployed, limited)
      : await MachineOrigin.open(machine.login);
  } catch (error) {
    throw new Error(`cannot connect from service '${id}': ${reasonOf(error)}`);
  }
}

async function inContainer(
  placed: PlacedService,
  { settings }: Deployed,
  limited: ReturnType<typeof limit>,
): Promise<Origin> {
  const location = settings.locations[placed.location];
  const found =
    location?.type === "docker"
      ? await containerNamed(placed.physicalName, location.hosts, placed.host)
      : await containerIn(placed.physicalName, location !== undefined && "agents" in location ? location.agents : {});
  const registries = location?.type === "docker" ? (location.registries ?? []) : [];
  return ContainerOrigin.open({ ...found, image: settings.network.probeImage, registries, limited });
}

async function containerNamed(
  name: string,
  hosts: Readonly<Record<string, DockerHost>>,
  host: string | undefined,
): Promise<Found> {
  const settings = hosts[host ?? ""];
  if (settings === undefined) {
    throw new Error(`its location has no host '${host}'`);
  }
  const engine = connectDocker(settings);
  const { Id: containerId, State: state } = await engine.getContainer(name).inspect();
  if (!state.Running) {
    throw new Error(`container '${name}' on '${host}' does not run`);
  }
  return { engine, containerId };
}

/** Marathon names a task's container by chance, but its network is the service's own. */
async function containerIn(network: string, agents: Readonly<Record<string, DockerHost>> = {}): Promise<Found> {
  const filters = JSON.stringify({ network: [network], status: ["running"] });
  for (const settings of Object.values(agents)) {
    const engine = connectDocker(settings);
    const [container] = await engine.listContainers({ filters });
    if (container !== undefined) {
      return { engine, containerId: container.Id };
    }
  }
  throw new Error(`no agent runs a container in network '${network}'`);
}
