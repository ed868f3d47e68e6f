import { describe, expect, test } from "vitest";
import { Inputs } from "../../../blueprint/inputs";
import { parseBlueprint } from "../../../blueprint/parse";
import { oneNode, parseTosca, told } from "./tosca";

const PORT = "capabilities: {endpoint: {properties: {port: 80, network_name: PUBLIC}}}";
const outputs = (text: string, more = "") => oneNode(PORT, "", `  outputs: ${text}${more}`);

describe("the outputs of a TOSCA template", () => {
  test("are outputs of the application: attributes, properties, inputs, texts of them, lists and maps", () => {
    const { blueprint, diagnostics } = parseTosca(
      outputs(
        `
    address: {description: where it is, type: string, value: {get_attribute: [web, public_address]}}
    url: {value: {concat: ["http://", {get_attribute: [web, public_address]}, ":", {get_property: [web, endpoint, port]}]}}
    mode: {value: {get_input: mode}}
    all: {value: {names: [a, {get_input: mode}]}}`,
        "\n  inputs: {mode: {type: string, default: fast}}",
      ),
    );
    expect(diagnostics).toEqual([]);
    const address = { kind: "attribute", service: "web", sensor: "host.address" };
    const fast = { kind: "literal", value: "fast" };
    expect(blueprint?.outputs).toMatchObject({
      address,
      url: { kind: "format", pattern: "http://%s:80", args: [address] },
      mode: fast,
      all: { kind: "map", entries: { names: { kind: "list", items: [{ value: "a" }, fast] } } },
    });
  });

  test("are parts of lists and maps, also of such that are given", () => {
    const text = `tosca_definitions_version: tosca_simple_yaml_1_3
node_types:
  shop.Web: {derived_from: tosca.nodes.Container.Application.Docker, properties: {shape: {type: map}, tags: {type: list}}}
topology_template:
  inputs: {shape: {type: map, default: {sizes: [1, 2]}}}
  node_templates:
    web:
      type: shop.Web
      properties: {shape: {get_input: shape}, tags: [a, {get_input: [shape, sizes, 1]}]}
      artifacts: {image: {file: web, type: tosca.artifacts.Deployment.Image.Container.Docker}}
  outputs:
    second: {value: {get_property: [web, shape, sizes, 1]}}
    all: {value: {get_property: [web, shape, sizes]}}
    tag: {value: {get_property: [web, tags, 1]}}
`;
    const { blueprint } = parseTosca(text);
    const two = { kind: "literal", value: 2 };
    expect(blueprint?.outputs).toMatchObject({
      second: two,
      tag: two,
      all: { kind: "list", items: [{ value: 1 }, two] },
    });
    expect(told(text.replace("sizes, 1]}}\n    all", "sizes, 7]}}\n    all"))).toContain("of node 'web' has no '7'");
  });

  test("are secret where they are made of a secret input", () => {
    const text = outputs("{mode: {value: {concat: [a, {get_input: mode}]}}}", "\n  inputs: {mode: {type: string}}");
    const { blueprint } = parseBlueprint(text, "app.yaml", { inputs: new Inputs({ mode: "hidden" }, true) });
    expect(blueprint?.outputs).toEqual({ mode: { kind: "secret", value: "ahidden" } });
  });

  test.each([
    ["{a: {value: {get_attribute: [wob, ip_address]}}}", "did you mean 'web'?"],
    ["{a: {value: {get_attribute: [SELF, ip_address]}}}", "SELF means nothing here"],
    ["{a: {value: {get_attribute: [web, weight]}}}", "unsupported-attribute"],
    ["{a: {}}", "error missing-value: output 'a' has no value"],
    ["{a: 1}", "output 'a' needs a map, not '1'"],
    ["{a: {valu: 1}}", "output 'a' has the key 'valu', which TOSCA does not know there"],
    ["{a: {mapping: [web, ip_address]}}", "mapping of output 'a' is not supported"],
    ["[a]", "outputs of the topology_template needs a map, not a list"],
  ])("%s is refused: %s", (text, message) => {
    expect(told(outputs(text))).toContain(message);
  });

  test("of the Brooklyn form are told where they name what there is not", () => {
    const services = 'services: [{type: "docker:web:1", id: web}]\n';
    const said = (text: string) =>
      parseBlueprint(`${services}outputs: ${text}\n`, "app.yaml").diagnostics.map(({ code }) => code);
    expect(said('{a: $brooklyn:component("wob").attributeWhenReady("host.address")}')).toEqual(["unknown-service"]);
    expect(said('{a: $brooklyn:config("colour")}')).toEqual(["unknown-config-key"]);
    expect(said("[a]")).toEqual(["bad-type"]);
  });
});
