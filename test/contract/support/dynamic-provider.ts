import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { credentials, type Metadata } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { Properties } from "../../../providers/runtime/handler";

/** A failed call; `partial` is what the engine would store. */
export class CallFailure extends Error {
  constructor(
    message: string,
    readonly partial?: { readonly id: string; readonly properties: Properties; readonly reasons: readonly string[] },
  ) {
    super(message);
  }
}

/** The engine's provider process for dynamic resources, driven over gRPC as the engine does. */
export class DynamicProvider {
  /** Everything that the process printed: the user would see it. */
  output = "";
  readonly #process: ChildProcess;
  readonly #client: ResourceProviderClient;
  readonly #text: string;

  private constructor(child: ChildProcess, port: string, text: string) {
    this.#process = child;
    this.#client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
    this.#text = text;
    child.stdout?.on("data", (chunk) => (this.output += chunk));
    child.stderr?.on("data", (chunk) => (this.output += chunk));
  }

  /** @param text `__provider` of the resources. */
  static async start(text: string, config: Readonly<Record<string, string>>): Promise<DynamicProvider> {
    const main = createRequire(__filename).resolve("@pulumi/pulumi/cmd/dynamic-provider");
    const child = spawn(process.execPath, [main, "127.0.0.1:1"], { stdio: ["ignore", "pipe", "pipe"] });
    const [port] = await once(createInterface({ input: child.stdout }), "line");
    const provider = new DynamicProvider(child, port, text);
    const request = new messages.ConfigureRequest();
    request.setArgs(Struct.fromJavaScript({ ...config }));
    await provider.#call((done) => provider.#client.configure(request, done));
    return provider;
  }

  async stop(): Promise<void> {
    this.#client.close();
    const exit = once(this.#process, "exit");
    this.#process.kill();
    await exit;
  }

  async check(olds: Properties, news: Properties): Promise<{ inputs: Properties; failures: string[] }> {
    const request = new messages.CheckRequest();
    request.setOlds(this.#struct(olds));
    request.setNews(this.#struct(news));
    const response = await this.#call<messages.CheckResponse>((done) => this.#client.check(request, done));
    const failures = response.getFailuresList().map((item) => `${item.getProperty()} ${item.getReason()}`);
    return { inputs: plain(response.getInputs()), failures };
  }

  async diff(id: string, olds: Properties, news: Properties): Promise<{ changes: boolean; replaces: string[] }> {
    const request = new messages.DiffRequest();
    request.setId(id);
    request.setOlds(this.#struct(olds));
    request.setNews(this.#struct(news));
    const response = await this.#call<messages.DiffResponse>((done) => this.#client.diff(request, done));
    const { DIFF_UNKNOWN, DIFF_SOME } = messages.DiffResponse.DiffChanges;
    if (response.getChanges() === DIFF_UNKNOWN) throw new Error("diff left it to the engine to find out");
    return { changes: response.getChanges() === DIFF_SOME, replaces: response.getReplacesList() };
  }

  async create(inputs: Properties): Promise<{ id: string; outs: Properties }> {
    const request = new messages.CreateRequest();
    request.setProperties(this.#struct(inputs));
    const response = await this.#call<messages.CreateResponse>((done) => this.#client.create(request, done));
    return { id: response.getId(), outs: plain(response.getProperties()) };
  }

  /** Undefined if the provider says that the thing is gone. */
  async read(id: string, props: Properties): Promise<{ props: Properties; inputs: Properties } | undefined> {
    const request = new messages.ReadRequest();
    request.setId(id);
    request.setProperties(this.#struct(props));
    const response = await this.#call<messages.ReadResponse>((done) => this.#client.read(request, done));
    if (response.getId() === "") return undefined;
    return { props: plain(response.getProperties()), inputs: plain(response.getInputs()) };
  }

  async update(id: string, olds: Properties, news: Properties): Promise<Properties> {
    const request = new messages.UpdateRequest();
    request.setId(id);
    request.setOlds(this.#struct(olds));
    request.setNews(this.#struct(news));
    const response = await this.#call<messages.UpdateResponse>((done) => this.#client.update(request, done));
    return plain(response.getProperties());
  }

  async delete(id: string, props: Properties): Promise<void> {
    const request = new messages.DeleteRequest();
    request.setId(id);
    request.setProperties(this.#struct(props));
    await this.#call((done) => this.#client.delete(request, done));
  }

  #struct(properties: Properties): Struct {
    return Struct.fromJavaScript({ __provider: this.#text, ...properties } as Record<string, JavaScriptValue>);
  }

  #call<T>(
    send: (
      done: (error: { message: string; details?: string; metadata?: Metadata } | null, response: T) => void,
    ) => void,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      send((error, response) => (error ? reject(failureOf(error)) : resolve(response)));
    });
  }
}

function failureOf(error: { message: string; details?: string; metadata?: Metadata }): CallFailure {
  const trailer = error.metadata?.get("grpc-status-details-bin")[0];
  if (!(trailer instanceof Uint8Array)) return new CallFailure(error.details ?? error.message);
  const [detail] = Status.deserializeBinary(trailer).getDetailsList();
  const failed = messages.ErrorResourceInitFailed.deserializeBinary(detail?.getValue_asU8() ?? new Uint8Array());
  return new CallFailure(error.details ?? error.message, {
    id: failed.getId(),
    properties: plain(failed.getProperties()),
    reasons: failed.getReasonsList(),
  });
}

function plain(struct: Struct | undefined): Properties {
  return struct?.toJavaScript() ?? {};
}
