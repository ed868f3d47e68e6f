import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import type { ContainerCreateOptions } from "dockerode";
import { extract } from "tar-stream";

export interface FakeContainer {
  readonly id: string;
  readonly name: string;
  readonly imageId: string;
  readonly options: ContainerCreateOptions;
  /** Path to mode and content. */
  readonly files: Map<string, { readonly mode: number | undefined; readonly content: string }>;
  running: boolean;
}

type Answer = { readonly status: number; readonly body?: unknown };

/**
 * What of a Docker Engine's API makes, starts and removes containers, for hosts whose containers are to run nothing. Images are there
 * by name; commands inside a container that runs succeed unless it is told otherwise.
 */
export class FakeDocker {
  /** Ids by name. */
  readonly images = new Map<string, string>();
  readonly volumes = new Set<string>();
  /** Names of containers inside which every command fails. */
  readonly broken = new Set<string>();
  /** What a path begins with, to the answer that it gets instead. */
  readonly failures = new Map<string, Answer>();
  readonly #containers = new Map<string, FakeContainer>();
  readonly #server: Server;
  #count = 0;
  #port = 0;

  private constructor() {
    this.#server = createServer((request, response) => {
      this.#answer(request).then(
        (answer) => send(response, answer),
        (error: unknown) => send(response, { status: 500, body: { message: String(error) } }),
      );
    });
  }

  static async start(...images: readonly string[]): Promise<FakeDocker> {
    const engine = new FakeDocker();
    for (const image of images) engine.images.set(image, `sha256:${image}`);
    engine.#server.listen(0, "127.0.0.1");
    await once(engine.#server, "listening");
    const address = engine.#server.address();
    engine.#port = typeof address === "object" && address !== null ? address.port : 0;
    return engine;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  get url(): string {
    return `tcp://127.0.0.1:${this.#port}`;
  }

  get containers(): readonly FakeContainer[] {
    return [...this.#containers.values()];
  }

  container(name: string): FakeContainer {
    const found = this.#find(name);
    if (!found) throw new Error(`no container ${name}`);
    return found;
  }

  create(name: string, options: ContainerCreateOptions): FakeContainer {
    const id = `c${++this.#count}`;
    const imageId = this.images.get(options.Image ?? "") ?? "";
    const made = { id, name, imageId, options, files: new Map(), running: false };
    this.#containers.set(id, made);
    return made;
  }

  halt(name: string): void {
    this.container(name).running = false;
  }

  /** Everything but the images. */
  clear(): void {
    this.#containers.clear();
    this.volumes.clear();
  }

  #find(reference: string): FakeContainer | undefined {
    return this.containers.find(({ id, name }) => id === reference || name === reference);
  }

  async #answer(request: IncomingMessage): Promise<Answer> {
    const url = new URL(request.url ?? "", "http://engine");
    const path = decodeURIComponent(url.pathname).replace(/^\/v\d+\.\d+/, "");
    const body = await buffer(request);
    const failure = [...this.failures].find(([start]) => `${request.method} ${path}`.startsWith(start));
    if (failure) return failure[1];
    const [, collection = "", ...rest] = path.split("/");
    if (collection === "images") return this.#image(rest.slice(0, -1).join("/"));
    if (collection === "volumes") return { status: this.volumes.delete(rest.join("/")) ? 204 : 404 };
    if (collection === "exec") return this.#exec(rest);
    if (rest[0] === "create") return this.#create(url.searchParams.get("name"), body);
    const [reference = "", action = ""] = rest;
    const found = this.#find(reference);
    if (!found) return { status: 404, body: { message: `No such container: ${reference}` } };
    return this.#act(`${request.method} ${action}`, found, body);
  }

  #image(name: string): Answer {
    const id = this.images.get(name);
    return id === undefined
      ? { status: 404, body: { message: `No such image: ${name}` } }
      : { status: 200, body: { Id: id, Config: { Env: [] } } };
  }

  #create(name: string | null, body: Buffer): Answer {
    if (name !== null && this.#find(name)) return { status: 409, body: { message: `name ${name} is in use` } };
    const options = JSON.parse(body.toString()) as ContainerCreateOptions;
    for (const mount of options.HostConfig?.Mounts ?? []) if (mount.Type === "volume") this.volumes.add(mount.Source);
    return { status: 201, body: { Id: this.create(name ?? "", options).id } };
  }

  async #act(action: string, container: FakeContainer, body: Buffer): Promise<Answer> {
    const { running, id } = container;
    switch (action) {
      case "GET json":
        return { status: 200, body: inspected(container) };
      case "PUT archive":
        return { status: 200, body: await unpack(body, container) };
      case "POST start":
        container.running = true;
        return { status: running ? 304 : 204 };
      case "POST stop":
        container.running = false;
        return { status: running ? 204 : 304 };
      case "POST wait":
        return { status: 200, body: { StatusCode: 0 } };
      case "POST exec":
        return running ? { status: 201, body: { Id: id } } : { status: 409, body: { message: "is not running" } };
      case "GET logs":
        return { status: 200 };
      case "DELETE ":
        this.#containers.delete(id);
        return { status: 204 };
      default:
        return { status: 501, body: { message: `${action} is not there` } };
    }
  }

  #exec([id = "", action]: readonly string[]): Answer {
    if (action === "start") return { status: 200 };
    return { status: 200, body: { ExitCode: this.broken.has(this.#find(id)?.name ?? "") ? 1 : 0 } };
  }
}

function inspected({ id, name, imageId, options, running }: FakeContainer): object {
  return {
    Id: id,
    Name: `/${name}`,
    Image: imageId,
    Config: { Labels: options.Labels ?? {}, Env: options.Env ?? [] },
    State: { Running: running, Status: running ? "running" : "exited" },
  };
}

async function unpack(body: Buffer, { files }: FakeContainer): Promise<object> {
  const archive = extract();
  archive.end(body);
  for await (const entry of archive) {
    const content = (await buffer(entry)).toString();
    files.set(`/${entry.header.name}`, { mode: entry.header.mode, content });
  }
  return {};
}

function send(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}
