import { describe, expect, it, vi } from "vitest";
import { Readiness, waitUntilReady } from "../e2e/support/readiness";

describe("what end-to-end tests wait for", () => {
  it("is told to all that wait when it is there, and at once afterwards", async () => {
    const { promise, resolve } = deferred();
    const readiness = await Readiness.open({ engine: promise });
    let there = false;
    const waiting = [1, 2].map(async () => {
      await waitUntilReady(readiness.address, "engine");
      return there;
    });
    await new Promise(setImmediate);
    there = true;
    resolve();
    expect(await Promise.all(waiting)).toEqual([true, true]);
    await waitUntilReady(readiness.address, "engine");
    await readiness.close();
  });

  it("tells once why it failed, and what does not depend on it is there", async () => {
    const readiness = await Readiness.open({
      engine: Promise.resolve(),
      sandbox: Promise.reject(new Error("no disk")),
    });
    await expect(waitUntilReady(readiness.address, "sandbox")).rejects.toThrow(/^no disk$/);
    const again = "the sandbox is not there: the first test file that needed it says why";
    await expect(waitUntilReady(readiness.address, "sandbox")).rejects.toThrow(again);
    await waitUntilReady(readiness.address, "engine");
    await readiness.close();
  });

  it("is given up by those that wait when the tests end", async () => {
    const never = new Promise<void>(() => undefined);
    const readiness = await Readiness.open({ sandbox: never });
    const asked = vi.spyOn(never, "then");
    const refused = expect(waitUntilReady(readiness.address, "sandbox")).rejects.toThrow("the tests ended before");
    await vi.waitFor(() => expect(asked).toHaveBeenCalled(), { timeout: 10_000 });
    await readiness.close();
    await refused;
  });
});

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
