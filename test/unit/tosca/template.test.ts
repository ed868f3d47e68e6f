import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { tcp, udp } from "../../support/ports";
import { IMAGE, oneNode, parseTosca, told, VERSION } from "./tosca";

const literal = (value: string | number) => ({ kind: "literal", value });

const SHOP = `${VERSION}
metadata: {template_name: shop}
imports: [types.yaml]
topology_template:
  inputs: {mode: {type: string, default: production, constraints: [{valid_values: [production, test]}]}}
  node_templates:
    web:
      type: shop.nodes.Web
      requirements:
        - host: server
        - store: cache
        - connection: db
      interfaces:
        Standard:
          operations:
            create:
              implementation: image
              inputs:
                MODE: {get_input: mode}
                DB: {concat: ["db://", {get_attribute: [db, private_address]}, ":", {get_property: [db, port]}]}
                NAMES: {join: [[a, b], ","]}
                FIRST: {token: [1.2.3, ".", 0]}
    cache: {type: shop.nodes.Redis, properties: {component_version: 3.0.0}}
    db:
      type: tosca.nodes.DBMS
      properties: {port: 5432, root_password: {get_input: mode}}
      artifacts: {image: {file: postgres, type: tosca:Deployment.Image.Container.Docker}}
    server:
      type: Compute
      capabilities: {host: {properties: {num_cpus: 2, mem_size: 4 GiB, disk_size: 20 GB}}}
`;
const TYPES = `${VERSION}
node_types:
  shop.nodes.Redis: {derived_from: tosca.nodes.SoftwareComponent}
  shop.nodes.Web:
    derived_from: tosca.nodes.Container.Application.Docker
    properties: {port: {type: integer, default: 9090}}
    artifacts: {image: {file: shop/web:2, type: tosca.artifacts.Deployment.Image.Container.Docker}}
`;

describe("a TOSCA template", () => {
  test("of three services on a machine has their links, values and sizes in the model", () => {
    const { blueprint, diagnostics } = parseTosca(SHOP, { "types.yaml": TYPES });
    expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(blueprint).toMatchObject({ id: "shop", name: "shop" });
    expect(blueprint?.services.map(({ id, type, ports }) => [id, type, ports])).toEqual([
      ["web", "docker:shop/web:2", tcp(9090)],
      ["cache", "org.apache.brooklyn.entity.nosql.redis.RedisStore", tcp(6379)],
      ["db", "docker:postgres", tcp(5432)],
    ]);
    const [web, cache] = blueprint?.services ?? [];
    expect(web?.links.map(({ alias, target }) => [alias, target])).toEqual([
      ["cache", "cache"],
      ["db", "db"],
      ["store", "cache"],
    ]);
    expect(web?.machine).toEqual({ minCores: 2, minRamMb: 4096, minDiskGb: 19 });
    expect(web?.env).toMatchObject({
      MODE: literal("production"),
      DB: { kind: "format", pattern: "db://%s:5432", args: [{ kind: "attribute", sensor: "host.subnet.address" }] },
      NAMES: literal("a,b"),
      FIRST: literal("1"),
    });
    expect(cache?.workload).toMatchObject({ entity: "redis", settings: { "install.version": literal("3.0.0") } });
  });

  test.each([
    ["capabilities: {endpoint: {properties: {port: 80}}}", { ports: tcp(80), portBindings: [] }],
    [
      "capabilities: {endpoint: {properties: {port: 80, network_name: PUBLIC}}}",
      { portBindings: [{ hostPort: 80, containerPort: 80 }] },
    ],
    [
      "properties: {ports: [{protocol: tcp, target: 80, source: 8080}]}",
      { portBindings: [{ hostPort: 8080, containerPort: 80 }] },
    ],
    [
      "capabilities: {endpoint: {properties: {port: 53, protocol: udp, network_name: PUBLIC}}}",
      { portBindings: [{ hostPort: 53, containerPort: 53, protocol: "udp" }], ports: udp(53) },
    ],
    [
      "properties: {ports: [{protocol: UDP, target: 53, source: 5353}, {target: 53, source: 5353}, {protocol: udp, target: 67}]}",
      {
        portBindings: [
          { hostPort: 5353, containerPort: 53, protocol: "tcp" },
          { hostPort: 5353, containerPort: 53, protocol: "udp" },
        ],
        ports: [...tcp(53), ...udp(53, 67)],
      },
    ],
    ["capabilities: {scalable: {properties: {default_instances: 3}}}", { instances: 3 }],
    ["description: the shop", { description: "the shop", name: "web" }],
    [
      "interfaces: {Standard: {create: {inputs: {A: {get_property: [SELF, port]}}}}}\n      properties: {port: 81}",
      {
        ports: tcp(81),
        env: { A: literal(81) },
      },
    ],
    [
      "interfaces: {Standard: {start: {inputs: {A: start}}, create: {inputs: {A: create}}}}",
      { env: { A: literal("start") } },
    ],
    ["interfaces: {Standard: {create: {inputs: {A: '$brooklyn:x'}}}}", { env: { A: literal("$brooklyn:x") } }],
    [
      "interfaces: {Standard: {create: {inputs: {A: {get_attribute: [SELF, tosca_name]}}}}}",
      { env: { A: literal("web") } },
    ],
  ])("with %s says so in the model", (keys, expected) => {
    const { blueprint, diagnostics } = parseTosca(oneNode(keys));
    expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(blueprint?.services[0]).toMatchObject(expected);
  });

  test("limits a container by its runtime", () => {
    const nodes =
      "    docker: {type: tosca.nodes.Container.Runtime, capabilities: {host: {properties: {num_cpus: 1, mem_size: 1 GB}}}}";
    const { blueprint } = parseTosca(oneNode("requirements: [{host: docker}]", nodes));
    expect(blueprint?.services[0]).toMatchObject({ memoryBytes: 1e9, container: { cpus: 1 } });
  });

  test("takes a database without an image as a part of what it is hosted on", () => {
    const nodes = `    data: {type: tosca.nodes.Database, properties: {name: shop}, requirements: [{host: dbms}]}
    dbms: {type: tosca.nodes.DBMS, ${IMAGE}}`;
    const keys =
      "requirements: [{database_endpoint: data}]\n      interfaces: {Standard: {create: {inputs: {N: {get_property: [data, name]}}}}}";
    const { blueprint, diagnostics } = parseTosca(oneNode(keys, nodes));
    expect(diagnostics).toEqual([]);
    expect(blueprint?.services.map(({ id, links }) => [id, links.map(({ target }) => target)])).toEqual([
      ["web", ["dbms"]],
      ["dbms", []],
    ]);
    expect(blueprint?.services[0]?.env).toEqual({ N: literal("shop") });
  });

  test("takes images from the repositories that it names", () => {
    const repository = "repositories: {own: {url: 'https://registry.example.com:5000/v2'}}";
    const { blueprint } = parseTosca(oneNode("", "", repository).replace("file:", "repository: own, file:"));
    expect(blueprint?.services[0]?.type).toBe("docker:registry.example.com:5000/shop/web:1");
  });
});

