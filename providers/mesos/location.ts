import type { MarathonSettings } from "../marathon/location";

/** What finding Marathon needs of a location: base URLs of the Mesos masters, and `ca` for them and Marathon alike. */
export interface MesosSettings extends Pick<MarathonSettings, "framework" | "masterAuth" | "auth" | "ca"> {
  readonly masters: readonly string[];
}
