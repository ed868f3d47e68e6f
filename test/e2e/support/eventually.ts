import { setTimeout as sleep } from "node:timers/promises";

/** Waits until the condition holds. @throws Error naming the claim after that many seconds. */
export async function eventually(condition: () => Promise<boolean>, claim: string, seconds: number): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (!(await condition())) {
    if (Date.now() > deadline) {
      throw new Error(`not within ${seconds} s: ${claim}`);
    }
    await sleep(500);
  }
}
