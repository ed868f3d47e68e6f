/** How long a container may take to start: what is younger may just be in the making. */
const GRACE_MS = 60_000;

/** Whether an endpoint or an address is one that Docker could not clean up. `since` are milliseconds since 1970. */
export function isLeftOver(it: { readonly connected: boolean; readonly since: number }): boolean {
  return !it.connected && !(Date.now() - it.since < GRACE_MS);
}
