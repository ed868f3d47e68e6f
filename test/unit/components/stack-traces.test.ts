import * as debuggable from "@pulumi/pulumi/runtime/debuggable";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { skipPromiseTraces } from "../../../components/stack-traces";

/** Pulumi's SDK leaves it out of its type declarations. */
const { debuggablePromise } = debuggable as unknown as {
  debuggablePromise: <T>(promise: Promise<T>, context: string) => Promise<T>;
};

const original = Error.prepareStackTrace;
const format = vi.fn((error: Error) => `mapped ${error.message}`);

beforeEach(() => {
  format.mockClear();
  Error.prepareStackTrace = format;
});

afterEach(() => {
  Error.prepareStackTrace = original;
  vi.unstubAllEnvs();
});

it("stack traces of Pulumi's promises are not mapped to sources, those of all other errors are", async () => {
  skipPromiseTraces();
  await debuggablePromise(Promise.resolve(), "a promise");
  expect(format).not.toHaveBeenCalled();
  expect(new Error("of the program").stack).toBe("mapped of the program");
});

it("who asks for promise leaks gets their stack traces", async () => {
  vi.stubEnv("PULUMI_DEBUG_PROMISE_LEAKS", "true");
  skipPromiseTraces();
  await debuggablePromise(Promise.resolve(), "a promise");
  expect(format).toHaveBeenCalled();
});
