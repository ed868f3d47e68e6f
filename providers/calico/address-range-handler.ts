import type { CheckFailure, DiffResult, Handler, Properties, StackConfig } from "../runtime/handler";
import { PartialFailure } from "../runtime/partial-failure";
import { containsUnknown, isUnknown, UNKNOWN } from "../runtime/unknown";
import { chooseRange, type Taken } from "./address-range-choice";
import { holds, parseRange, type Range, sizeOf } from "./ipam/ipv4";
import { BLOCKS, rangeOfKey } from "./ipam/keys";
import { isRecord } from "./model/resource";
import { openStore } from "./network-settings";
import { isOurs } from "./resource-changes";
import { resourceHandler } from "./resource-handler";
import { referenceFrom } from "./resource-inputs";
import type { ResourceStore } from "./resource-store";

const ATTEMPTS = 20;

/**
 * `calico.AddressRange`: a range out of a pool, and the IPPool that is it. Inputs are `metadata` and `spec` of the IPPool without
 * `cidr`, `pool`, `prefixLength` and `owner`, outputs the inputs, `cidr` and `uid`. The range stays the same for the life of the resource.
 */
export const addressRangeHandler: Handler = {
  async check(_olds, { metadata, pool, prefixLength, spec = {}, owner }) {
    const inputs = { metadata, pool, prefixLength, spec, owner };
    const failures = checkRange(inputs);
    if (failures.length > 0) return { inputs, failures };
    const known = typeof pool === "string" && !containsUnknown(pool) && typeof prefixLength === "number";
    const cidr = known ? chooseRange(pool, prefixLength, String(owner), []) : UNKNOWN;
    const trial = await ipPool.check({}, asPool(inputs, cidr));
    return { inputs, failures: trial.failures };
  },

  async diff(id, olds, news): Promise<DiffResult> {
    const cidr = String(olds["cidr"]);
    const inner = await ipPool.diff(id, asPool(olds, cidr), asPool(news, cidr));
    const moved = ["pool", "prefixLength"].filter((key) => containsUnknown(news[key]));
    if (moved.length === 0 && !isRangeOf(cidr, news)) {
      moved.push(olds["prefixLength"] === news["prefixLength"] ? "pool" : "prefixLength");
    }
    const replaces = [...(inner.replaces ?? []), ...moved];
    // Without another name the new range would have the key of the old one.
    const deleteBeforeReplace = replaces.length > 0 && !replaces.includes("metadata.name");
    const changes = inner.changes || moved.length > 0 || olds["pool"] !== news["pool"];
    return { changes, replaces, deleteBeforeReplace };
  },

  async create(inputs, config) {
    const store = openStore(config);
    for (let attempt = 1; ; attempt++) {
      const cidr = await ownRange(store, inputs);
      try {
        const { id, outs } = await ipPool.create(asPool(inputs, cidr), config);
        return { id, outs: asRange(inputs, outs, cidr) };
      } catch (error) {
        if (error instanceof PartialFailure) throw withRange(error, inputs, cidr);
        if (attempt === ATTEMPTS || !(await isTaken(store, inputs, cidr))) throw error;
      }
    }
  },

  async read(id, properties, config) {
    const cidr = String(properties["cidr"]);
    const found = await ipPool.read(id, asPool(properties, cidr), config);
    const live = found?.props["spec"];
    // A pool of another range is not this one.
    if (!found || !isRecord(live) || live["cidr"] !== cidr) return undefined;
    const inputs = withoutRange(properties, found.inputs ?? {});
    return { id, inputs, props: { ...inputs, cidr, uid: found.props["uid"] } };
  },

  async update(id, olds, news, config) {
    const cidr = String(olds["cidr"]);
    const { outs } = await ipPool.update(id, asPool(olds, cidr), asPool(news, cidr), config);
    return { outs: asRange(news, outs, cidr) };
  },

  async delete(id, properties, config: StackConfig) {
    await ipPool.delete(id, asPool(properties, String(properties["cidr"])), config);
  },
};

const ipPool = resourceHandler("IPPool");

