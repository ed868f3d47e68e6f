import type { Run } from "./command";

const HOST_MAC = "ee:ee:ee:ee:ee:ee";

/** The host's end of an endpoint's pair of interfaces, as Felix looks for it: `cali` and part of the endpoint's id. */
export function hostInterface(endpointId: string): string {
  return `cali${endpointId.slice(0, 11)}`;
}

/** First name of the container's end, until Docker moves it into the container. */
export function innerInterface(endpointId: string): string {
  return `tmp${endpointId.slice(0, 11)}`;
}

/** Pairs of interfaces between host and container. */
export class Veths {
  readonly #run: Run;
  readonly #mtu: string;

  constructor(run: Run, mtu: number) {
    this.#run = run;
    this.#mtu = String(mtu);
  }

  /** Makes the pair anew, both ends on the host. */
  async create(endpointId: string): Promise<void> {
    const [host, inner] = [hostInterface(endpointId), innerInterface(endpointId)];
    await this.remove(endpointId);
    await this.#run("ip", [
      ...["link", "add", host, "mtu", this.#mtu, "address", HOST_MAC, "type", "veth"],
      ...["peer", "name", inner, "mtu", this.#mtu],
    ]);
    await this.#run("ip", ["link", "set", host, "up"]);
  }

  async remove(endpointId: string): Promise<void> {
    const host = hostInterface(endpointId);
    if ((await this.#names()).has(host)) {
      // The other end may be going with its container at this moment.
      await this.#run("ip", ["link", "delete", host]).catch(async (error) => {
        if ((await this.#names()).has(host)) throw error;
      });
    }
  }

  /** Tells of an endpoint whether a container holds its inner end: Docker moves that back when it ends a container. */
  async connected(): Promise<(endpointId: string) => boolean> {
    const names = await this.#names();
    return (id) => names.has(hostInterface(id)) && !names.has(innerInterface(id));
  }

  async #names(): Promise<Set<string>> {
    const output = await this.#run("ip", ["-o", "link", "show", "type", "veth"]);
    return new Set([...output.matchAll(/^\d+: ([^:@\s]+)/gm)].map(([, name]) => name ?? ""));
  }
}
