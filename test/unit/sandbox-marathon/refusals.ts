import { expect } from "vitest";
import { ApiError } from "../../../sandbox/marathon/model/errors";
import type { Json } from "../../../sandbox/marathon/model/json";
import { createdApp } from "../../../sandbox/marathon/model/update-app";

/** Errors by path. */
export type Details = Readonly<Record<string, readonly string[]>>;

const FEATURES = ["secrets", "external_volumes", "gpu_resources"];

/** What the server makes of an app that is to be created, as the API shows it; throws what it would answer. */
export function create(body: unknown, features: readonly string[] = FEATURES, defaultNetworkName?: string) {
  const normalisation = defaultNetworkName === undefined ? {} : { defaultNetworkName };
  return createdApp(body as Json, normalisation, { features: new Set(features) });
}

/** The answer to something that is refused. */
export function refusal(action: () => unknown): { status: number; message: unknown; details: Details | string } {
  try {
    action();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const { message, details } = error.body as { message: string; details?: unknown };
    return { status: error.status, message, details: byPath(details) };
  }
  throw new Error("was accepted");
}

export function expectInvalidJson(action: () => unknown, details: Details): void {
  expect(refusal(action)).toEqual({ status: 422, message: "Invalid JSON", details });
}

export function expectNotValid(action: () => unknown, details: Details): void {
  expect(refusal(action)).toEqual({ status: 422, message: "Object is not valid", details });
}

function byPath(details: unknown): Details | string {
  if (!Array.isArray(details)) return String(details);
  const list = details as readonly { path: string; errors: string[] }[];
  return Object.fromEntries(list.map(({ path, errors }) => [path, errors]));
}
