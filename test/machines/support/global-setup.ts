import { findEngine } from "../../../sandbox/engine/connect";
import { machineHost, removeLeftOver, removeNetwork } from "./machine-host";

/** Makes the image, so that no test waits for it; in the end, removes what tests left. */
export async function setup(): Promise<() => Promise<void>> {
  await machineHost((line) => console.log(line));
  return async () => {
    const engine = await findEngine();
    if (!engine) return;
    await removeLeftOver(engine);
    await removeNetwork(engine);
  };
}
