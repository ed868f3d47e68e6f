import { expect, it } from "vitest";
import type { Metadata } from "../../../providers/calico/model/resource";
import { evaluateSelector } from "../../../providers/calico/validation/selector";
import { parseSelector } from "../../../providers/calico/validation/selector-parser";
import { validateResource } from "../../../providers/calico/validation/validate";
import { parseSettings } from "../../../settings/load";
import { type Settings, settingsSchema } from "../../../settings/schema";
import { deployed } from "../components/deployed";
import { inputsOf, type Recorded } from "../components/recorder";
import { openstackLocation, rawSettings } from "../settings/example";

const FELIX = { hostEndpoints: true, felixUrl: "https://files.example.com/calico-felix", felixSha256: "0".repeat(64) };
const ETCD = { endpoints: ["https://192.0.2.5:2379"], cert: "CERT", key: "THE CLIENT KEY" };
const REDIS = "org.apache.brooklyn.entity.nosql.redis.RedisStore";
const SERVICES = `
- {type: ${REDIS}, id: store, location: cloud, directPorts: [6379]}
- {type: ${REDIS}, id: copy, location: cloud, links: {store: '$brooklyn:component("store")'}}
- {type: "docker:web:1", id: web, location: docks, openPorts: 80, links: {copy: '$brooklyn:component("copy")'}}
`;
const OUTPUTS = Object.fromEntries(
  ["store", "copy"].flatMap((id, index) => [
    [`${id}-address`, { address: `192.0.2.20${index}` }],
    [`${id}-port`, { allFixedIps: [`198.18.128.${index + 5}`] }],
    [`${id}-key`, { publicKey: `ssh-ed25519 AAAA ${id}`, privateKey: "PRIVATE" }],
  ]),
);

function settingsOf(cloud: Record<string, unknown>): Settings {
  return settingsSchema.parse({
    blueprint: "app.yaml",
    locations: {
      cloud: openstackLocation({ nameservers: ["192.0.2.53"], ...cloud }),
      docks: {
        type: "docker",
        hosts: { h1: { url: "ssh://deploy@192.0.2.11", address: "192.0.2.11", calico: "present" } },
      },
    },
    network: { sources: ["192.0.2.64/26"], calico: { etcd: ETCD, pool: "198.18.160.0/20" } },
  });
}

const made = (cloud: Record<string, unknown>) => deployed(settingsOf(cloud), SERVICES, OUTPUTS);
const ofKind = (all: readonly Recorded[], kind: string) => all.filter(({ type }) => type.endsWith(`calico:${kind}`));
const dependenciesOf = (all: readonly Recorded[], name: string) =>
  all.find((resource) => resource.name === name)?.dependencies ?? [];

it("machines are no hosts of Calico unless their location says so", async () => {
  const all = await made({});
  for (const kind of ["Node", "HostEndpoint"]) expect(ofKind(all, kind)).toEqual([]);
  const { steps, ...rest } = inputsOf(all, "store-setup");
  expect(JSON.stringify(rest)).not.toMatch(/felix|calico/i);
  // It may have been under Felix before.
  const names = (steps as { name: string }[]).map(({ name }) => name).filter((name) => name.includes("Felix"));
  expect(names).toEqual(["remove Felix"]);
});

it("a machine is a node with one host endpoint, that of its own address, which are there before Felix", async () => {
  const all = await made(FELIX);
  expect(inputsOf(all, "store-node")).toMatchObject({ metadata: { name: "app-unit-store" }, spec: {} });
  expect(inputsOf(all, "store-endpoint")).toMatchObject({
    metadata: { name: "app-unit-store", labels: { "clocker.machine": "app-unit-store" } },
    spec: { node: "app-unit-store", expectedIPs: ["198.18.128.5"] },
  });
  expect(dependenciesOf(all, "store-endpoint")).toEqual(expect.arrayContaining(["store-node", "store-policy"]));
  expect(dependenciesOf(all, "store-setup")).toContain("store-endpoint");
  for (const kind of ["Node", "HostEndpoint", "GlobalNetworkPolicy"] as const) {
    for (const { name, inputs } of ofKind(all, kind)) {
      expect(validateResource(kind, inputs["metadata"] as Metadata, inputs["spec"]), name).toEqual([]);
    }
  }
});

