import { z } from "zod";
import { holds, parseRange, type Range, rangeText, sizeOf } from "./ipv4";

/** What is known of an assigned address besides its handle, e.g. `node`, `type`, `timestamp`. */
export type Attributes = Readonly<Record<string, string>>;

/** One allocation of a block. */
export interface BlockEntry {
  readonly address: number;
  readonly handle: string;
  readonly attributes: Attributes;
}

const MAXIMUM_SEQUENCE = 2n ** 64n;

const sequence = z.string().transform(BigInt);
const blockSchema = z.looseObject({
  cidr: z.string(),
  affinity: z.string().nullish(),
  allocations: z.array(z.number().nullable()),
  unallocated: z.array(z.number()).nullable(),
  attributes: z
    .array(z.looseObject({ handle_id: z.string().nullish(), secondary: z.record(z.string(), z.string()).nullish() }))
    .nullable(),
  sequenceNumber: sequence,
  sequenceNumberForAllocation: z.record(z.string(), sequence).nullish(),
});

type Content = z.output<typeof blockSchema>;

/**
 * A block of Calico's IPAM as plain data that never changes: each method that changes something gives a new block. Fields
 * that are not used here are kept. Sequence numbers have 64 bits, so they are no numbers of JavaScript.
 */
export class Block {
  readonly range: Range;
  readonly #content: Content;

  private constructor(range: Range, content: Content) {
    this.range = range;
    this.#content = content;
  }

  /** An empty block of `node`. `sequenceNumber` has to be one that no block of this range had, e.g. nanoseconds since 1970. */
  static empty(range: Range, node: string, sequenceNumber: bigint): Block {
    const ordinals = [...Array(sizeOf(range)).keys()];
    return new Block(range, {
      cidr: rangeText(range),
      affinity: affinityOf(node),
      allocations: ordinals.map(() => null),
      unallocated: ordinals,
      attributes: [],
      sequenceNumber,
      sequenceNumberForAllocation: {},
      deleted: false,
    });
  }

  /** @throws Error if the text is no block. */
  static parse(text: string, key: string): Block {
    const result = blockSchema.safeParse(json(quoteSequences(text)));
    const range = result.success ? parseRange(result.data.cidr) : undefined;
    if (!result.success || !range || result.data.allocations.length !== sizeOf(range)) {
      throw new Error(`the value of ${key} is no block of Calico's IPAM; repair or delete that key with etcdctl`);
    }
    return new Block(range, result.data);
  }

  /** Node that takes its addresses from this block, undefined if none does. */
  get node(): string | undefined {
    const { affinity } = this.#content;
    return affinity?.startsWith("host:") ? affinity.slice("host:".length) : undefined;
  }

  get used(): number {
    return this.#content.allocations.filter((index) => index !== null).length;
  }

  /** Free addresses in the order in which they are to be taken: the longest unused first. */
  get free(): number[] {
    return (this.#content.unallocated ?? []).map((ordinal) => this.range.first + ordinal);
  }

  get entries(): BlockEntry[] {
    return this.#content.allocations.flatMap((index, ordinal) => (index === null ? [] : [this.#entry(ordinal, index)]));
  }

  at(address: number): BlockEntry | undefined {
    const ordinal = this.#ordinal(address);
    const index = this.#content.allocations[ordinal] ?? null;
    return index === null ? undefined : this.#entry(ordinal, index);
  }

  /** With a free address assigned. */
  assign(address: number, handle: string, attributes: Attributes): Block {
    const ordinal = this.#ordinal(address);
    const { allocations, sequenceNumber, ...rest } = this.#content;
    if (allocations[ordinal] !== null) throw new Error(`ordinal ${ordinal} of ${rest.cidr} is assigned`);
    const known = rest.attributes ?? [];
    return this.#next({
      attributes: [...known, { handle_id: handle, secondary: { ...attributes } }],
      allocations: replaced(allocations, ordinal, known.length),
      unallocated: (rest.unallocated ?? []).filter((free) => free !== ordinal),
      sequenceNumberForAllocation: { ...rest.sequenceNumberForAllocation, [ordinal]: sequenceNumber },
    });
  }

  /** With an assigned address freed; its attributes go with their last address. */
  release(address: number): Block {
    const ordinal = this.#ordinal(address);
    const { allocations, attributes, unallocated } = this.#content;
    const index = allocations[ordinal] ?? null;
    if (index === null) return this;
    const rest = replaced(allocations, ordinal, null);
    const shared = rest.includes(index);
    const { [ordinal]: _, ...sequences } = this.#content.sequenceNumberForAllocation ?? {};
    return this.#next({
      allocations: shared ? rest : rest.map((other) => (other !== null && other > index ? other - 1 : other)),
      attributes: shared ? attributes : (attributes ?? []).filter((_attribute, at) => at !== index),
      unallocated: [...(unallocated ?? []), ordinal],
      sequenceNumberForAllocation: sequences,
    });
  }

  /** Of no node any more. */
  withoutNode(): Block {
    return this.#next({ affinity: null });
  }

  /** What etcd stores. */
  get text(): string {
    const numbers: string[] = [];
    const text = JSON.stringify(this.#content, (_key, value) => {
      if (typeof value !== "bigint") return value;
      numbers.push(value.toString());
      return `\u0000${numbers.length - 1}`;
    });
    return text.replace(/"\\u0000(\d+)"/g, (_, index) => numbers[Number(index)] ?? "0");
  }

  #next(changes: Partial<Content>): Block {
    const sequenceNumber = (this.#content.sequenceNumber + 1n) % MAXIMUM_SEQUENCE;
    return new Block(this.range, { ...this.#content, ...changes, sequenceNumber } as Content);
  }

  #entry(ordinal: number, index: number): BlockEntry {
    const attribute = this.#content.attributes?.[index];
    return {
      address: this.range.first + ordinal,
      handle: attribute?.handle_id ?? "",
      attributes: attribute?.secondary ?? {},
    };
  }

  #ordinal(address: number): number {
    if (!holds(this.range, address)) throw new Error(`an address outside of block ${this.#content.cidr}`);
    return address - this.range.first;
  }
}

function replaced<T>(items: readonly T[], at: number, by: T): T[] {
  return items.map((item, index) => (index === at ? by : item));
}

function affinityOf(node: string): string {
  return `host:${node}`;
}

/** Puts the sequence numbers into quotes: as numbers they would be rounded. */
function quoteSequences(text: string): string {
  return text
    .replace(/("sequenceNumber"\s*:\s*)(\d+)/, '$1"$2"')
    .replace(/("sequenceNumberForAllocation"\s*:\s*)(\{[^{}]*\})/, (_, name: string, map: string) => {
      return name + map.replace(/(:\s*)(\d+)/g, '$1"$2"');
    });
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
