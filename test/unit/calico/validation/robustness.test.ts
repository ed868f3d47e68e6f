import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CALICO_KINDS, type CalicoKind } from "../../../../providers/calico/model/kinds";
import {
  type GivenMetadata,
  sameSpec,
  validateResource,
  withDefaults,
} from "../../../../providers/calico/validation/validate";
import { containsUnknown, isUnknown, UNKNOWN } from "../../../../providers/runtime/unknown";
import { CASES } from "./all-cases";
import { metadataOf } from "./case";

type Path = readonly (string | number)[];

/** Every place within a value, the value itself left out. */
function placesIn(value: unknown, at: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return at.length > 0 ? [at] : [];
  const keys: (string | number)[] = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  const inner = keys.flatMap((key) => placesIn((value as Record<string, unknown>)[key], [...at, key]));
  return at.length > 0 ? [at, ...inner] : inner;
}

function replaced(value: unknown, [key, ...rest]: Path, by: unknown): unknown {
  if (key === undefined) return by;
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<string | number, unknown>;
  copy[key] = replaced(copy[key], rest, by);
  return copy;
}

const kinds = Object.keys(CALICO_KINDS) as CalicoKind[];
const valid = CASES.filter(({ refused }) => refused.length === 0);
const invalid = CASES.filter(({ refused }) => refused.length > 0);

const odd = fc.oneof(
  // No JSON text reads as -0.
  fc.jsonValue().map((value): unknown => JSON.parse(JSON.stringify(value))),
  fc.constantFrom(
    null,
    "",
    0,
    -1,
    65536,
    1.5,
    true,
    [],
    {},
    [null],
    "a",
    "80:90",
    "10.0.0.1/8",
    "::/0",
    "has(a)",
    "tcp",
    "1m",
  ),
);

/** A spec near a known one: some places hold something odd. */
const near = fc.constantFrom(...CASES).chain((given) => {
  const places = placesIn(given.spec);
  const changes =
    places.length === 0 ? fc.constant([]) : fc.array(fc.tuple(fc.constantFrom(...places), odd), { maxLength: 3 });
  return changes.map((all) => ({
    ...given,
    // A place is gone where an earlier change took its parent away.
    spec: all.reduce((spec, [place, value]) => (exists(spec, place) ? replaced(spec, place, value) : spec), given.spec),
  }));
});

function exists(value: unknown, [key, ...rest]: Path): boolean {
  if (key === undefined) return true;
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return false;
  return exists((value as Record<string | number, unknown>)[key], rest);
}

describe("any JSON", () => {
  it("is answered where an object cannot become a text", () => {
    const spec = { types: [{ toString: 0 }, "Egress"], egress: [{ action: "Allow" }] };
    expect(
      validateResource("GlobalNetworkPolicy", { name: "tier.name" }, spec).map(({ property }) => property),
    ).toContain("spec.types[0]");
  });

  it("is answered for every kind and never throws", () => {
    fc.assert(
      fc.property(fc.constantFrom(...kinds), fc.jsonValue(), fc.jsonValue(), (kind, metadata, spec) => {
        expect(Array.isArray(validateResource(kind, metadata as unknown as GivenMetadata, spec))).toBe(true);
        expect(withDefaults(kind, spec)).toBeTypeOf("object");
        expect(sameSpec(kind, spec, spec)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it("is answered for specs that are nearly right", () => {
    fc.assert(
      fc.property(near, ({ kind, spec, ...given }) => {
        for (const { property, reason } of validateResource(kind, metadataOf({ kind, spec, ...given }), spec)) {
          expect(property).toMatch(/^(spec|metadata)/);
          expect(reason.length).toBeGreaterThan(10);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("defaults", () => {
  it("are complete: filling them in again changes nothing, and the meaning stays", () => {
    fc.assert(
      fc.property(near, ({ kind, spec }) => {
        const once = withDefaults(kind, spec);
        expect(withDefaults(kind, once)).toEqual(once);
        expect(sameSpec(kind, once, spec)).toBe(true);
        expect(JSON.parse(JSON.stringify(once))).toEqual(once);
      }),
      { numRuns: 500 },
    );
  });

  it("leave a valid spec valid", () => {
    for (const each of valid) {
      expect(validateResource(each.kind, metadataOf(each), withDefaults(each.kind, each.spec)), each.claim).toEqual([]);
    }
  });
});

describe("values that are not known yet", () => {
  it("are never held against a resource, wherever they stand", () => {
    for (const each of valid) {
      for (const place of placesIn(each.spec)) {
        const spec = replaced(each.spec, place, UNKNOWN);
        expect(validateResource(each.kind, metadataOf(each), spec, isUnknown), `${each.claim}: ${place}`).toEqual([]);
      }
      const metadata = { ...metadataOf(each), name: UNKNOWN };
      expect(validateResource(each.kind, metadata, each.spec, isUnknown), each.claim).toEqual([]);
      expect(validateResource(each.kind, metadataOf(each), UNKNOWN, isUnknown), each.claim).toEqual([]);
    }
  });

  it("are never held against a resource in place of what it lacks", () => {
    const fields = new Map<CalicoKind, Set<string>>();
    for (const { kind, spec } of valid) {
      for (const field of Object.keys(spec as object)) fields.set(kind, (fields.get(kind) ?? new Set()).add(field));
    }
    for (const each of valid) {
      for (const field of fields.get(each.kind) ?? []) {
        const spec = { [field]: UNKNOWN, ...(each.spec as object) };
        const problems = validateResource(each.kind, metadataOf(each), spec, isUnknown);
        expect(problems, `${each.claim}: ${field}`).toEqual([]);
      }
    }
  });

  it("do not hide what is wrong beside them", () => {
    for (const each of invalid) {
      const metadata = { ...metadataOf(each), annotations: { ...each.annotations, note: UNKNOWN } };
      const beside = validateResource(each.kind, metadata, each.spec, containsUnknown);
      expect(beside, each.claim).toEqual(validateResource(each.kind, metadataOf(each), each.spec));
    }
    const rules = [
      { action: "Allow", source: { nets: [UNKNOWN, "10.0.0.1"], selector: UNKNOWN } },
      { action: "allow" },
    ];
    const problems = validateResource("Profile", { name: UNKNOWN }, { ingress: rules }, containsUnknown);
    expect(problems.map(({ property }) => property)).toEqual([
      "spec.ingress[0].source.nets[1]",
      "spec.ingress[1].action",
    ]);
  });
});
