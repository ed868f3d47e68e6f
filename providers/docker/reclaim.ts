import { connectDocker, type DockerAddress, reasonOf, statusOf } from "./connection";

type Labels = Readonly<Record<string, string>>;

/**
 * Removes the container of that name that an interrupted run left behind; one that lacks any of the labels is somebody else's and stays.
 * @returns Whether one was removed.
 */
export async function removeContainerIfOurs(host: DockerAddress, name: string, labels: Labels): Promise<boolean> {
  const engine = connectDocker(host);
  const container = engine.getContainer(name);
  const info = await ifThere(container.inspect());
  if (!info || info.Name !== `/${name}` || !bears(info.Config.Labels, labels)) return false;
  await ifThere(engine.getContainer(info.Id).remove({ force: true, v: true }));
  return true;
}

/**
 * Removes the network of that name that an interrupted run left behind. One that lacks any of the labels stays, and so does one with
 * containers on it.
 * @returns Whether one was removed.
 */
export async function removeNetworkIfOurs(host: DockerAddress, name: string, labels: Labels): Promise<boolean> {
  const engine = connectDocker(host);
  // Names of networks are not unique: the engine makes a second one beside the leftover.
  const networks = await engine.listNetworks({ filters: JSON.stringify({ name: [name] }) });
  const ours = networks.filter((network) => network.Name === name && bears(network.Labels, labels));
  for (const { Id: id } of ours) {
    const info = await ifThere(engine.getNetwork(id).inspect());
    const users = Object.values((info?.Containers ?? {}) as Record<string, { Name: string }>).map((user) => user.Name);
    if (users.length > 0) {
      throw new Error(
        `network "${name}" was left by an interrupted run and cannot be made anew while ${users.sort().join(", ")} ` +
          "is on it: remove that container, or import the network into the stack",
      );
    }
    await ifThere(engine.getNetwork(id).remove());
  }
  return ours.length > 0;
}

function bears(has: Record<string, string> | undefined, wanted: Labels): boolean {
  return Object.entries(wanted).every(([label, value]) => has?.[label] === value);
}

async function ifThere<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw new Error(`cannot clear what an interrupted run left behind: ${reasonOf(error)}`);
  }
}
