import type { AppSpec, Container, Labels, Network, PortDefinition } from "./app";
import { readApp, readAppUpdate } from "./app-schema";
import { invalidJson } from "./errors";
import type { Json } from "./json";
import { list, type Problem, type Reader } from "./schema";

type Legacy = {
  readonly ipAddress?: {
    readonly networkName?: string;
    readonly labels: Labels;
    readonly discovery?: {
      readonly ports: readonly {
        readonly number: number;
        readonly name: string;
        readonly protocol: string;
        readonly labels: Labels;
      }[];
    };
  };
  readonly ports?: readonly number[];
  readonly uris?: readonly string[];
  readonly version?: string;
};

type Unset = {
  readonly networks?: readonly Network[];
  readonly upgradeStrategy?: AppSpec["upgradeStrategy"];
  readonly unreachableStrategy?: AppSpec["unreachableStrategy"];
  readonly portDefinitions?: readonly PortDefinition[];
  readonly container?: Container;
};

/** An app as it was sent, with the defaults that need no context, old and new fields side by side. */
export type RawApp = Omit<AppSpec, keyof Unset> & Unset & Legacy;

/** A partial update as it was sent. */
export type RawUpdate = Partial<RawApp>;

/** Reads the body of a create. Throws ApiError 422 "Invalid JSON". */
export function parseApp(body: Json): RawApp {
  return read(readApp, body) as unknown as RawApp;
}

/** Reads the body of a merging PUT or PATCH. Throws ApiError 422 "Invalid JSON". */
export function parseUpdate(body: Json): RawUpdate {
  return read(readAppUpdate, body) as unknown as RawUpdate;
}

/** Reads a list of apps. Throws ApiError 422 "Invalid JSON". */
export function parseApps(body: Json): RawApp[] {
  return read(list(readApp), body) as unknown as RawApp[];
}

/** Reads a list of partial updates. Throws ApiError 422 "Invalid JSON". */
export function parseUpdates(body: Json): RawUpdate[] {
  return read(list(readAppUpdate), body) as unknown as RawUpdate[];
}

function read(reader: Reader, body: Json): Json | undefined {
  const problems: Problem[] = [];
  const value = reader(body, "", problems);
  if (problems.length > 0) throw invalidJson(problems);
  return value;
}
