import type { Properties } from "../../../../providers/runtime/handler";
import { CallFailure, type DynamicProvider } from "../dynamic-provider";

/** What the engine asks of a provider. */
export type Provider = Pick<DynamicProvider, "check" | "diff" | "create" | "read" | "update" | "delete">;

/** One resource as Pulumi's engine holds it: what it remembers after successes and failures, and what it asks next. */
export class ResourceInState {
  /** Undefined as long as nothing was created, and after a delete. */
  state: { readonly id: string; readonly props: Properties; readonly failed: boolean } | undefined;
  readonly #provider: Provider;

  constructor(provider: Provider) {
    this.#provider = provider;
  }

  /** Creates or updates as needed; says which of them it was. */
  async up(args: Properties): Promise<"create" | "update" | "same"> {
    const { inputs, failures } = await this.#provider.check({}, args);
    if (failures.length > 0) throw new Error(`wrong definition in a test: ${failures.join("; ")}`);
    const before = this.state;
    if (!before) {
      await this.#remember(async () => {
        const { id, outs } = await this.#provider.create(inputs);
        return { id, props: outs };
      });
      return "create";
    }
    const { id, props, failed } = before;
    const { changes, replaces } = await this.#provider.diff(id, props, inputs);
    if (replaces.length > 0) throw new Error(`replaced for ${replaces.join(", ")}, which no test asks for`);
    if (!changes && !failed) return "same";
    await this.#remember(async () => ({ id, props: await this.#provider.update(id, props, inputs) }));
    return "update";
  }

  /** Whether a preview shows a change. */
  async changes(args: Properties): Promise<boolean> {
    const { inputs } = await this.#provider.check({}, args);
    if (!this.state || this.state.failed) return true;
    return (await this.#provider.diff(this.state.id, this.state.props, inputs)).changes;
  }

  async refresh(): Promise<void> {
    if (!this.state) return;
    const read = await this.#provider.read(this.state.id, this.state.props);
    this.state = read && { id: this.state.id, props: read.props, failed: false };
  }

  /** @param seconds Another time limit than the state's. */
  async destroy(seconds?: number): Promise<void> {
    if (!this.state) return;
    const { id, props } = this.state;
    await this.#provider.delete(id, seconds === undefined ? props : { ...props, timeoutSeconds: seconds });
    this.state = undefined;
  }

  async #remember(call: () => Promise<{ id: string; props: Properties }>): Promise<void> {
    try {
      this.state = { ...(await call()), failed: false };
    } catch (error) {
      if (error instanceof CallFailure && error.partial) {
        const { id, properties } = error.partial;
        this.state = { id, props: properties, failed: true };
      }
      throw error;
    }
  }
}
