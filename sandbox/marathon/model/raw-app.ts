import type { AppSpec, Container, Network, PortDefinition } from "./app";
import { readApp, readAppUpdate } from "./app-schema";
import { invalidJson } from "./errors";
import type { Json } from "./json";
import type { Problem } from "./schema";

type Legacy = {
  readonly ipAddress?: {
    readonly networkName?: string;
    readonly labels: { readonly [key: string]: string };
    readonly discovery?: {
      readonly ports: readonly { readonly number: number; readonly name: string; readonly protocol: string }[];
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
  const problems: Problem[] = [];
  const app = readApp(body, "", problems);
  if (problems.length > 0) throw invalidJson(problems);
  return app as unknown as RawApp;
}

/** Reads the body of a merging PUT or PATCH. Throws ApiError 422 "Invalid JSON". */
export function parseUpdate(body: Json): RawUpdate {
  const problems: Problem[] = [];
  const update = readAppUpdate(body, "", problems);
  if (problems.length > 0) throw invalidJson(problems);
  return update as unknown as RawUpdate;
}
