import { z } from "zod";
import type { StackConfig } from "../runtime/handler";
import { EtcdClient, type EtcdSettings } from "./etcd-client";
import { ResourceStore } from "./resource-store";

const NETWORK = "clocker:network";

const etcdSchema = z.object({
  endpoints: z.array(z.url({ protocol: /^https?$/ })).min(1),
  ca: z.string().optional(),
  cert: z.string().optional(),
  key: z.string().optional(),
  username: z.string().optional(),
  password: z.string().optional(),
});
const networkSchema = z.object({ calico: z.object({ etcd: etcdSchema }) });

let latest: { readonly text: string; readonly store: ResourceStore } | undefined;

/** Calico's etcd in the stack configuration; the connection is kept from call to call. */
export function openStore(config: StackConfig): ResourceStore {
  const settings = etcdSettings(config);
  const text = JSON.stringify(settings);
  if (latest?.text !== text) {
    latest?.store.client.close();
    latest = { text, store: new ResourceStore(new EtcdClient(settings)) };
  }
  return latest.store;
}

/** @throws Error that says which field of `clocker:network` is missing or wrong. */
export function etcdSettings(config: StackConfig): EtcdSettings {
  const result = networkSchema.safeParse(parse(config.get(NETWORK)));
  if (result.success) return result.data.calico.etcd;
  const problems = result.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; ");
  throw new Error(
    `${NETWORK} does not say how to reach Calico's etcd: ${problems}. ` +
      "Set calico.etcd.endpoints, and ca, cert, key, username, password as etcd asks for them; they are needed until the last Calico resource is deleted",
  );
}

function parse(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "{}");
  } catch {
    throw new Error(`${NETWORK} in the stack's configuration must be an object`);
  }
}
