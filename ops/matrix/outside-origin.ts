import { createSocket } from "node:dgram";
import { connect } from "node:net";
import type { limit } from "./limit";
import { CONNECT_SECONDS, type Origin, type Target } from "./model";

/** Connects from where the command runs. */
export class OutsideOrigin implements Origin {
  constructor(private readonly limited: ReturnType<typeof limit>) {}

  connect(targets: readonly Target[]): Promise<boolean[]> {
    return Promise.all(targets.map((target) => this.limited(() => accepts(target))));
  }

  async close(): Promise<void> {}
}

function accepts({ address, port }: Target): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address, port, timeout: CONNECT_SECONDS * 1000 });
    const end = (accepted: boolean): void => {
      socket.destroy();
      resolve(accepted);
    };
    socket.once("connect", () => end(true));
    socket.once("timeout", () => end(false));
    socket.once("error", (error: NodeJS.ErrnoException) =>
      error.syscall === "getaddrinfo" ? reject(error) : end(false),
    );
  });
}

/** This machine's IPv4 address towards another one, found without sending anything; undefined if nothing leads there. */
export function ownAddress(to: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket("udp4");
    const end = (address?: string): void => {
      socket.close();
      resolve(address);
    };
    socket.once("error", () => end());
    socket.connect(9, to, () => end(socket.address().address));
  });
}
