import type Docker from "dockerode";
import type { AddressPlan } from "./address-plan";
import type { BaseImage } from "./base";
import type { Engine } from "./engine/connect";
import type { Log } from "./progress";

/** What the parts of a sandbox are made with. */
export interface Sandbox {
  readonly plan: AddressPlan;
  readonly engine: Engine;
  readonly base: BaseImage;
  readonly log: Log;
  /** Rights for containers that run containers or machines; the engine is asked once. */
  readonly privileges: () => Promise<Docker.HostConfig>;
  /** Path of the Felix program; compiled on the first call, once. */
  readonly felix: () => Promise<string>;
}
