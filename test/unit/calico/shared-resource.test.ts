import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Spec, StoredResource } from "../../../providers/calico/model/resource";
import { withoutShare, withShare } from "../../../providers/calico/shared-resource";

const spec: fc.Arbitrary<Spec> = fc.dictionary(fc.constantFrom("a", "b", "c"), fc.integer({ min: 0, max: 3 }));

function resource(fields: Spec, annotations: Record<string, string> = {}): StoredResource {
  return { kind: "Node", apiVersion: "projectcalico.org/v3", metadata: { name: "h", annotations }, spec: fields };
}

function share(owner: string, fields: Spec) {
  return { owner, spec: fields, labels: {} };
}

describe("a shared resource", () => {
  test("has what the latest of its owners want, and is as before when all have gone, in whatever order", () => {
    fc.assert(
      fc.property(
        spec,
        fc.uniqueArray(fc.record({ owner: fc.constantFrom("x", "y", "z"), fields: spec }), {
          selector: (s) => s.owner,
        }),
        fc.boolean(),
        (before, shares, reverse) => {
          let live = resource(before);
          for (const { owner, fields } of shares) live = withShare(live, undefined, share(owner, fields));
          const latest = Object.assign({}, before, ...shares.map(({ fields }) => fields));
          expect(live.spec).toEqual(latest);
          // Where owners want different values, the fields have the latest one, and only its owner may take it back.
          const agreed = shares.every(({ fields }) =>
            Object.entries(fields).every(([key, value]) => latest[key] === value),
          );
          for (const { owner, fields } of reverse ? [...shares].reverse() : shares) {
            live = withoutShare(live, share(owner, fields)).resource;
          }
          if (agreed) expect(live).toEqual(resource(before));
        },
      ),
    );
  });

  test("keeps a field for the one who is left, and says who is the last", () => {
    let live = withShare(resource({ mtu: 1 }), undefined, share("x", { mtu: 2 }));
    live = withShare(live, undefined, share("y", { mtu: 2 }));
    const first = withoutShare(live, share("x", { mtu: 2 }));
    expect(first).toMatchObject({ last: false, resource: { spec: { mtu: 2 } } });
    expect(withoutShare(first.resource, share("y", { mtu: 2 }))).toMatchObject({
      last: true,
      resource: { spec: { mtu: 1 } },
    });
  });

  test("gives a field back that its owner no longer names", () => {
    const live = withShare(resource({ mtu: 1 }), undefined, share("x", { mtu: 2, port: 3 }));
    expect(withShare(live, share("x", { mtu: 2, port: 3 }), share("x", { port: 4 })).spec).toEqual({ mtu: 1, port: 4 });
  });

  test("whose note of owners is broken loses only fields with our value", () => {
    const live = resource({ mtu: 2, port: 5 }, { "clocker.shared": "{" });
    expect(withoutShare(live, share("x", { mtu: 2, port: 3 })).resource).toEqual(resource({ port: 5 }));
  });
});
