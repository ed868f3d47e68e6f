import { ensureCalico } from "../engine/calico-programs";
import { planAddresses } from "./address-plan";
import { PARTS, type Part } from "./arguments";
import { ensureBase } from "./base";
import { ensureNetwork } from "./containers";
import { describe, findDescription, type Parts, type SandboxDescription, writeDescription } from "./description";
import { connectEngine, findEngine } from "./engine/connect";
import { bindUp } from "./parts/bind";
import { calicoUp, hasFelixImage } from "./parts/calico";
import { etcdUp } from "./parts/etcd";
import { filesUp } from "./parts/files";
import { hostsUp } from "./parts/hosts";
import { marathonUp } from "./parts/marathon";
import { openstackUp } from "./parts/openstack";
import { nestingPrivileges } from "./privileges";
import { elapsed, type Log } from "./progress";
import type { Sandbox } from "./sandbox";
import { reason, SandboxError } from "./sandbox-error";
import { loadStandIns } from "./stand-ins";

export interface UpOptions {
  /** Default `default`. */
  readonly name?: string;
  /** Default: all. */
  readonly parts?: readonly Part[];
  readonly log: Log;
}

/**
 * Starts a sandbox or brings it up to date: what runs as it should is kept, what stopped is started, what changed is made anew
 * on its old volumes. Throws a `SandboxError` that names every part that failed; running it again goes on from there.
 */
export async function sandboxUp({ name = "default", parts = PARTS, log }: UpOptions): Promise<SandboxDescription> {
  const begun = Date.now();
  const plan = planAddresses(name, process.env["CLOCKER_SANDBOX_NETWORK"]);
  const previous = await findDescription(name);
  const unwanted = new AbortController();
  const felix = once(
    async () => (await ensureCalico(["felix"], { log, background: true, signal: unwanted.signal })).felix,
  );
  const sandbox = await layGround({
    plan,
    recorded: previous?.engine.host,
    log,
    felix,
    calico: parts.includes("calico"),
  })
    // Without ground no part can use it.
    .catch((error: unknown) => {
      unwanted.abort();
      throw error;
    });
  const made = await startParts(sandbox, parts);
  const current = describe(plan, sandbox.engine.host, { ...definedOf({ felix: previous?.felix }), ...made });
  // Parts that were not asked for this time still run.
  const description = {
    ...previous,
    ...current,
    locations: { ...previous?.locations, ...current.locations },
    network: { ...previous?.network, ...current.network },
  };
  await writeDescription(description);
  log(`sandbox '${name}' is up: ${elapsed(Date.now() - begun)}`);
  return description;
}

interface Ground extends Pick<Sandbox, "plan" | "log" | "felix"> {
  /** Docker Engine of an earlier start. */
  readonly recorded: string | undefined;
  /** Whether Felix will be wanted. */
  readonly calico: boolean;
}

/** What all parts stand on: a Docker Engine, the base image and the sandbox's network. */
async function layGround({ plan, recorded, log, felix, calico }: Ground): Promise<Sandbox> {
  const found = await findEngine(recorded);
  if (calico && !(found && (await hasFelixImage(found)))) {
    // The longest step of a first start: beside it packages are fetched and clouds boot. Whether it fails, its part asks.
    felix().catch(() => undefined);
  }
  const engine = found ?? (await connectEngine(log, recorded));
  log(`Docker Engine: ${engine.host}`);
  const base = await ensureBase(engine, log);
  await ensureNetwork(engine, plan);
  return { plan, engine, base, log, felix, privileges: once(() => nestingPrivileges(engine, base.tag, plan.name)) };
}

/** The same work, done on the first call. */
function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => {
    result ??= work();
    return result;
  };
}

async function startParts(sandbox: Sandbox, parts: readonly Part[]): Promise<Parts> {
  const wanted = <T>(part: Part, work: () => Promise<T>) =>
    parts.includes(part) ? work() : Promise.resolve(undefined);
  const redis = filesUp(sandbox);
  const hosts = wanted("hosts", () => hostsUp(sandbox));
  const work = {
    redis,
    hosts,
    images: Promise.all([hosts, redis]).then(([up, made]) => up && loadStandIns(sandbox, up, made)),
    marathon: wanted("marathon", async () => marathonUp(sandbox, (await hosts) ?? [])),
    openstack: wanted("openstack", () => openstackUp(sandbox)),
    etcd: wanted("etcd", () => etcdUp(sandbox)),
    bind: wanted("bind", () => bindUp(sandbox)),
    calico: wanted("calico", () => calicoUp(sandbox, hosts)),
  };
  const failures = new Set<string>();
  const reported = Object.entries(work).map(([part, promise]) =>
    promise.catch((error: unknown) => {
      // What waited for a failed part fails with the same reason.
      if (failures.has(reason(error))) return;
      failures.add(reason(error));
      sandbox.log(`${part} failed, the other parts go on: ${reason(error)}`);
    }),
  );
  await Promise.all(reported);
  if (failures.size > 0) {
    throw new SandboxError(`the sandbox '${sandbox.plan.name}' is not complete: ${[...failures].join("; ")}`);
  }
  return {
    redis: await work.redis,
    ...definedOf({
      hosts: await work.hosts,
      marathon: await work.marathon,
      openstack: await work.openstack,
      etcd: await work.etcd,
      bind: await work.bind,
      calico: (await work.calico)?.images,
      felix: (await work.calico)?.program,
    }),
  };
}

function definedOf<T extends object>(values: T): { [K in keyof T]?: NonNullable<T[K]> } {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: NonNullable<T[K]> };
}
