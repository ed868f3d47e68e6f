import * as http from "node:http";
import { wallClock } from "./clock";

const HOSTS = ["127.0.1.1", "127.0.1.2", "127.0.1.3"];
const PORTS = [31_700, 31_701];
/** A run beside this one may hold the ports for as long as its scenario takes. */
const FREE_WITHIN = 120_000;

/** The HTTP servers of the simulated tasks that health and readiness checks ask; not ready at first. */
export class TaskServers {
  private ready = false;
  private readonly servers: http.Server[] = [];

  /** Listens on the agents' addresses. Throws if a port stays taken. */
  async start(): Promise<void> {
    for (const host of HOSTS) for (const port of PORTS) await this.listen(host, port);
  }

  /** From now on `/ready` answers 200 instead of 503. */
  turnReady(): void {
    this.ready = true;
  }

  async stop(): Promise<void> {
    for (const server of this.servers.splice(0)) {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    }
  }

  private async listen(host: string, port: number): Promise<void> {
    const end = wallClock.now() + FREE_WITHIN;
    for (;;) {
      const server = http.createServer((request, response) => {
        response.writeHead(request.url?.startsWith("/ready") && !this.ready ? 503 : 200).end("ok");
      });
      const failure = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
        server.once("error", resolve);
        server.listen(port, host, () => resolve(undefined));
      });
      if (!failure) {
        this.servers.push(server);
        return;
      }
      if (failure.code !== "EADDRINUSE" || wallClock.now() > end) throw failure;
      await wallClock.sleep(500);
    }
  }
}