function checkRange({ pool, prefixLength, spec }: Properties): CheckFailure[] {
  const failures: CheckFailure[] = [];
  const whole = parseRange(String(pool));
  if (!containsUnknown(pool) && !whole) {
    const reason = `must be an IPv4 range without bits behind its prefix, e.g. 198.18.0.0/16; it is ${JSON.stringify(pool)}`;
    failures.push({ property: "pool", reason });
  }
  const shortest = whole?.prefix ?? 0;
  const usable = Number.isInteger(prefixLength) && Number(prefixLength) >= shortest && Number(prefixLength) <= 32;
  if (!isUnknown(prefixLength) && !usable) {
    const reason = `must be a whole number from ${shortest}, the length of pool, to 32; it is ${JSON.stringify(prefixLength)}`;
    failures.push({ property: "prefixLength", reason });
  }
  if (isRecord(spec) && "cidr" in spec) {
    failures.push({ property: "spec.cidr", reason: "is chosen out of pool: leave it out, or use an IPPool" });
  }
  return failures;
}

/** The range that a former attempt of the same owner has left, else a free one. */
async function ownRange(store: ResourceStore, inputs: Properties): Promise<string> {
  const owner = String(inputs["owner"]);
  const { name } = referenceFrom("IPPool", inputs);
  const { items } = await store.list("IPPool");
  const left = items.find((found) => found.reference.name === name && isOurs(found, { owner }));
  const cidr = left?.resource.spec["cidr"];
  if (typeof cidr === "string" && isRangeOf(cidr, inputs)) return cidr;
  const pools = items.flatMap(({ reference, resource }): Taken[] => {
    const range = parseRange(String(resource.spec["cidr"]));
    return range ? [{ range, by: `IPPool ${reference.name}` }] : [];
  });
  return chooseRange(String(inputs["pool"]), Number(inputs["prefixLength"]), owner, [
    ...pools,
    ...(await oldBlocks(store, pools)),
  ]);
}

/** Blocks of pools that are gone have addresses in use, or nodes that still take some. */
async function oldBlocks(store: ResourceStore, pools: readonly Taken[]): Promise<Taken[]> {
  const { entries } = await store.client.list(BLOCKS);
  return entries.flatMap(({ key }): Taken[] => {
    const range = rangeOfKey(key);
    const known = range && pools.some((pool) => holds(pool.range, range.first));
    return range && !known ? [{ range, by: "blocks of former pools" }] : [];
  });
}

/** Whether somebody else has the range by now. */
async function isTaken(store: ResourceStore, inputs: Properties, cidr: string): Promise<boolean> {
  const { name } = referenceFrom("IPPool", inputs);
  const range = parseRange(cidr);
  const { items } = await store.list("IPPool");
  return items.some(({ reference, resource }) => {
    const other = parseRange(String(resource.spec["cidr"]));
    return reference.name !== name && range && other && (holds(other, range.first) || holds(range, other.first));
  });
}

function isRangeOf(cidr: string, { pool, prefixLength }: Properties): boolean {
  const [range, whole] = [parseRange(cidr), parseRange(String(pool))];
  return range !== undefined && whole !== undefined && range.prefix === prefixLength && within(range, whole);
}

function within(range: Range, whole: Range): boolean {
  return holds(whole, range.first) && sizeOf(range) <= sizeOf(whole);
}

/** The properties of the IPPool. */
function asPool({ metadata, spec, owner, uid }: Properties, cidr: string): Properties {
  const own = isUnknown(spec) ? {} : (spec as object);
  return {
    metadata,
    spec: isUnknown(spec) ? spec : { ...own, cidr },
    owner,
    adopt: false,
    ...(uid !== undefined && { uid }),
  };
}

function asRange(inputs: Properties, pool: Properties, cidr: string): Properties {
  return { ...inputs, cidr, uid: pool["uid"] };
}

/** The inputs of the range as the pool's live ones have them. */
function withoutRange({ pool, prefixLength, owner }: Properties, { metadata, spec }: Properties): Properties {
  const { cidr: _, ...rest } = spec as { cidr?: unknown };
  return { metadata, pool, prefixLength, spec: rest, owner };
}

function withRange(failure: PartialFailure, inputs: Properties, cidr: string): PartialFailure {
  const { id, properties, reasons, message } = failure;
  return new PartialFailure(message, { id, properties: asRange(inputs, properties, cidr), reasons });
}
