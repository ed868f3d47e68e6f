import { EtcdClient, type EtcdSettings } from "./etcd-client";
import { EtcdError } from "./etcd-error";
import { keyOf } from "./model/keys";

const ANSWER_SECONDS = 10;
/** No key has ever changed so late: the commit below fails, after etcd has looked at the rights of both sides of it. */
const NEVER = "9223372036854775807";

/** Outcome of a check before anything is made. */
export type DatastoreCheck =
  | { readonly ok: true }
  | { readonly ok: false; readonly problem: string; readonly remedy: string };

/** Whether etcd answers, takes the credentials and would let us write where Calico and Clocker keep what they know. Writes nothing. */
export async function checkDatastore(settings: EtcdSettings): Promise<DatastoreCheck> {
  const etcd = new EtcdClient(settings, ANSWER_SECONDS);
  try {
    for (const key of [keyOf({ kind: "ClusterInformation", name: "default" }), "/clocker/v1/preflight"]) {
      await etcd.commit([{ key, revision: NEVER }], [{ put: key, value: {} }]);
    }
    return { ok: true };
  } catch (error) {
    if (error instanceof EtcdError) return { ok: false, problem: error.problem, remedy: error.remedy };
    throw error;
  } finally {
    etcd.close();
  }
}
