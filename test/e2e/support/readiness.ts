import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { reason } from "../../../sandbox/sandbox-error";

const READY = "ready";

/** Tells test files, which run in processes of their own, when what they need is there. */
export class Readiness {
  private readonly told = new Set<string>();
  private readonly waiting = new Set<Socket>();
  private readonly server = createServer({ allowHalfOpen: true }, (socket) => {
    this.waiting.add(socket);
    socket.on("error", () => undefined);
    socket.once("close", () => this.waiting.delete(socket));
    let need = "";
    socket.setEncoding("utf8").on("data", (part: string) => {
      need += part;
    });
    socket.once("end", () => void this.answer(socket, need));
  });

  private constructor(
    private readonly folder: string,
    private readonly needs: Readonly<Record<string, Promise<unknown>>>,
  ) {}

  /** @param needs What can be waited for; why one failed is told to the first that waits for it. */
  static async open(needs: Readonly<Record<string, Promise<unknown>>>): Promise<Readiness> {
    // Nobody may wait for one that fails.
    for (const need of Object.values(needs)) need.catch(() => undefined);
    const readiness = new Readiness(await mkdtemp(path.join(tmpdir(), "clocker-tests-")), needs);
    readiness.server.listen(readiness.address);
    await once(readiness.server, "listening");
    return readiness;
  }

  /** Path of the socket to ask at. */
  get address(): string {
    return path.join(this.folder, "readiness.sock");
  }

  /** Whoever still waits hears that it will not come. */
  async close(): Promise<void> {
    for (const socket of this.waiting) socket.destroy();
    this.server.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  private async answer(socket: Socket, need: string): Promise<void> {
    const outcome = await (this.needs[need]?.then(() => READY, reason) ?? `there is no '${need}' to wait for`);
    const known = outcome !== READY && this.told.has(outcome);
    this.told.add(outcome);
    socket.end(known ? `the ${need} is not there: the first test file that needed it says why` : outcome);
  }
}

/** Waits for what the process of `address` makes. @throws Error with the reason if it could not be made. */
export async function waitUntilReady(address: string, need: string): Promise<void> {
  const socket = connect(address);
  socket.end(need);
  const outcome = await text(socket);
  if (outcome !== READY) throw new Error(outcome || `the tests ended before the ${need} was there`);
}
