/** What a kind of dynamic resource implements: plain asynchronous functions over plain JSON, no Pulumi. */

export type Properties = Record<string, unknown>;

export interface CheckFailure {
  readonly property: string;
  readonly reason: string;
}

export interface DiffResult {
  readonly changes: boolean;
  readonly replaces?: readonly string[];
  readonly deleteBeforeReplace?: boolean;
}

/** The stack configuration as the engine hands it over: `get("clocker:locations")` is JSON text with secrets in clear. */
export interface StackConfig {
  get(key: string): string | undefined;
}

/**
 * A kind of dynamic resource. `check` and `diff` do no I/O and accept unknown values. `outs` of create and update hold every
 * output, never `undefined`. A create or update that failed after its first side effect throws `PartialFailure`.
 */
export interface Handler {
  check(olds: Properties, news: Properties): Promise<{ inputs: Properties; failures: readonly CheckFailure[] }>;
  diff(id: string, olds: Properties, news: Properties): Promise<DiffResult>;
  create(inputs: Properties, config: StackConfig): Promise<{ id: string; outs: Properties }>;
  /** Undefined when the thing is gone. */
  read(
    id: string,
    props: Properties,
    config: StackConfig,
  ): Promise<{ id: string; props: Properties; inputs?: Properties } | undefined>;
  update(id: string, olds: Properties, news: Properties, config: StackConfig): Promise<{ outs: Properties }>;
  delete(id: string, props: Properties, config: StackConfig): Promise<void>;
}
