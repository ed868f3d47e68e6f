import type { App } from "../model/app";

/** Launch delays of apps whose tasks fail, by app id and configuration. Times in milliseconds since 1970. */
export class Backoff {
  private readonly delays = new Map<string, { config: string; seconds: number; until: number }>();

  /** Until when no task of the app may start, or undefined without a delay. */
  until(app: App): number | undefined {
    const delay = this.delays.get(app.id);
    return delay?.config === configOf(app) ? delay.until : undefined;
  }

  isOpen(app: App): boolean {
    return (this.until(app) ?? 0) <= Date.now();
  }

  /** Lengthens the delay after a failure: first `backoffSeconds`, then times `backoffFactor`, at most `maxLaunchDelaySeconds`. */
  failed(app: App): void {
    const known = this.delays.get(app.id);
    const forgotten = known && known.until + app.maxLaunchDelaySeconds * 1000 < Date.now();
    const previous = known?.config === configOf(app) && !forgotten ? known.seconds : undefined;
    const next = previous === undefined ? app.backoffSeconds : previous * app.backoffFactor;
    const seconds = Math.min(next, app.maxLaunchDelaySeconds);
    this.delays.set(app.id, { config: configOf(app), seconds, until: Date.now() + seconds * 1000 });
  }

  reset(appId: string): void {
    this.delays.delete(appId);
  }
}

function configOf(app: App): string {
  return app.versionInfo?.lastConfigChangeAt ?? app.version;
}
