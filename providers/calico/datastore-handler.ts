import { isDeepStrictEqual } from "node:util";
import type { CheckFailure, Handler, Properties } from "../runtime/handler";
import { containsUnknown, isUnknown } from "../runtime/unknown";
import { prepareDatastore, readDatastore } from "./datastore";
import { isRecord, type Spec } from "./model/resource";
import { openStore } from "./network-settings";
import { validateResource } from "./validation/validate";

const ID = "default";
const CLUSTER_TYPE = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/**
 * `calico.Datastore`: what must be in etcd before anything of Calico works. Others' parts are merged, never replaced, and all of
 * it outlives the resource. Inputs are `clusterType` and `felix`, outputs the inputs, `clusterGUID` and `calicoVersion`.
 */
export const datastoreHandler: Handler = {
  async check(_olds, news) {
    const { clusterType = "clocker", felix = {} } = news;
    return { inputs: { clusterType, felix }, failures: failuresOf(clusterType, felix) };
  },

  async diff(_id, olds, news) {
    const changed = (key: string) => containsUnknown(news[key]) || !isDeepStrictEqual(olds[key], news[key]);
    return { changes: changed("clusterType") || changed("felix"), replaces: [] };
  },

  async create(inputs, config) {
    return { id: ID, outs: { ...inputs, ...(await prepareDatastore(openStore(config), validFrom(inputs))) } };
  },

  async read(_id, properties, config) {
    const wanted = wantedFrom(properties);
    const live = await readDatastore(openStore(config), wanted);
    if (!live) return undefined;
    const { felix, ...facts } = live;
    const inputs = { clusterType: wanted.clusterType, felix };
    return { id: ID, inputs, props: { ...properties, ...inputs, ...facts } };
  },

  async update(_id, _olds, news, config) {
    return { outs: { ...news, ...(await prepareDatastore(openStore(config), validFrom(news))) } };
  },

  async delete() {},
};

function failuresOf(clusterType: unknown, felix: unknown): CheckFailure[] {
  const failures: CheckFailure[] = [];
  if (!isUnknown(clusterType) && !(typeof clusterType === "string" && CLUSTER_TYPE.test(clusterType))) {
    const reason = `must be a word of lower-case letters, digits and '-'; it is ${JSON.stringify(clusterType)}`;
    failures.push({ property: "clusterType", reason });
  }
  if (isUnknown(felix)) return failures;
  if (!isRecord(felix)) return [...failures, { property: "felix", reason: "must be an object of Felix's settings" }];
  const mayDiffer = (value: unknown) => typeof value === "string" && containsUnknown(value);
  const problems = validateResource("FelixConfiguration", { name: ID }, felix, mayDiffer);
  return [...failures, ...problems.map((problem) => ({ ...problem, property: underFelix(problem.property) }))];
}

function underFelix(property: string): string {
  return property.replace(/^spec\b/, "felix");
}

/** @throws Error with all that is wrong: nothing is written unchecked. */
function validFrom(inputs: Properties): { clusterType: string; felix: Spec } {
  const failures = failuresOf(inputs["clusterType"] ?? "clocker", inputs["felix"] ?? {});
  if (failures.length === 0) return wantedFrom(inputs);
  const list = failures.map(({ property, reason }) => `${property} ${reason}`).join("; ");
  throw new Error(`Calico's datastore is not written: ${list}`);
}

function wantedFrom({ clusterType, felix }: Properties): { clusterType: string; felix: Spec } {
  return { clusterType: String(clusterType ?? "clocker"), felix: isRecord(felix) ? felix : {} };
}
