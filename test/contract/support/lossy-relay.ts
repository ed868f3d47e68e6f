import { createSocket, type Socket as UdpSocket } from "node:dgram";
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

const ADDRESS = "127.0.0.1";

interface Losses {
  /** Updates (they come over TCP) reach the server; its answers do not come back. */
  readonly answersToUpdates?: boolean;
  /** After the first such answer queries are lost too. */
  readonly everythingAfterUpdates?: boolean;
}

/** Stands before a name server on the same port of UDP and TCP and loses answers, as a network in trouble does. */
export class LossyRelay {
  readonly port: number;
  #losses: Losses = {};
  #updated = false;
  readonly #target: number;
  readonly #tcp: Server;
  readonly #udp: UdpSocket;
  readonly #open = new Set<Socket>();

  private constructor(target: number, tcp: Server, udp: UdpSocket) {
    this.#target = target;
    this.#tcp = tcp;
    this.#udp = udp;
    this.port = udp.address().port;
    tcp.on("connection", (client) => this.#relayUpdate(client));
    udp.on("message", (message, { port }) => this.#relayQuery(message, port));
  }

  static async start(target: number): Promise<LossyRelay> {
    for (;;) {
      const udp = createSocket("udp4").bind(0, ADDRESS);
      await once(udp, "listening");
      const tcp = createServer();
      const listening = await new Promise<boolean>((resolve) => {
        tcp.once("error", () => resolve(false));
        tcp.listen(udp.address().port, ADDRESS, () => resolve(true));
      });
      if (listening) return new LossyRelay(target, tcp, udp);
      udp.close();
    }
  }

  lose(losses: Losses): void {
    this.#losses = losses;
    this.#updated = false;
  }

  async stop(): Promise<void> {
    this.#udp.close();
    for (const socket of this.#open) socket.destroy();
    this.#tcp.close();
    await once(this.#tcp, "close");
  }

  #relayUpdate(client: Socket): void {
    const server = connect(this.#target, ADDRESS);
    for (const socket of [client, server]) {
      this.#open.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => {
        this.#open.delete(socket);
        client.destroy();
        server.destroy();
      });
    }
    client.pipe(server);
    server.on("data", (answer) => {
      if (!this.#losses.answersToUpdates) return client.write(answer);
      this.#updated = true;
      client.destroy();
    });
  }

  #relayQuery(query: Buffer, from: number): void {
    if (this.#losses.everythingAfterUpdates && this.#updated) return;
    const socket = createSocket("udp4");
    socket.on("message", (answer) => {
      this.#udp.send(answer, from, ADDRESS);
      socket.close();
    });
    socket.send(query, this.#target, ADDRESS);
  }
}