describe("what a TOSCA template asks for and there is not", () => {
  test.each([
    ["directives: [select]", "7:7 error unsupported-key: directives of node 'web' is not supported"],
    [
      "atributes: {a: b}",
      "7:7 error unknown-key: node 'web' has the key 'atributes', which TOSCA does not know there\n  did you mean 'attributes'?",
    ],
    ["properties: {size: 1}", "7:20 error unknown-property: node 'web' has the property 'size'"],
    [
      "requirements: [{connection: gone}]",
      "7:35 error unknown-node: requirement 'connection' of node 'web' names 'gone'",
    ],
    [
      "requirements: [{connection: {node_filter: {a: b}}}]",
      "error unsupported-key: node_filter of requirement 'connection'",
    ],
    ["requirements: [{local_storage: web}]", "attaches storage, which is not supported"],
    ["requirements: {host: web}", "requirements of node 'web' needs a list, not a map"],
    [
      "interfaces: {Standard: {create: create.sh}}",
      "the implementation 'create.sh' of operation 'create' of node 'web'",
    ],
    ["interfaces: {Other: {run: {}}}", "the interface 'Other' of node 'web' is not supported"],
    ["interfaces: {Standard: {create: {inputs: {A: {get_input: gone}}}}}", "the template has no input 'gone'"],
    ["interfaces: {Standard: {create: {inputs: {A: {get_attribute: [SELF, ip_address]}}}}}", "error self-reference"],
    [
      "interfaces: {Standard: {create: {inputs: {A: {get_attribute: [web, weight]}}}}}",
      "the attribute 'weight' of node 'web' is not known here",
    ],
    [
      "interfaces: {Standard: {create: {inputs: {A: {get_property: [HOST, port]}}}}}",
      "HOST means nothing: node 'web' is hosted on none",
    ],
    [
      "interfaces: {Standard: {create: {inputs: {A: {get_artifact: [SELF, x]}}}}}",
      "the function get_artifact is not supported",
    ],
    ["interfaces: {Standard: {create: {inputs: {A: {token: [a, b]}}}}}", "the function token cannot take a list"],
    ["properties: {port: {get_property: [SELF, port]}}", "error property-cycle"],
    [
      "capabilities: {endpoint: {properties: {port: 53, protocol: sctp}}}",
      "the protocol 'sctp' of capability 'endpoint'",
    ],
    [
      "capabilities: {endpoint: {properties: {port: 80, url_path: /a}}}",
      "warning ignored-key: url_path of capability 'endpoint'",
    ],
    ["requirements: [{connection: web}]", "requirement 'connection' on itself of node 'web' has no effect"],
    ["properties: {port: x}", "7:26 error bad-port: openPorts of service 'web' needs a port"],
  ])("%s is told", (keys, expected) => {
    expect(told(oneNode(keys))).toContain(expected);
  });

  test.each([
    ["inputs: {a: {type: integer, default: x}}", "input 'a' cannot be 'x': it needs the type integer"],
    [
      "inputs: {a: {type: integer, default: 5, constraints: [{in_range: [1, 4]}]}}",
      "its definition says in_range 1, 4",
    ],
  ])("%s of the topology is told", (keys, expected) => {
    expect(told(oneNode("", `  ${keys}`))).toContain(expected);
  });

  test("an input without a value is told with what to do", () => {
    const keys = "interfaces: {Standard: {create: {inputs: {A: {get_input: a}}}}}";
    const said = told(oneNode(keys, "  inputs: {a: {type: string}}"));
    expect(said).toContain("8:12 error missing-input: the input 'a' has no value");
    expect(said).toContain("clocker:inputs.a");
  });

  test.each([
    ["imports: ['https://example.com/types.yaml']", "nothing is fetched while a blueprint is read"],
    ["imports: [gone.yaml]", "cannot import 'gone.yaml': there is no such file"],
    ["imports: [{file: a.yaml, namespace_prefix: a}]", "'namespace_prefix' of an import is not supported"],
  ])("%s is told", (more, expected) => {
    expect(told(oneNode("", "", more))).toContain(expected);
  });

  test("other versions, unknown types and software without an image are told", () => {
    expect(told("tosca_definitions_version: tosca_2_0")).toContain("1:28 error unsupported-version");
    const node = (type: string) => `${VERSION}\ntopology_template: {node_templates: {a: {type: ${type}}}}`;
    expect(told(node("tosca.nodes.Databas"))).toContain("did you mean 'tosca.nodes.Database'?");
    expect(told(node("tosca.nodes.SoftwareComponent"))).toContain("node 'a' names no image");
    expect(told(node("tosca.nodes.Compute"))).toContain("the template has no node that is a service");
    expect(told(VERSION)).toContain("the template has no topology_template");
  });

  test("nodes that are hosted on each other are told", () => {
    const nodes = `    a: {type: WebApplication, requirements: [{host: b}]}
    b: {type: WebApplication, requirements: [{host: a}]}`;
    expect(told(oneNode("", nodes))).toContain(
      "8:5 error unsupported-host: node 'a' is hosted on nodes that stand on no service",
    );
  });

  test("any template gives a blueprint or an error, never an exception", () => {
    const keys = ["properties", "requirements", "capabilities", "interfaces", "artifacts", "type", "description"];
    const call = fc.constantFrom("get_input", "get_property", "get_attribute", "concat", "join", "token");
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 3 }),
      fc
        .tuple(call, fc.jsonValue({ maxDepth: 2 }))
        .map(([name, args]) => ({ Standard: { create: { inputs: { A: { [name]: args } } } } })),
      fc.constantFrom([{ host: "web" }], [{ host: "a" }], { host: { properties: { mem_size: "1 GB" } } }),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...keys),
        value,
        fc.constantFrom("inputs", "outputs", "x"),
        fc.jsonValue(),
        (key, one, top, two) => {
          const web = { type: "tosca.nodes.WebApplication", requirements: [{ host: "a" }], [key]: one };
          const a = { type: "tosca.nodes.WebApplication", requirements: [{ host: "web" }] };
          const { blueprint, diagnostics } = parseTosca(
            JSON.stringify({
              tosca_definitions_version: "tosca_simple_yaml_1_3",
              topology_template: { node_templates: { web, a }, [top]: two },
            }),
          );
          expect(blueprint === undefined).toBe(diagnostics.some(({ severity }) => severity === "error"));
        },
      ),
    );
  });
});
