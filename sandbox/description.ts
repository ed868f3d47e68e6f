import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import type { z } from "zod";
import type { settingsSchema } from "../settings/schema";
import { type AddressPlan, CALICO_POOL } from "./address-plan";
import type { NameServer } from "./parts/bind";
import type { CalicoImages, FelixProgram } from "./parts/calico";
import type { Etcd } from "./parts/etcd";
import type { RedisBuild } from "./parts/files";
import type { DockerHost } from "./parts/hosts";
import type { MarathonServer } from "./parts/marathon";
import type { Cloud } from "./parts/openstack";
import { descriptionFile } from "./project";
import { SandboxError } from "./sandbox-error";

/** A location as it is written into `clocker:locations`. */
type LocationSettings = z.input<typeof settingsSchema>["locations"][string];
/** `clocker:network` as it is written. */
type NetworkSettings = NonNullable<z.input<typeof settingsSchema>["network"]>;

/** What a stack needs to use a sandbox; credentials in clear. */
export interface SandboxDescription {
  readonly name: string;
  readonly engine: { readonly host: string };
  /** For `clocker:locations`: my-docker-cloud, my-mesos-cluster, my-openstack-cloud, as far as those parts were started. */
  readonly locations: Readonly<Record<string, LocationSettings>>;
  /** The Redis that the sandbox really made, and where its binaries lie. */
  readonly redis: { readonly version: string; readonly archiveUrl: string };
  /** For `clocker:network`: with Calico and names of services as far as those parts were started. */
  readonly network: NetworkSettings;
  /** The machine's own address on the sandbox's network. */
  readonly gateway: string;
  /** Calico's datastore. */
  readonly etcd?: Etcd;
  /** A range for Calico's addresses, which nothing else in the sandbox uses. */
  readonly calicoPool: string;
  /** What the Docker hosts have of Calico. */
  readonly calicoImages?: CalicoImages;
  /** The Felix that machines can install. */
  readonly felix?: FelixProgram;
  readonly dns?: NameServer;
}

/** What the parts gave; a part that was not started is absent. */
export interface Parts {
  readonly redis: RedisBuild;
  readonly hosts?: readonly DockerHost[];
  readonly marathon?: MarathonServer;
  readonly openstack?: Cloud;
  readonly etcd?: Etcd;
  readonly bind?: NameServer;
  readonly calico?: CalicoImages;
  readonly felix?: FelixProgram;
}

/** Describes a sandbox by what its parts gave. */
export function describe(plan: AddressPlan, engineHost: string, parts: Parts): SandboxDescription {
  const { redis, etcd, bind, calico, felix } = parts;
  const machine = `${plan.gateway}/32`;
  return {
    name: plan.name,
    engine: { host: engineHost },
    locations: locationsOf(parts, plan),
    redis: { version: redis.version, archiveUrl: redis.archiveUrl },
    network: networkOf(parts, machine),
    gateway: plan.gateway,
    calicoPool: CALICO_POOL,
    ...(etcd ? { etcd } : {}),
    ...(calico ? { calicoImages: calico } : {}),
    ...(felix ? { felix } : {}),
    ...(bind ? { dns: bind } : {}),
  };
}

function locationsOf(
  { hosts, marathon, openstack, felix }: Parts,
  plan: AddressPlan,
): Record<string, LocationSettings> {
  const engines = Object.fromEntries(
    (hosts ?? []).map(({ name, address, port, tls }) => [name, { url: `tcp://${address}:${port}`, address, tls }]),
  );
  const locations: Record<string, LocationSettings> = {};
  if (hosts) locations["my-docker-cloud"] = { type: "docker", hosts: engines };
  if (marathon) {
    const { url, username, password } = marathon;
    locations["my-mesos-cluster"] = {
      type: "marathon",
      url,
      auth: { type: "basic", username, password },
      agents: engines,
    };
  }
  if (openstack) {
    locations["my-openstack-cloud"] = {
      type: "openstack",
      ...openstack,
      sshSources: [`${plan.gateway}/32`],
      // Neutron shows the subnets of its external network to no project.
      floatingRanges: [`${plan.prefix}.128/25`],
      // For those who switch on hostEndpoints, which makes every machine slower to come up.
      ...(felix ? { felixUrl: felix.url, felixSha256: felix.sha256 } : {}),
    };
  }
  return locations;
}

function networkOf({ etcd, calico, bind }: Parts, machine: string): NetworkSettings {
  const settings: NetworkSettings = { sources: [machine] };
  if (etcd && calico) {
    const { endpoints, ca, cert, key } = etcd;
    settings.calico = {
      etcd: { endpoints: [...endpoints], ca, cert, key },
      pool: CALICO_POOL,
      felixImage: calico.felix,
      driverImage: calico.driver,
    };
  }
  if (bind) {
    const { server, port, domain, tsig } = bind;
    settings.dns = { server, port, domain, tsig };
  }
  return settings;
}

/** Keeps a description where only its owner reads it. */
export async function writeDescription(description: SandboxDescription): Promise<void> {
  const file = descriptionFile(description.name);
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(`${file}.part`, `${JSON.stringify(description, undefined, 2)}\n`, { mode: 0o600 });
  await rename(`${file}.part`, file);
}

/** The description of a sandbox that was started, undefined if there is none. */
export async function findDescription(name: string, root?: string): Promise<SandboxDescription | undefined> {
  const text = await readFile(descriptionFile(name, root), "utf8").catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as SandboxDescription);
}

/** The description of a sandbox that was started; an error if there is none. */
export async function readSandbox(root: string, name: string): Promise<SandboxDescription> {
  const description = await findDescription(name, root);
  if (description) return description;
  throw new SandboxError(`there is no sandbox '${name}'; start it: npm run sandbox -- up --name ${name}`);
}
