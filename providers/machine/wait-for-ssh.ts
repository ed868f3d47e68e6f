import type { Deadline } from "../runtime/deadline";
import { HostKeyChanged, LoginRefused, SshSession, type SshTarget } from "./ssh";

const ATTEMPT_MS = 20_000;
const PAUSE_MS = 2_000;
/** A machine that boots may answer before its first-boot programs have created the user; after this a refusal is final. */
const REFUSALS_MS = 60_000;

/**
 * Logs in as soon as the machine lets us.
 * @throws Error at the deadline, naming the last obstacle; at once if the machine shows another host key than it had.
 */
export async function waitForSsh(target: SshTarget, deadline: Deadline): Promise<SshSession> {
  let obstacle: unknown;
  let firstRefusal: number | undefined;
  while (!deadline.expired) {
    try {
      return await SshSession.connect(target, Math.min(ATTEMPT_MS, deadline.remaining));
    } catch (error) {
      if (error instanceof HostKeyChanged) throw error;
      obstacle = error;
      if (error instanceof LoginRefused) {
        firstRefusal ??= performance.now();
        if (performance.now() - firstRefusal > REFUSALS_MS) break;
      } else {
        firstRefusal = undefined;
      }
      await deadline.sleep(PAUSE_MS);
    }
  }
  if (obstacle instanceof LoginRefused) {
    throw new Error(`${obstacle.message}: check the image's login user and that cloud-init installed the key`);
  }
  const reason = obstacle instanceof Error ? obstacle.message : "no attempt was possible";
  throw new Error(
    `no SSH at ${target.address} port ${target.port} within ${deadline.seconds} s: ${reason}. ` +
      "Check that the machine boots, that its security group admits the address from which Clocker runs (sshSources), or allow more time (start.timeout)",
  );
}
