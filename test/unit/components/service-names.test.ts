import { expect, it } from "vitest";
import { parseBlueprint } from "../../../blueprint/parse";
import { Application } from "../../../components/application";
import { place } from "../../../placement/place";
import { type Settings, settingsSchema } from "../../../settings/schema";
import { openstackLocation } from "../settings/example";
import { applicationArgs } from "./application-args";
import { inputsOf, type Recorded, recordResources } from "./recorder";

const RECORD_SET = "pulumi-nodejs:dynamic/dns:RecordSet";
const HOST_A = { url: "ssh://deploy@192.0.2.11", address: "192.0.2.11" };
const HOST_B = { url: "ssh://deploy@host-b.example.com", address: "host-b.example.com" };
const HOST_6 = { url: "ssh://deploy@192.0.2.16", address: "2001:db8::16" };
const CALICO = {
  etcd: { endpoints: ["https://192.0.2.5:2379"] },
  pool: "198.18.160.0/20",
  driverImage: "registry.example.com/driver:1",
  felixImage: "registry.example.com/felix:1",
};
const DNS = {
  server: "192.0.2.53",
  domain: "apps.example.com",
  tsig: { name: "clocker", secret: "c2VjcmV0" },
  ttl: 30,
};
const task = (host: string, address: string) => ({ id: `${host}-task`, host, ports: [31000], ipAddresses: [address] });
/** What the clouds would answer. */
const OUTPUTS = {
  "network-range": { cidr: "198.18.160.64/26" },
  "cache-address": { address: "198.18.160.65" },
  "monster-app": {
    endpoints: [{ address: "agent-1", port: 31000, servicePort: 8080, protocol: "tcp" }],
    tasks: [task("agent-1", "198.18.160.66")],
  },
  "store-address": { address: "192.0.2.200" },
  "store-port": { allFixedIps: ["198.18.128.5"] },
  "store-key": { publicKey: "ssh-ed25519 AAAA store", privateKey: "PRIVATE" },
};

const CACHE = '- {type: "docker:redis:3", id: cache, location: docks, openPorts: 6379}\n';
const MONSTER = '- {type: "docker:monster:1", id: monster, location: tasks, openPorts: 8080}\n';
const STORE = "- {type: org.apache.brooklyn.entity.nosql.redis.RedisStore, id: store, location: machines}\n";

interface Case {
  readonly services: string;
  readonly network?: Record<string, unknown>;
  readonly placement?: Record<string, string>;
  readonly reverse?: readonly string[];
  readonly outputs?: Record<string, Record<string, unknown>>;
}

function settingsOf({ network = {}, placement = {} }: Case): Settings {
  return settingsSchema.parse({
    blueprint: "unit.yaml",
    locations: {
      docks: { type: "docker", hosts: { "host-a": HOST_A, "host-b": HOST_B, "host-six": HOST_6 } },
      tasks: { type: "marathon", url: "http://192.0.2.30:8080", agents: { "agent-1": HOST_A, "agent-2": HOST_B } },
      machines: openstackLocation({ nameservers: ["192.0.2.99"] }),
    },
    placement,
    network: { dns: DNS, ...network },
  });
}

async function deploy(one: Case): Promise<Recorded[]> {
  const settings = settingsOf(one);
  const { blueprint, diagnostics } = parseBlueprint(`id: shop\nservices:\n${one.services}`, "unit.yaml");
  expect(diagnostics).toEqual([]);
  const placed = blueprint && place(blueprint, settings, "unit");
  if (blueprint === undefined || placed?.plan === undefined) throw new Error(JSON.stringify(placed?.diagnostics));
  const { plan } = placed;
  const reverse = new Set(one.reverse);
  return recordResources(() => new Application("shop", applicationArgs(blueprint, settings, plan, reverse)), {
    ...OUTPUTS,
    ...one.outputs,
  });
}

/** `name TYPE values`, by resource name. */
async function records(one: Case): Promise<Record<string, string>> {
  const made = (await deploy(one)).filter(({ type }) => type === RECORD_SET);
  expect(made.map(({ inputs }) => inputs["ttl"])).toEqual(made.map(() => DNS.ttl));
  return Object.fromEntries(
    made.map(({ name, inputs }) => [name, `${inputs["name"]} ${inputs["type"]} ${String(inputs["values"])}`]),
  );
}

const CLAIM = { "names-claim": "_clocker.shop.apps.example.com TXT clocker-stack=unit" };

