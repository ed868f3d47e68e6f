import { Deadline } from "../runtime/deadline";
import type { DiffResult, Handler, Properties } from "../runtime/handler";
import { PartialFailure } from "../runtime/partial-failure";
import { containsUnknown } from "../runtime/unknown";
import { applySetup, examineMachine, tearDown } from "./setup";
import { setupInputsSchema } from "./setup-inputs";
import { waitForSsh } from "./wait-for-ssh";

/** What a run of the setup depends on; deadlines and what to hide do not change the machine. */
const COMPARED = ["address", "port", "user", "privateKey", "files", "steps", "verify", "triggers"];

/**
 * `machine.Setup`: files and steps on one machine, over SSH. Inputs are those of `MachineSetupArgs`; outputs the inputs, `hostKey` (the
 * fingerprint taken on first use and required from then on) and `problem` (what the last look found wrong, empty if nothing).
 */
export const setupHandler: Handler = {
  async check(_olds, news) {
    return { inputs: news, failures: [] };
  },

  async diff(_id, olds, news): Promise<DiffResult> {
    const changed = (key: string) =>
      containsUnknown(news[key]) || JSON.stringify(olds[key] ?? null) !== JSON.stringify(news[key] ?? null);
    const replaces = ["machine"].filter(changed);
    const broken = (olds["problem"] ?? "") !== "";
    return { changes: broken || replaces.length > 0 || COMPARED.some(changed), replaces, deleteBeforeReplace: true };
  },

  async create(inputs) {
    return { id: String(inputs["machine"]), outs: await setUp(inputs, undefined) };
  },

  async read(id, properties) {
    const problem = await examineMachine(setupInputsSchema.parse(properties), hostKeyOf(properties));
    const { hostKey: _, problem: __, ...inputs } = properties;
    return { id, props: { ...properties, problem }, inputs };
  },

  async update(_id, olds, news) {
    return { outs: await setUp(news, hostKeyOf(olds)) };
  },

  async delete(_id, properties) {
    await tearDown(setupInputsSchema.parse(properties), hostKeyOf(properties));
  },
};

function hostKeyOf({ hostKey }: Properties): string | undefined {
  return typeof hostKey === "string" && hostKey !== "" ? hostKey : undefined;
}

async function setUp(properties: Properties, hostKey: string | undefined): Promise<Properties> {
  const inputs = setupInputsSchema.parse(properties);
  const deadline = new Deadline(inputs.timeoutSeconds);
  const session = await waitForSsh({ ...inputs, hostKey }, deadline);
  try {
    await applySetup(session, inputs, deadline);
    return { ...properties, hostKey: session.hostKey, problem: "" };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new PartialFailure(problem, {
      id: inputs.machine,
      properties: { ...properties, hostKey: session.hostKey, problem },
    });
  } finally {
    session.close();
  }
}
