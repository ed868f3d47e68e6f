import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Plan } from "../deploy/plan";
import type { App } from "../model/app";
import type { JsonObject } from "../model/json";
import type { Instance } from "../tasks/instance";
import type { Group, Root } from "./root";

/** All that outlives a restart of the server. */
export interface Snapshot {
  readonly frameworkId: string;
  readonly root: Root;
  readonly history: readonly Root[];
  readonly appVersions: ReadonlyMap<string, readonly App[]>;
  readonly instances: readonly Instance[];
  readonly failures: ReadonlyMap<string, JsonObject>;
  readonly plans: readonly Plan[];
}

const FORMAT = 1;
const DELAY_MS = 100;
/** Versions of the root that outlive a restart; the rest is only of use while the server runs. */
const KEPT_ROOTS = 10;

/** Keeps a snapshot in `state.json` of a folder, written as a whole or not at all. */
export class Store {
  private timer: NodeJS.Timeout | undefined;
  private readonly file: string;

  constructor(
    folder: string,
    private readonly snapshot: () => Snapshot,
  ) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.file = join(folder, "state.json");
  }

  /** Writes soon; many changes in a row are written once. */
  changed(): void {
    this.timer ??= setTimeout(() => this.write(), DELAY_MS);
  }

  write(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const temporary = `${this.file}.new`;
    writeFileSync(temporary, JSON.stringify(encode(this.snapshot())), { mode: 0o600 });
    renameSync(temporary, this.file);
  }
}

/** Reads what a former server left in the folder. Throws an Error if the file is not of this format. */
export function readSnapshot(folder: string): Snapshot | undefined {
  const file = join(folder, "state.json");
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
  const stored = JSON.parse(text) as Stored;
  if (stored.format !== FORMAT)
    throw new Error(
      `${file} has format ${stored.format}, but this server reads ${FORMAT}; move the file away to start anew.`,
    );
  return decode(stored);
}

/** Roots of the history name their apps by version only, since `appVersions` holds them. */
interface StoredRoot {
  readonly version: string;
  readonly apps: readonly (readonly [string, string])[];
  readonly groups: readonly Group[];
}

interface Stored {
  readonly format: number;
  readonly frameworkId: string;
  readonly root: StoredRoot;
  readonly history: readonly StoredRoot[];
  readonly appVersions: readonly (readonly [string, readonly App[]])[];
  readonly instances: readonly Instance[];
  readonly failures: readonly (readonly [string, JsonObject])[];
  readonly plans: readonly (Omit<Plan, "before"> & { before: readonly (readonly [string, App | null])[] })[];
}

function encode(snapshot: Snapshot): Stored {
  const root = ({ version, apps, groups }: Root): StoredRoot => ({
    version,
    apps: [...apps].map(([id, app]) => [id, app.version] as const),
    groups: [...groups.values()],
  });
  return {
    format: FORMAT,
    frameworkId: snapshot.frameworkId,
    root: root(snapshot.root),
    history: snapshot.history.slice(-KEPT_ROOTS).map(root),
    appVersions: [...snapshot.appVersions],
    instances: snapshot.instances,
    failures: [...snapshot.failures],
    plans: snapshot.plans.map((plan) => ({
      ...plan,
      before: [...plan.before].map(([id, app]) => [id, app ?? null] as const),
    })),
  };
}

function decode(stored: Stored): Snapshot {
  const appVersions = new Map(stored.appVersions);
  const root = ({ version, apps, groups }: StoredRoot): Root => ({
    version,
    apps: new Map(
      apps.flatMap(([id, at]) => {
        const app = appVersions.get(id)?.find((candidate) => candidate.version === at);
        return app ? [[id, app] as const] : [];
      }),
    ),
    groups: new Map(groups.map((group) => [group.id, group])),
  });
  return {
    frameworkId: stored.frameworkId,
    root: root(stored.root),
    history: stored.history.map(root),
    appVersions,
    instances: stored.instances,
    failures: new Map(stored.failures),
    plans: stored.plans.map((plan) => ({
      ...plan,
      before: new Map(plan.before.map(([id, app]) => [id, app ?? undefined])),
    })),
  };
}
