import { machineHost, removeLeftOver, removeNetwork } from "./machine-host";

/** Makes the image, so that no test waits for it, and removes what tests left. */
export async function setup(): Promise<() => Promise<void>> {
  const { engine } = await machineHost((line) => console.log(line));
  return async () => {
    await removeLeftOver(engine);
    await removeNetwork(engine);
  };
}
