import type { Handler, Properties, StackConfig } from "../runtime/handler";
import { check } from "./app-check";
import { deploy, undeploy } from "./app-deployment";
import { diff } from "./app-diff";
import { type AppInputs, connect, deadlineOf, isMarked } from "./app-inputs";
import { outputsOf } from "./endpoints";
import { definitionOf } from "./reconcile";

/** An app on Marathon: definition, deployment and health. */
export const appHandler: Handler = { check, diff, create, read, update, delete: remove };

async function create(properties: Properties, config: StackConfig) {
  const inputs = properties as unknown as AppInputs;
  return { id: inputs.appId, outs: await deploy(inputs, undefined, config) };
}

async function update(_id: string, olds: Properties, news: Properties, config: StackConfig) {
  return { outs: await deploy(news as unknown as AppInputs, olds as unknown as AppInputs, config) };
}

async function read(id: string, properties: Properties, config: StackConfig) {
  const known = properties as unknown as AppInputs;
  const { client } = connect(known, config);
  const live = await client.app(id, deadlineOf(known));
  if (!live || !(isMarked(live, known) || known.adopt)) return undefined;
  const { location, appId, timeoutSeconds, adopt, discardVolumes = false } = known;
  const app = definitionOf(live, known.app ?? {});
  const inputs = { location, appId, app, timeoutSeconds, adopt, discardVolumes };
  return { id, inputs, props: { ...inputs, ...outputsOf(live) } };
}

async function remove(id: string, properties: Properties, config: StackConfig): Promise<void> {
  await undeploy(id, properties as unknown as AppInputs, config);
}
