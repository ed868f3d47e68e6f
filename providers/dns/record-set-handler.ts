import { z } from "zod";
import type { DiffResult, Handler, StackConfig } from "../runtime/handler";
import { PartialFailure } from "../runtime/partial-failure";
import { containsUnknown } from "../runtime/unknown";
import { DnsError } from "./dns-error";
import { NameServer } from "./name-server";
import { canonicalName } from "./names";
import { nameServerSettings } from "./network-settings";
import { createRecords, deleteRecords, readRecords, updateRecords } from "./record-changes";
import { RECORD_TYPES } from "./record-data";
import { canonicalValues, describeSet, type RecordSetData, sameValues, valuesOf } from "./record-set";
import { checkRecordSet } from "./record-set-inputs";

const schema = z.object({
  name: z.string(),
  type: z.enum(RECORD_TYPES),
  values: z.array(z.string()),
  ttl: z.number(),
});

/** `dns.RecordSet`: all values of one type under one name. Inputs and outputs are those of `RecordSetArgs`. */
export const recordSetHandler: Handler = {
  async check(_olds, { name, type, values, ttl }) {
    const inputs = { name, type, values, ttl };
    return { inputs, failures: checkRecordSet(inputs) };
  },

  async diff(_id, olds, news): Promise<DiffResult> {
    const replaces = ["name", "type"].filter(
      (key) => containsUnknown(news[key]) || identity(olds[key]) !== identity(news[key]),
    );
    const changes = replaces.length > 0 || containsUnknown(news) || differ(schema.parse(olds), schema.parse(news));
    // A CNAME and other types under one name exclude each other.
    const exclusive = [olds["type"], news["type"]].includes("CNAME") && !replaces.includes("name");
    return { changes, replaces, deleteBeforeReplace: exclusive };
  },

  async create(inputs, config) {
    const wanted = schema.parse(inputs);
    const id = `${canonicalName(wanted.name)}/${wanted.type}`;
    try {
      await createRecords(open(config), wanted);
    } catch (error) {
      if (!isAmbiguous(error)) throw error;
      // It may be there: the next run writes it again, a destroy looks for it.
      throw new PartialFailure(error.message, { id, properties: inputs });
    }
    return { id, outs: inputs };
  },

  async read(id, properties, config) {
    const known = schema.parse(properties);
    const live = await readRecords(open(config), known);
    if (!live) return undefined;
    const same = sameValues(known.type, valuesOf(live), known.values);
    const values = same ? known.values : canonicalValues(known.type, valuesOf(live));
    const seen = { ...properties, values, ttl: live.ttl };
    return { id, props: seen, inputs: seen };
  },

  async update(id, olds, news, config) {
    const [known, wanted] = [schema.parse(olds), schema.parse(news)];
    try {
      await updateRecords(open(config), known, wanted);
    } catch (error) {
      if (!isAmbiguous(error)) throw error;
      // Either may be there; all of it is ours.
      const values = canonicalValues(wanted.type, [...known.values, ...wanted.values]);
      throw new PartialFailure(error.message, { id, properties: { ...news, values } });
    }
    return { outs: news };
  },

  async delete(_id, properties, config) {
    const known = schema.parse(properties);
    const others = await deleteRecords(open(config), known);
    if (others.length > 0) {
      console.log(`${describeSet(known)}: ${others.join(", ")} was put there by others and stays`);
    }
  },
};

function open(config: StackConfig): NameServer {
  return new NameServer(nameServerSettings(config));
}

/** Whether an update was sent of which nobody knows how it ended. */
function isAmbiguous(error: unknown): error is DnsError {
  return error instanceof DnsError && error.ambiguous;
}

function identity(value: unknown): string {
  return canonicalName(String(value));
}

function differ(before: RecordSetData, after: RecordSetData): boolean {
  return before.ttl !== after.ttl || !sameValues(after.type, before.values, after.values);
}
