import { ensureImage, type ImageSpec, imageTag, inspectImage } from "./build/image";
import { loadImage } from "./build/load";
import { tryPull } from "./build/pull";
import type { RedisBuild } from "./parts/files";
import type { DockerHost } from "./parts/hosts";
import { step } from "./progress";
import type { Sandbox } from "./sandbox";

const STAND_IN_LABEL = "clocker.sandbox.stand-in";
const FORWARDER = "haproxy:3.2-alpine";
const PROBE = "alpine/socat:1.8.0.3";
/** What scripts of the user's own run in. */
const SCRIPTS = "debian:12-slim";

/** A small image that takes the place of a public one. */
interface StandIn {
  /** Name as in blueprints. */
  readonly name: string;
  readonly spec: ImageSpec;
}

interface Missing extends StandIn {
  readonly host: DockerHost;
  /** The host has an older stand-in. */
  readonly outdated: boolean;
}

/** Gives both Docker hosts the images of the talk and of the tests: the real ones where a registry has them, else stand-ins. */
export async function loadStandIns(sandbox: Sandbox, hosts: readonly DockerHost[], redis: RedisBuild): Promise<void> {
  const { log } = sandbox;
  const missing: Missing[] = [];
  for (const host of hosts) {
    for (const standIn of standIns(sandbox, redis)) missing.push(...(await lacks(host, standIn)));
  }
  const first = hosts[0];
  if (missing.length === 0 || !first) return;
  const registry =
    sandbox.base.registryAnswers ?? (await step(log, `pull ${FORWARDER}`, () => tryPull(first.docker, FORWARDER)));
  if (!registry) log("no registry gives the images: stand-ins take their place");
  const pulled = new Map<string, Promise<boolean>>();
  for (const { host, name, spec, outdated } of missing) {
    const pull = () => step(log, `${host.name}: pull ${name}`, () => tryPull(host.docker, name));
    if (registry && !outdated && (await (pulled.get(name) ?? Promise.resolve(true)))) {
      const attempt = pull();
      pulled.set(name, attempt);
      if (await attempt) continue;
    }
    const tag = await ensureImage(sandbox.engine, spec, log);
    await step(log, `${host.name}: load ${name}`, () => loadImage(sandbox.engine.docker, host.docker, tag, name));
  }
}

function standIns({ base }: Sandbox, redis: RedisBuild): StandIn[] {
  const args = { BASE: base.tag };
  const labels = (name: string) => ({ [STAND_IN_LABEL]: name });
  const talk = (name: string): ImageSpec => ({
    name,
    context: "talk",
    target: name,
    args,
    labels: labels(name),
    expected: "with Go's compiler, 2 min",
  });
  return [
    { name: FORWARDER, spec: { name: "haproxy", args, labels: labels("haproxy") } },
    { name: PROBE, spec: { name: "socat", args, labels: labels("socat") } },
    { name: SCRIPTS, spec: { name: "debian", args, labels: labels("debian") } },
    { name: "redis:3", spec: redis.spec },
    { name: `redis:${redis.version}`, spec: redis.spec },
    { name: "clockercentral/dnmonster:1.0", spec: talk("dnmonster") },
    { name: "clockercentral/identidock:1.3", spec: talk("identidock") },
  ];
}

async function lacks(host: DockerHost, standIn: StandIn): Promise<Missing[]> {
  const found = await inspectImage(host, standIn.name);
  const isStandIn = found?.Config.Labels?.[STAND_IN_LABEL] !== undefined;
  if (found && (!isStandIn || found.Id === (await inspectImage(host, await imageTag(standIn.spec)))?.Id)) return [];
  return [{ ...standIn, host, outdated: isStandIn }];
}
