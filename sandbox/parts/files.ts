import { ensureImage, type ImageSpec, imageTag } from "../build/image";
import { trustedAuthorities } from "../build/trust";
import { readFiles } from "../container-files";
import { ensureContainer } from "../containers";
import type { Sandbox } from "../sandbox";
import { reason, SandboxError } from "../sandbox-error";

/** The Redis that the sandbox made. */
export interface RedisBuild {
  readonly spec: ImageSpec;
  /** The version that was really made, e.g. `3.0.5`. */
  readonly version: string;
  /** A tar.gz with `redis-<version>/redis-server` and `redis-cli`. */
  readonly archiveUrl: string;
}

/** Makes Redis and starts the server of its archive. */
export async function filesUp(sandbox: Sandbox): Promise<RedisBuild> {
  const { engine, plan, base, log } = sandbox;
  const redis = await makeRedis(sandbox);
  const image = await ensureImage(
    engine,
    { name: "files", args: { BASE: base.tag, REDIS: await imageTag(redis) } },
    log,
  );
  const container = await ensureContainer(engine, plan, { part: "files", image }, log);
  const www = await readFiles(container, "/www");
  const archive = [...(www?.keys() ?? [])]
    .map((file) => /^www\/(redis-(.+)-linux-.+\.tar\.gz)$/.exec(file))
    .find(Boolean);
  if (!archive?.[1] || !archive[2])
    throw new SandboxError(`the image ${image} holds no Redis archive; remove it and try again`);
  return { spec: redis, version: archive[2], archiveUrl: `http://${plan.address.files}/${archive[1]}` };
}

/** Redis 3.0.5 from the source in a package of PyPI; without a way there, the version of Debian. */
async function makeRedis({ engine, base, log }: Sandbox): Promise<ImageSpec> {
  const ambient = [await trustedAuthorities()];
  const spec = (source: string): ImageSpec => ({
    name: "redis",
    args: { BASE: base.tag, SOURCE: source },
    labels: { "clocker.sandbox.stand-in": "redis" },
    ambient,
    expected: "compiled from source, 1 min",
  });
  try {
    await ensureImage(engine, spec("pypi"), log);
    return spec("pypi");
  } catch (error) {
    log(`Redis 3.0.5 cannot be made, Debian's version takes its place: ${reason(error).split("\n")[0]}`);
    await ensureImage(engine, spec("debian"), log);
    return spec("debian");
  }
}
