import { ensureBase } from "../../../sandbox/base";
import { ensureImage } from "../../../sandbox/build/image";
import { connectEngine, type Engine } from "../../../sandbox/engine/connect";

/** Making base and image from nothing takes minutes; each is made once. */
export const ENGINE_TIMEOUT = 900_000;

export interface TestEngine extends Engine {
  /** Image with socat as its entry point: a service, a health check and a probe in one. */
  readonly socat: string;
}

/** The Docker Engine that answers, else the sandbox's own, with the one image that these tests need. */
export async function testEngine(): Promise<TestEngine> {
  const log = () => {};
  const engine = await connectEngine(log);
  const base = await ensureBase(engine, log);
  const labels = { "clocker.sandbox.stand-in": "socat" };
  const socat = await ensureImage(engine, { name: "socat", args: { BASE: base.tag }, labels }, log);
  return { ...engine, socat };
}
