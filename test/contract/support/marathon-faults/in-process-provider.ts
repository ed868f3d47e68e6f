import { callHandler, type Method } from "../../../../providers/runtime/dispatch";
import type { Handler, Properties } from "../../../../providers/runtime/handler";
import { PartialFailure } from "../../../../providers/runtime/partial-failure";
import { CallFailure } from "../dynamic-provider";
import type { Provider } from "./engine-stand-in";

/** A handler called as its process calls it, without the process: many of them run side by side. */
export class InProcessProvider implements Provider {
  readonly #handler: Handler;
  readonly #config: Readonly<Record<string, string>>;

  constructor(handler: Handler, config: Readonly<Record<string, string>>) {
    this.#handler = handler;
    this.#config = config;
  }

  async check(olds: Properties, news: Properties): Promise<{ inputs: Properties; failures: string[] }> {
    const { inputs, failures } = (await this.#call("check", olds, news)) as Awaited<ReturnType<Handler["check"]>>;
    return { inputs, failures: failures.map(({ property, reason }) => `${property} ${reason}`) };
  }

  async diff(id: string, olds: Properties, news: Properties): Promise<{ changes: boolean; replaces: string[] }> {
    const { changes, replaces } = (await this.#call("diff", id, olds, news)) as Awaited<ReturnType<Handler["diff"]>>;
    return { changes, replaces: [...(replaces ?? [])] };
  }

  async create(inputs: Properties): Promise<{ id: string; outs: Properties }> {
    return (await this.#call("create", inputs)) as { id: string; outs: Properties };
  }

  async read(id: string, props: Properties): Promise<{ props: Properties; inputs: Properties } | undefined> {
    const read = (await this.#call("read", id, props)) as { id: string; props: Properties; inputs?: Properties };
    return read.id === "" ? undefined : { props: read.props, inputs: read.inputs ?? {} };
  }

  async update(id: string, olds: Properties, news: Properties): Promise<Properties> {
    return ((await this.#call("update", id, olds, news)) as { outs: Properties }).outs;
  }

  async delete(id: string, props: Properties): Promise<void> {
    await this.#call("delete", id, props);
  }

  async #call(method: Method, ...args: unknown[]): Promise<unknown> {
    try {
      return copy(await callHandler(this.#handler, method, copy(args), { get: (key) => this.#config[key] }));
    } catch (error) {
      if (!(error instanceof PartialFailure)) throw error;
      const { id, properties, reasons } = error;
      throw new CallFailure(error.message, { id, properties: copy(properties), reasons });
    }
  }
}

/** Nothing is shared with the handler, as if it were on the other side of a wire. */
function copy<T>(value: T): T {
  return value === undefined ? value : (JSON.parse(JSON.stringify(value)) as T);
}
