import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { limit } from "../../../ops/matrix/limit";

test("never runs more at a time, runs everything, and goes on after failures", async () => {
  const limited = limit(3);
  let running = 0;
  let most = 0;
  const work = Array.from({ length: 20 }, (_, index) =>
    limited(async () => {
      running++;
      most = Math.max(most, running);
      await sleep(1);
      running--;
      if (index % 5 === 0) throw new Error(`no ${index}`);
      return index;
    }),
  );
  const results = await Promise.allSettled(work);
  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(16);
  expect(most).toBe(3);
});
