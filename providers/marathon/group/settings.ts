import { once } from "../once";
import type { Operation } from "./group-inputs";
import { hasSettings } from "./live";
import { type GroupSettings, settingsOf } from "./tree";

/** Makes a group say this of itself, and makes it if there is none; its members stay as they are. */
export async function changeSettings(
  { client, deadline }: Operation,
  id: string,
  settings: GroupSettings,
): Promise<void> {
  const change = async () => Boolean(await client.changeGroup(id, settings, deadline));
  const changed = async () => {
    const live = await client.group(id, deadline);
    return live && hasSettings(settingsOf(live), settings) ? true : undefined;
  };
  await once(deadline, change, changed);
}