it("a machine accepts by policy what its security group lets in, and calls whom it likes", async () => {
  const all = await made(FELIX);
  const allow = (source: object, port: number) => ({
    action: "Allow",
    protocol: "TCP",
    source,
    destination: { ports: [port] },
  });
  expect(inputsOf(all, "store-policy")).toMatchObject({
    metadata: { name: "clocker-app-unit.store-machine" },
    spec: {
      selector: "clocker.machine == 'app-unit-store'",
      types: ["Ingress", "Egress"],
      ingress: [
        allow({ nets: ["192.0.2.1/32"] }, 22),
        allow({ nets: ["192.0.2.64/26"] }, 6379),
        allow({ selector: "clocker.machine == 'app-unit-copy'" }, 6379),
      ],
      egress: [{ action: "Allow" }],
    },
  });
  expect(inputsOf(all, "copy-policy")).toMatchObject({
    spec: { ingress: [allow({ nets: ["192.0.2.1/32"] }, 22), allow({ nets: ["192.0.2.11/32"] }, 6379)] },
  });
});

it("no policy for services with an address in Calico selects a machine", async () => {
  const all = await made(FELIX);
  const labels = { "clocker.machine": "app-unit-store" };
  const selecting = ofKind(all, "GlobalNetworkPolicy").flatMap(({ name, inputs }) => {
    const { selector = "" } = inputs["spec"] as { selector?: string };
    const parsed = parseSelector(selector);
    return "selector" in parsed && evaluateSelector(parsed.selector, labels) ? [name] : [];
  });
  expect(selecting).toEqual(["store-policy"]);
});

it("Felix is set up before the service, is part of what a refresh looks at, and its credentials are secrets", async () => {
  const inputs = inputsOf(await made(FELIX), "store-setup");
  const steps = (inputs["steps"] as { name: string }[]).map(({ name }) => name);
  expect(steps.slice(0, 3)).toEqual(["wait for the machine's first boot", "install Felix", "start Felix"]);
  expect((inputs["verify"] as { script: string }).script).toContain("Felix enforces nothing");
  // Pulumi's mark of a secret.
  expect(inputs["files"]).toMatchObject({ "4dabf18193072939515e22adb298388d": expect.any(String) });
  const { files: _, redact: __, ...rest } = inputs;
  expect(JSON.stringify(rest)).not.toContain(ETCD.key);
});

it("hostEndpoints needs Calico, and the program with its sum", () => {
  const problems = (cloud: Record<string, unknown>, network: Record<string, unknown>) =>
    parseSettings(
      rawSettings({
        locations: { cloud: openstackLocation(cloud) },
        network,
        encryptedKeys: new Set(["clocker:locations", "clocker:network"]),
      }),
    ).diagnostics.map(({ code, message }) => `${code}: ${message}`);
  const calico = { etcd: { endpoints: ["https://192.0.2.5:2379"] }, pool: "198.18.160.0/20" };
  expect(problems(FELIX, { calico })).toEqual([]);
  expect(problems(FELIX, {})).toEqual([
    "host-endpoints-without-calico: clocker:locations.cloud.hostEndpoints is true, but there is no clocker:network.calico that machines could take part in",
  ]);
  expect(problems({ hostEndpoints: "true" }, { calico })).toEqual([
    "missing-setting: clocker:locations.cloud.felixUrl is missing, and clocker:locations.cloud.hostEndpoints shall run that program",
    "missing-setting: clocker:locations.cloud.felixSha256 is missing, and clocker:locations.cloud.hostEndpoints shall run that program",
  ]);
  expect(problems({ ...FELIX, felixSha256: "abc" }, { calico })).toEqual([
    "invalid-setting: clocker:locations.cloud.felixSha256 is 'abc'",
  ]);
});
