import { expect } from "vitest";
import type { NameServerSettings } from "../../../providers/dns/network-settings";
import type { Properties } from "../../../providers/runtime/handler";
import { type CallFailure, DynamicProvider } from "./dynamic-provider";
import { providerText } from "./provider-text";

/** Inputs of a `dns.RecordSet`. */
export function record(name: string, type: string, values: readonly string[], ttl = 60) {
  return { name, type, values, ttl };
}

/** `dns.RecordSet` in the provider's process, with the key of one name server; nothing that it says may hold the key's secret. */
export class RecordProvider {
  readonly text: string;
  readonly process: DynamicProvider;
  readonly #secret: string;

  private constructor(process: DynamicProvider, text: string, secret: string) {
    this.process = process;
    this.text = text;
    this.#secret = secret;
  }

  static async start(settings: NameServerSettings): Promise<RecordProvider> {
    const { text } = await providerText("dns.RecordSet");
    const network = { dns: { domain: "apps.example.test", ttl: 60, ...settings } };
    const process = await DynamicProvider.start(text, { "clocker:network": JSON.stringify(network) });
    return new RecordProvider(process, text, settings.tsig.secret);
  }

  async stop(): Promise<void> {
    await this.process.stop();
    expect(this.process.output).not.toContain(this.#secret);
  }

  async create(inputs: Properties): Promise<{ id: string; outs: Properties }> {
    const checked = await this.process.check({}, inputs);
    expect(checked.failures).toEqual([]);
    return this.process.create(checked.inputs);
  }

  /** What a refresh stores; undefined if the record is gone. */
  async refresh(id: string, outs: Properties): Promise<Properties | undefined> {
    const read = await this.process.read(id, outs);
    expect(read?.inputs).toEqual(read?.props);
    return read?.props;
  }

  async failureOf(call: Promise<unknown>): Promise<CallFailure> {
    const failure = await call.then(
      () => Promise.reject(new Error("it did not fail")),
      (error: CallFailure) => error,
    );
    expect(JSON.stringify([failure.message, failure.partial])).not.toContain(this.#secret);
    return failure;
  }
}