it("without a name server nothing is named, and containers keep their host's resolvers", async () => {
  const made = await deploy({ services: CACHE, network: { dns: undefined } });
  expect(made.filter(({ type }) => type === RECORD_SET)).toEqual([]);
  expect(inputsOf(made, "cache-container")).not.toHaveProperty("dns");
});

it("services behind a host's address are named by it, and have no name of it", async () => {
  const reverse = ["docks", "tasks"];
  expect(await records({ services: CACHE + MONSTER, reverse })).toEqual({
    ...CLAIM,
    "cache-name": "cache.shop.apps.example.com A 192.0.2.11",
    "monster-name": "monster.shop.apps.example.com A 192.0.2.11",
  });
});

it("a host's name is an alias, and its IPv6 address an AAAA record", async () => {
  expect(await records({ services: CACHE, placement: { cache: "docks/host-b" } })).toMatchObject({
    "cache-name": "cache.shop.apps.example.com CNAME host-b.example.com",
  });
  expect(await records({ services: CACHE, placement: { cache: "docks/host-six" } })).toMatchObject({
    "cache-name": "cache.shop.apps.example.com AAAA 2001:db8::16",
  });
});

it("all instances are values of one record set, where a host's name stands among addresses its number", async () => {
  const tasks = [
    task("agent-1", "198.18.160.66"),
    task("localhost", "198.18.160.67"),
    task("agent-1", "198.18.160.68"),
  ];
  const outputs = { "monster-app": { endpoints: [], tasks } };
  expect(await records({ services: MONSTER, outputs })).toMatchObject({
    "monster-name": "monster.shop.apps.example.com A 192.0.2.11,127.0.0.1",
  });
  expect(await records({ services: MONSTER, outputs, network: { calico: CALICO } })).toMatchObject({
    "monster-name": "monster.shop.apps.example.com A 198.18.160.66,198.18.160.67,198.18.160.68",
  });
});

it("addresses of a service's own have its name where their reverse zone is served, and only there", async () => {
  const services = CACHE + MONSTER + STORE;
  const calico = { calico: CALICO };
  const forward = {
    ...CLAIM,
    "cache-name": "cache.shop.apps.example.com A 198.18.160.65",
    "monster-name": "monster.shop.apps.example.com A 198.18.160.66",
    "store-name": "store.shop.apps.example.com A 192.0.2.200",
  };
  expect(await records({ services, network: calico })).toEqual(forward);
  expect(await records({ services, network: calico, reverse: ["docks", "tasks", "machines"] })).toEqual({
    ...forward,
    "cache-pointer": "65.160.18.198.in-addr.arpa PTR cache.shop.apps.example.com",
    "monster-pointer": "66.160.18.198.in-addr.arpa PTR monster.shop.apps.example.com",
    "store-pointer": "200.2.0.192.in-addr.arpa PTR store.shop.apps.example.com",
  });
});

it("records come after the claim and after everything of their service, its readiness too", async () => {
  const made = await deploy({ services: CACHE + MONSTER + STORE, network: { calico: CALICO }, reverse: ["docks"] });
  const dependencies = (name: string) => made.find((resource) => resource.name === name)?.dependencies;
  for (const name of ["cache-name", "cache-pointer"]) {
    expect(dependencies(name)).toEqual(expect.arrayContaining(["names-claim", "cache-container", "cache-ready"]));
  }
  expect(dependencies("monster-name")).toEqual(expect.arrayContaining(["names-claim", "monster-app"]));
  expect(dependencies("store-name")).toEqual(expect.arrayContaining(["names-claim", "store-setup"]));
});

it("containers, tasks and machines ask the name server where the settings say so", async () => {
  const made = await deploy({ services: CACHE + MONSTER + STORE, network: { dns: { ...DNS, resolver: true } } });
  expect(inputsOf(made, "cache-container")).toMatchObject({
    dns: [DNS.server],
    dnsSearches: ["shop.apps.example.com"],
  });
  expect(inputsOf(made, "monster-app")).toMatchObject({
    app: {
      container: {
        docker: {
          parameters: [
            { key: "dns", value: DNS.server },
            { key: "dns-search", value: "shop.apps.example.com" },
          ],
        },
      },
    },
  });
  expect(inputsOf(made, "machines-subnet")).toMatchObject({ dnsNameservers: [DNS.server, "192.0.2.99"] });
  expect(inputsOf(made, "store-port")).toMatchObject({
    extraDhcpOptions: [{ name: "domain-name", value: "shop.apps.example.com" }],
  });
});
