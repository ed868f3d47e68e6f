import { describe, expect, test } from "vitest";
import { keyOf, prefixOf, referenceOf } from "../../../providers/calico/model/keys";
import { CALICO_KINDS, type CalicoKind } from "../../../providers/calico/model/kinds";
import { impliedAnnotations, impliedLabels, type Reference, tierOf } from "../../../providers/calico/model/resource";

const ROOT = "/calico/resources/v3/projectcalico.org";

describe("the key of a resource", () => {
  test.each<[Reference, string]>([
    [{ kind: "IPPool", name: "shop" }, "ippools/shop"],
    [{ kind: "NetworkSet", name: "s", namespace: "web" }, "networksets/web/s"],
    [{ kind: "GlobalNetworkPolicy", name: "shop.web" }, "globalnetworkpolicies/shop.web"],
    [{ kind: "GlobalNetworkPolicy", name: "web" }, "globalnetworkpolicies/default.web"],
    [{ kind: "GlobalNetworkPolicy", name: "default.web" }, "globalnetworkpolicies/default.web"],
    [{ kind: "NetworkPolicy", name: "web", namespace: "a" }, "networkpolicies/a/default.web"],
    [{ kind: "Tier", name: "web" }, "tiers/web"],
  ])("%j is %s", (reference, key) => {
    expect(keyOf(reference)).toBe(`${ROOT}/${key}`);
  });

  test("says which resource it is of", () => {
    for (const kind of Object.keys(CALICO_KINDS) as CalicoKind[]) {
      const reference = { kind, name: "shop.a", ...(CALICO_KINDS[kind].namespaced && { namespace: "web" }) };
      expect(referenceOf(kind, keyOf(reference))).toEqual(reference);
      expect(keyOf(reference).startsWith(prefixOf(kind))).toBe(true);
    }
  });
});

describe("a policy", () => {
  test("is in the tier before the first dot of its name", () => {
    expect(["web", "default.web", "shop.web"].map(tierOf)).toEqual(["default", "default", "shop"]);
  });

  test("carries its name as given and its tier; an endpoint its namespace and orchestrator", () => {
    const policy = { kind: "NetworkPolicy", name: "web", namespace: "a" } as const;
    expect(impliedAnnotations(policy)).toEqual({ "projectcalico.org/metadata": '{"name":"web"}' });
    expect(impliedLabels(policy, {})).toEqual({ "projectcalico.org/tier": "default" });
    const endpoint = { kind: "WorkloadEndpoint", name: "w", namespace: "a" } as const;
    expect(impliedLabels(endpoint, { orchestrator: "lab" })).toEqual({
      "projectcalico.org/namespace": "a",
      "projectcalico.org/orchestrator": "lab",
    });
    expect(impliedAnnotations(endpoint)).toEqual({});
  });
});
