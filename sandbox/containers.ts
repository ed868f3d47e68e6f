import { createHash } from "node:crypto";
import type Docker from "dockerode";
import { type AddressPlan, type Member, objectName } from "./address-plan";
import type { Engine } from "./engine/connect";
import { type Log, step } from "./progress";
import { reason, SandboxError, statusOf } from "./sandbox-error";

/** Everything that a sandbox makes in an engine bears this label with the sandbox's name. */
export const LABEL = "clocker.sandbox";
/** Which part of the sandbox a container is. */
export const PART_LABEL = "clocker.sandbox.part";
const CONFIG_LABEL = "clocker.sandbox.config";

/** A container of the sandbox. */
export interface ContainerSpec {
  readonly part: Member;
  readonly image: string;
  readonly cmd?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Volume's last name part to path inside; volumes survive the container. */
  readonly volumes?: Readonly<Record<string, string>>;
  readonly privileges?: Docker.HostConfig;
  readonly stopTimeoutSeconds?: number;
  /** Changes when `prepare` would put other files into the container. */
  readonly filesHash?: string;
  /** Runs between creation and first start. */
  readonly prepare?: (container: Docker.Container) => Promise<void>;
}

/** Makes the sandbox's network, or checks that the one there is the planned one. */
export async function ensureNetwork(engine: Engine, plan: AddressPlan): Promise<void> {
  const name = objectName(plan.name);
  const found = (await engine.docker.listNetworks({ filters: JSON.stringify({ name: [name] }) })).find(
    (network) => network.Name === name,
  );
  if (found) {
    const subnet = found.IPAM?.Config?.[0]?.Subnet;
    if (subnet === plan.subnet) return;
    throw new SandboxError(
      `the network ${name} is ${subnet}, but ${plan.subnet} is asked for; take the sandbox down first: npm run sandbox -- down --name ${plan.name}`,
    );
  }
  try {
    await engine.docker.createNetwork({
      Name: name,
      CheckDuplicate: true,
      Driver: "bridge",
      Labels: { [LABEL]: plan.name },
      // The gateway is given since Docker would take it from the range.
      IPAM: { Driver: "default", Config: [{ Subnet: plan.subnet, Gateway: plan.gateway, IPRange: plan.ipRange }] },
    });
  } catch (error) {
    throw new SandboxError(
      `cannot make the network ${name} with ${plan.subnet}: ${reason(error)}; set CLOCKER_SANDBOX_NETWORK to a free one, e.g. 198.19.210.0/24`,
    );
  }
}

/** Gives the running container: kept if it is as specified, started if it was stopped, else made anew on its old volumes. */
export async function ensureContainer(
  engine: Engine,
  plan: AddressPlan,
  spec: ContainerSpec,
  log: Log,
): Promise<Docker.Container> {
  const name = objectName(plan.name, spec.part);
  const options = createOptions(plan, spec);
  const existing = await inspect(engine, name);
  if (existing?.Config.Labels[CONFIG_LABEL] === options.Labels?.[CONFIG_LABEL]) {
    const container = engine.docker.getContainer(name);
    if (!existing?.State.Running) await step(log, `start ${spec.part}`, () => container.start());
    return container;
  }
  return step(log, existing ? `make ${spec.part} anew` : `make ${spec.part}`, async () => {
    if (existing) await removeContainer(engine, name, spec.stopTimeoutSeconds);
    for (const volume of Object.keys(spec.volumes ?? {})) {
      await engine.docker.createVolume({ Name: objectName(plan.name, volume), Labels: { [LABEL]: plan.name } });
    }
    const container = await engine.docker.createContainer(options);
    await spec.prepare?.(container);
    await container.start();
    return container;
  });
}

/** Stops and removes a container; `seconds` is how long it may take to end by itself. */
export async function removeContainer(engine: Engine, name: string, seconds = 10): Promise<void> {
  const container = engine.docker.getContainer(name);
  try {
    if (seconds > 0) await container.stop({ t: seconds });
  } catch (error) {
    // 304: stopped already.
    if (statusOf(error) !== 304 && statusOf(error) !== 404) throw error;
  }
  try {
    await container.remove({ force: true, v: true });
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
  }
}

async function inspect(engine: Engine, name: string): Promise<Docker.ContainerInspectInfo | undefined> {
  try {
    return await engine.docker.getContainer(name).inspect();
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

function createOptions(plan: AddressPlan, spec: ContainerSpec): Docker.ContainerCreateOptions {
  const network = objectName(plan.name);
  const options: Docker.ContainerCreateOptions = {
    name: objectName(plan.name, spec.part),
    Hostname: spec.part,
    Image: spec.image,
    ...(spec.cmd ? { Cmd: [...spec.cmd] } : {}),
    Env: Object.entries(spec.env ?? {}).map(([key, value]) => `${key}=${value}`),
    ...(spec.stopTimeoutSeconds ? { StopTimeout: spec.stopTimeoutSeconds } : {}),
    HostConfig: {
      ...spec.privileges,
      NetworkMode: network,
      Binds: Object.entries(spec.volumes ?? {}).map(([volume, inside]) => `${objectName(plan.name, volume)}:${inside}`),
    },
    NetworkingConfig: {
      EndpointsConfig: { [network]: { IPAMConfig: { IPv4Address: plan.address[spec.part] }, Aliases: [spec.part] } },
    },
  };
  const config = createHash("sha256")
    .update(JSON.stringify([options, spec.filesHash ?? ""]))
    .digest("hex")
    .slice(0, 12);
  return { ...options, Labels: { [LABEL]: plan.name, [PART_LABEL]: spec.part, [CONFIG_LABEL]: config } };
}
