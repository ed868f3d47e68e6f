import { ensureBase } from "../../../sandbox/base";
import { ensureImage } from "../../../sandbox/build/image";
import { connectEngine, type Engine } from "../../../sandbox/engine/connect";

/** Making base and image from nothing takes minutes; each is made once. */
export const ENGINE_TIMEOUT = 900_000;

export interface TestEngine extends Engine {
  /** Image with socat as its entry point: a service, a health check and a probe in one. */
  readonly socat: string;
}

/** The Docker Engine that answers, else the sandbox's own, with the one image that most of these tests need. */
export async function testEngine(): Promise<TestEngine> {
  const engine = await connectEngine(log);
  return { ...engine, socat: await standIn(engine, "socat") };
}

/** One of the sandbox's images that need nothing but its base. */
export async function standIn(engine: Engine, name: "socat" | "haproxy"): Promise<string> {
  const base = await ensureBase(engine, log);
  return ensureImage(engine, { name, args: { BASE: base.tag }, labels: { "clocker.sandbox.stand-in": name } }, log);
}

function log(): void {}
