import { randomUUID } from "node:crypto";
import type { Reference, Spec, StoredResource, Texts } from "../providers/calico/model/resource";

/** A Calico resource that is not stored yet. */
export function newResource({ kind, name, namespace }: Reference, spec: Spec, labels?: Texts): StoredResource {
  return {
    kind,
    apiVersion: "projectcalico.org/v3",
    metadata: {
      name,
      ...(namespace !== undefined && { namespace }),
      uid: randomUUID(),
      creationTimestamp: `${new Date().toISOString().slice(0, 19)}Z`,
      ...(labels && { labels }),
    },
    spec,
  };
}
