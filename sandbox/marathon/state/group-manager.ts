import { randomUUID } from "node:crypto";
import type { Deployments } from "../deploy/deployments";
import { makePlan, type Plan } from "../deploy/plan";
import type { EventBus } from "../events/bus";
import type { App } from "../model/app";
import { isInside } from "../model/path-id";
import { stampVersions } from "./app-versions";
import { Clock } from "./clock";
import { emptyRoot, putApp, type Root, removeApp } from "./root";
import { validateChanges, validateRoot } from "./root-rules";
import { assignServicePorts } from "./service-ports";

/** What a change may say besides the new root. */
export interface ChangeOptions {
  readonly force?: boolean;
  /** Apps that get a new version although they are equal. */
  readonly restarted?: ReadonlySet<string>;
  /** Instances to kill first, by app id. */
  readonly toKill?: ReadonlyMap<string, readonly string[]>;
}

export type RootChange = (root: Root, version: string) => Root;

/** How many versions of an app, and of the root, are kept. */
const KEPT_VERSIONS = 50;

/** Owns the group tree and its history; every change becomes a deployment. */
export class GroupManager {
  root: Root;
  readonly history: Root[] = [];
  /** All versions of each app, of deleted apps too, oldest first. */
  readonly appVersions = new Map<string, App[]>();
  private readonly clock = new Clock();

  constructor(
    private readonly deployments: Deployments,
    private readonly bus: EventBus,
    private readonly changed: () => void = () => {},
  ) {
    this.root = emptyRoot(this.clock.next());
  }

  /** Takes over the state of a former run. */
  restore(root: Root, history: readonly Root[], appVersions: ReadonlyMap<string, readonly App[]>): void {
    this.root = root;
    this.history.push(...history);
    for (const [id, versions] of appVersions) this.appVersions.set(id, [...versions]);
  }

  /** Makes the change and starts its deployment. Throws ApiError: 422 if the new root is not valid, 409 if it is locked. */
  update(change: RootChange, options: ChangeOptions = {}): Plan {
    const version = this.clock.next();
    try {
      const target = this.prepare(change, version, options.restarted);
      const plan = makePlan(randomUUID(), this.root, target, options.toKill);
      this.deployments.assertFree(plan, options.force ?? false);
      this.commit(target);
      this.deployments.start(plan);
      this.bus.publish("group_change_success", { groupId: "/", version });
      this.changed();
      return plan;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.bus.publish("group_change_failed", { groupId: "/", version, reason });
      throw error;
    }
  }

  /** The plan the change would get, every app it names counted as changed. Changes nothing. Throws as `update`. */
  dryRun(change: RootChange): Plan {
    const target = change(this.root, this.clock.next());
    validateRoot(target);
    return makePlan(randomUUID(), this.root, target);
  }

  /** A change that undoes what the plan did to the apps it touched. */
  reverting(plan: Plan): RootChange {
    return (root, version) => {
      let result = root;
      for (const [id, app] of plan.before) result = app ? putApp(result, app, version) : removeApp(result, id, version);
      const groups = new Map(result.groups);
      for (const group of plan.newGroups)
        if (![...result.apps.keys()].some((id) => isInside(id, group))) groups.delete(group);
      return { ...result, version, groups };
    };
  }

  /** The app as it was at that version, or undefined. */
  appAt(id: string, version: string): App | undefined {
    return this.appVersions.get(id)?.find((app) => app.version === version);
  }

  private prepare(change: RootChange, version: string, restarted: ReadonlySet<string> | undefined): Root {
    const proposed = change(this.root, version);
    const target = stampVersions(this.root, assignServicePorts(this.root, proposed), version, restarted);
    validateRoot(target);
    validateChanges(this.root, target);
    return target;
  }

  private commit(target: Root): void {
    for (const app of target.apps.values()) {
      if (this.root.apps.get(app.id) === app) continue;
      const versions = [...(this.appVersions.get(app.id) ?? []), app];
      this.appVersions.set(app.id, versions.slice(-KEPT_VERSIONS));
    }
    this.root = target;
    this.history.push(target);
    if (this.history.length > KEPT_VERSIONS) this.history.shift();
  }
}
