import { afterAll, beforeAll } from "vitest";
import { EtcdClient, type EtcdSettings } from "../../../providers/calico/etcd-client";
import { ResourceStore } from "../../../providers/calico/resource-store";
import type { Kind } from "../../../providers/handlers";
import type { Properties } from "../../../providers/runtime/handler";
import { type CallFailure, DynamicProvider } from "./dynamic-provider";
import { EtcdServer } from "./etcd-server";
import { providerText } from "./provider-text";

const RESOURCES = "/calico/resources/v3/projectcalico.org/";

export interface Created {
  readonly id: string;
  readonly inputs: Properties;
  readonly outs: Properties;
}

/** One kind of resource in the provider's process, and the etcd behind it as somebody else sees it. */
export class CalicoProvider {
  readonly client: EtcdClient;
  readonly store: ResourceStore;
  readonly #process: DynamicProvider;
  readonly #texts = new Map<Kind, string>();

  private constructor(process: DynamicProvider, client: EtcdClient) {
    this.#process = process;
    this.client = client;
    this.store = new ResourceStore(client);
  }

  /**
   * @param direct how the test itself reaches the same etcd
   * @param more the rest of the stack's configuration
   */
  static async start(
    etcd: EtcdSettings,
    direct: EtcdSettings = etcd,
    more: Readonly<Record<string, string>> = {},
  ): Promise<CalicoProvider> {
    const config = { ...more, "clocker:network": JSON.stringify({ calico: { etcd, pool: "198.18.0.0/16" } }) };
    const { text } = await providerText("calico.Tier");
    return new CalicoProvider(await DynamicProvider.start(text, config), new EtcdClient(direct));
  }

  async stop(): Promise<void> {
    this.client.close();
    await this.#process.stop();
  }

  /** Everything that the user would see. */
  get output(): string {
    return this.#process.output;
  }

  /** What `<plural>/<name>` holds. */
  async stored(key: string): Promise<Properties | undefined> {
    return (await this.client.get(RESOURCES + key))?.value as Properties | undefined;
  }

  /** Metadata of what a key holds; empty if there is nothing. */
  async metadataOf(key: string): Promise<Properties> {
    return ((await this.stored(key))?.["metadata"] ?? {}) as Properties;
  }

  /** Somebody else writes a key, whatever it holds. */
  async edit(key: string, change: (value: Properties) => unknown): Promise<void> {
    await this.client.commit([], [{ put: RESOURCES + key, value: change((await this.stored(key)) ?? {}) }]);
  }

  async of(kind: Kind): Promise<CalicoKindProvider> {
    const text = this.#texts.get(kind) ?? (await providerText(kind)).text;
    this.#texts.set(kind, text);
    return new CalicoKindProvider(this.#process, text);
  }
}

export class CalicoKindProvider {
  readonly #process: DynamicProvider;
  readonly #text: string;

  constructor(process: DynamicProvider, text: string) {
    this.#process = process;
    this.#text = text;
  }

  async check(args: Properties): Promise<{ inputs: Properties; failures: string[] }> {
    return this.#process.check({}, this.#with(args));
  }

  /** Inputs that a preview takes without complaint. */
  async checked(args: Properties): Promise<Properties> {
    const { inputs, failures } = await this.check(args);
    if (failures.length > 0) throw new Error(`refused: ${failures.join("; ")}`);
    return inputs;
  }

  async create(args: Properties): Promise<Created> {
    const inputs = await this.checked(args);
    return { inputs, ...(await this.#process.create(this.#with(inputs))) };
  }

  async diff({ id, outs }: Created, args: Properties) {
    return this.#process.diff(id, outs, this.#with((await this.check(args)).inputs));
  }

  async update({ id, outs }: Created, args: Properties): Promise<Created> {
    const inputs = await this.checked(args);
    return { id, inputs, outs: await this.#process.update(id, outs, this.#with(inputs)) };
  }

  /** Undefined if it is gone. */
  async refresh({ id, outs }: Created): Promise<Created | undefined> {
    const seen = await this.#process.read(id, outs);
    return seen && { id, inputs: seen.inputs, outs: seen.props };
  }

  async delete({ id, outs }: Created): Promise<void> {
    await this.#process.delete(id, outs);
  }

  #with(properties: Properties): Properties {
    return { ...properties, __provider: this.#text };
  }
}

/** Starts an etcd and a provider on it for the tests of a file, and stops them after these. */
export function useCalico(take: (started: { etcd: EtcdServer; calico: CalicoProvider }) => void): void {
  let etcd: EtcdServer | undefined;
  let calico: CalicoProvider | undefined;

  beforeAll(async () => {
    etcd = await EtcdServer.start();
    calico = await CalicoProvider.start({ endpoints: [etcd.endpoint] });
    take({ etcd, calico });
  });

  afterAll(async () => {
    await calico?.stop();
    await etcd?.stop();
  });
}

/** Inputs of one resource. */
export function args(metadata: Properties, spec: unknown, more: Properties = {}): Properties {
  return { metadata, spec, owner: `shop/test/${metadata["name"]}`, ...more };
}

let count = 0;
/** A name that no other test of the same file has. */
export function unique(base: string): string {
  return `${base}-${++count}`;
}

/** The failure of a call that must fail. */
export async function failureOf(call: Promise<unknown>): Promise<CallFailure> {
  return call.then(
    () => {
      throw new Error("the call succeeded");
    },
    (failure) => failure,
  );
}
