import { beforeAll, expect, inject } from "vitest";
import { waitUntilReady } from "./readiness";

/** Where the clouds' image is made of packages, on two cores that tests use too. */
const FIRST_START_MS = 3_600_000;

// Setup file of project e2e: its tests alone wait for what global-setup.ts has started.
beforeAll(async () => {
  const ofEngine = expect.getState().testPath?.includes("/test/engine/");
  await waitUntilReady(inject("readiness"), ofEngine ? "engine" : "sandbox");
}, FIRST_START_MS);
