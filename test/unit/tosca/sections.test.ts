import { describe, expect, test } from "vitest";
import { oneNode, told } from "./tosca";

/** What is told on lines of their own, without remedies. */
function messages(text: string): readonly string[] {
  return told(text)
    .split("\n")
    .flatMap((line) => /\.yaml:[\d:]+ (.*)$/.exec(line)?.[1] ?? []);
}

describe("what a TOSCA template says beside its nodes is told entry by entry:", () => {
  test.each([
    [
      "groups: {a: {type: tosca.groups.Root, members: [web]}, b: {type: shop.Group}}",
      [
        "warning ignored-key: group 'a' of type 'tosca.groups.Root' has no effect: nodes are deployed one by one",
        "warning ignored-key: group 'b' of type 'shop.Group' has no effect: nodes are deployed one by one",
      ],
    ],
    [
      "policies: [{a: {type: tosca.policies.Scaling}}, {b: {type: tosca.policies.Placement}}]",
      [
        "error unsupported-key: policy 'a' of type 'tosca.policies.Scaling' is not supported",
        "error unsupported-key: policy 'b' of type 'tosca.policies.Placement' is not supported",
      ],
    ],
    [
      "workflows: {a: {steps: {one: {}, two: {}}}, b: {}}",
      [
        "error unsupported-key: workflow 'a' with the steps 'one', 'two' is not supported: the order of things is no choice",
        "error unsupported-key: workflow 'b' is not supported: the order of things is no choice",
      ],
    ],
    [
      "substitution_mappings: {node_type: shop.Web, properties: {p: [web, p]}, requirements: {r: [web, r]}}",
      [
        "warning ignored-key: substitution_mappings, which make the template a node of type 'shop.Web', have no effect: a template stands for itself here",
        "warning ignored-key: the mapping of 'p' under properties of substitution_mappings has no effect",
        "warning ignored-key: the mapping of 'r' under requirements of substitution_mappings has no effect",
      ],
    ],
    ["groups: {}", []],
    ["workflows: x", ["error bad-type: workflows of the topology_template needs a map of names, not 'x'"]],
    ["policies: [x]", ["error bad-type: policies of the topology_template needs a map of names, not a list"]],
  ])("%s", (section, expected) => {
    expect(messages(oneNode("", `  ${section}`))).toEqual(expected);
  });

  test.each([
    ["tosca.policies.Scaling", "default_instances in the capability `scalable`"],
    ["tosca.policies.Placement", "clocker:placement"],
    ["tosca.policies.Update", "`pulumi up`"],
    ["shop.Policy", "remove it, or say in the stack's clocker:placement"],
  ])("a policy of type %s with what to do", (type, remedy) => {
    expect(told(oneNode("", `  policies: [{a: {type: ${type}}}]`))).toContain(remedy);
  });

  test("a node filter of a node and of a requirement", () => {
    const filter =
      "node_filter: {properties: [{size: {equal: 1}}, {b: c}], capabilities: [{host: {properties: [{d: e}]}}]}";
    expect(messages(oneNode(filter))).toEqual([
      "error unsupported-key: the condition on the property 'size' in node_filter of node 'web' is not supported",
      "error unsupported-key: the condition on the property 'b' in node_filter of node 'web' is not supported",
      "error unsupported-key: the condition on the capability 'host' in node_filter of node 'web' is not supported",
    ]);
    expect(messages(oneNode(`requirements: [{connection: {${filter}}}]`))[0]).toBe(
      "error unsupported-key: the condition on the property 'size' in node_filter of requirement 'connection' of node 'web' is not supported",
    );
  });
});
