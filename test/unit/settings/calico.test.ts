import { describe, expect, it } from "vitest";
import { parseSettings } from "../../../settings/load";
import { dockerLocation, marathonLocation, openstackLocation, rawSettings } from "./example";

const ETCD = { endpoints: ["https://192.0.2.5:2379"] };
const IMAGES = { driverImage: "registry.example.com/driver:1", felixImage: "registry.example.com/felix:1" };
const CALICO = { etcd: ETCD, pool: "198.18.160.0/20", ...IMAGES };
const DNS = {
  server: "192.0.2.53",
  domain: "apps.example.com",
  tsig: { name: "clocker", secret: "c2VjcmV0" },
};

/** Settings with Calico, where `change` replaces keys of it, and these locations. */
function raw(change: Record<string, unknown> = {}, locations?: Record<string, unknown>) {
  return rawSettings({
    network: { calico: { ...CALICO, ...change } },
    encryptedKeys: new Set(["clocker:locations", "clocker:network"]),
    ...(locations && { locations }),
  });
}

const problems = (settings: ReturnType<typeof rawSettings>) =>
  parseSettings(settings).diagnostics.map(({ code, message, remedy }) => `${code}: ${message}; ${remedy}`);

const host = (address: string, change: Record<string, unknown> = {}) => ({ url: "ssh://deploy@a", address, ...change });
const docks = (hosts: Record<string, unknown>) => ({ docks: dockerLocation({ hosts }) });

describe("the settings of Calico", () => {
  it("come out with every default filled in", () => {
    const { settings, diagnostics } = parseSettings(raw({ bgp: {} }));
    expect(diagnostics).toEqual([]);
    expect(settings?.network.calico).toEqual({
      ...CALICO,
      rangePrefix: 26,
      blockSize: 28,
      encapsulation: "vxlan",
      natOutgoing: true,
      resolvers: [],
      metadata: false,
      iptables: "nft",
      bgp: { asNumber: 64512, nodeToNodeMesh: true, routeReflectors: [], peers: [] },
    });
  });

  it("are absent unless written", () => {
    expect(parseSettings(rawSettings()).settings?.network).not.toHaveProperty("calico");
    expect(parseSettings(rawSettings()).settings?.network).not.toHaveProperty("dns");
  });

  it("take every way of carrying packets, route reflectors and peers", () => {
    const bgp = {
      asNumber: "64513",
      nodeToNodeMesh: "false",
      routeReflectors: [{ host: "h1", clusterId: "224.0.0.1" }],
      peers: [{ peerIP: "192.0.2.1", asNumber: 64600, node: "h1" }],
    };
    const { settings, diagnostics } = parseSettings(raw({ bgp, encapsulation: "none", natOutgoing: "false" }));
    expect(diagnostics).toEqual([]);
    expect(settings?.network.calico).toMatchObject({
      bgp: { ...bgp, asNumber: 64513, nodeToNodeMesh: false },
      encapsulation: "none",
      natOutgoing: false,
    });
  });

  it("let one host be a Docker host and a Mesos agent under one name", () => {
    const locations = {
      ...docks({ h1: host("192.0.2.11") }),
      tasks: marathonLocation({ agents: { "agent-1.example.com": host("192.0.2.11", { node: "h1" }) } }),
    };
    expect(problems(raw({}, locations))).toEqual([]);
  });

  it.each<[string, ReturnType<typeof rawSettings>, string]>([
    [
      "no datastore",
      raw({ etcd: undefined }),
      "missing-setting: clocker:network.calico.etcd is missing; set it to a map of settings: pulumi config set --path 'clocker:network.calico.etcd'",
    ],
    [
      "no endpoint",
      raw({ etcd: { endpoints: [] } }),
      "invalid-setting: clocker:network.calico.etcd.endpoints is an empty list; it must be a list of at least 1 entry",
    ],
    [
      "an endpoint that is no URL of etcd",
      raw({ etcd: { endpoints: ["192.0.2.5:2379"] } }),
      "invalid-setting: clocker:network.calico.etcd.endpoints[0] is '192.0.2.5:2379'; it must be a URL that begins with http:// or https://",
    ],
    [
      "etcd in clear text",
      raw({ etcd: { endpoints: ["http://u:LEAK@192.0.2.5:2379"] } }),
      "etcd-without-tls: Calico's datastore at 'http://…@192.0.2.5:2379' is reached without TLS: whoever reads that traffic learns its password, and whoever reaches that port may change every policy; write https:// and give ca, cert and key, or keep that network to the hosts alone",
    ],
    [
      "TLS material that is not used",
      raw({ etcd: { endpoints: ["http://192.0.2.5:2379"], ca: "ca" } }),
      "tls-without-https: clocker:network.calico.etcd has ca, but 'http://192.0.2.5:2379' does not use TLS; write https:// there, or remove ca",
    ],
    [
      "a certificate without its key",
      raw({ etcd: { ...ETCD, cert: "cert" } }),
      "missing-credentials: clocker:network.calico.etcd has cert, but no key; give both: pulumi config set --secret --path 'clocker:network.calico.etcd.key'; or remove cert",
    ],
    [
      "a password without a user",
      raw({ etcd: { ...ETCD, password: "LEAK" } }),
      "missing-credentials: clocker:network.calico.etcd has password, but no username; give both: pulumi config set --path 'clocker:network.calico.etcd.username'; or remove password",
    ],
    [
      "a pool of IPv6",
      raw({ pool: "2001:db8::/64" }),
      "invalid-setting: clocker:network.calico.pool is '2001:db8::/64'; it must be an IPv4 range such as 198.18.160.0/20",
    ],
    [
      "a pool with host bits",
      raw({ pool: "198.18.160.5/20" }),
      "invalid-setting: clocker:network.calico.pool is '198.18.160.5/20'; it must be an IPv4 range that begins with its first address",
    ],
    [
      "a pool that is too small",
      raw({ pool: "198.18.160.0/27" }),
      "pool-too-small: clocker:network.calico.pool is 198.18.160.0/27, which has no room for the range of one application (/26); widen the pool, or set clocker:network.calico.rangePrefix to 27 or more",
    ],
    [
      "blocks that are larger than a range",
      raw({ rangePrefix: 30 }),
      "block-too-large: clocker:network.calico.blockSize is 28, but an application's range is a /30: no host could take a block of it; set blockSize to 30 or more, up to 32, or rangePrefix to 28 or less",
    ],
    [
      "a link-local pool",
      raw({ pool: "169.254.0.0/16" }),
      "pool-not-usable: clocker:network.calico.pool is 169.254.0.0/16, which lies in 169.254.0.0/16; choose a private range that nothing else uses",
    ],
    [
      "a host inside the pool",
      raw({}, docks({ h1: host("198.18.161.7") })),
      "pool-holds-host: clocker:network.calico.pool is 198.18.160.0/20, which holds 198.18.161.7, the address of clocker:locations.docks.hosts.h1; choose a range that nothing else uses",
    ],
    [
      "an unknown encapsulation",
      raw({ encapsulation: "gre" }),
      "invalid-setting: clocker:network.calico.encapsulation is 'gre'; it must be one of vxlan, vxlan-cross-subnet, ipip, ipip-cross-subnet, none",
    ],
    [
      "two hosts of one node name",
      raw({}, { ...docks({ h1: host("192.0.2.11") }), more: dockerLocation({ hosts: { h1: host("192.0.2.12") } }) }),
      "calico-node-clash: clocker:locations.more.hosts.h1 and clocker:locations.docks.hosts.h1 are two hosts, but both are Calico node 'h1'; give one another name: pulumi config set --path 'clocker:locations.more.hosts.h1.node'",
    ],
    [
      "one host of two node names",
      raw({}, docks({ h1: host("192.0.2.11"), h2: host("192.0.2.11") })),
      "calico-node-clash: clocker:locations.docks.hosts.h2 and clocker:locations.docks.hosts.h1 are one host by its address, but Calico nodes 'h2' and 'h1'; give both one name: pulumi config set --path 'clocker:locations.docks.hosts.h2.node' h1",
    ],
    [
      "an agent's name that no node can have",
      raw({}, { tasks: marathonLocation({ agents: { Agent_1: host("192.0.2.21") } }) }),
      "invalid-setting: 'Agent_1' of clocker:locations.tasks.agents cannot be the name of a Calico node; set clocker:locations.tasks.agents.Agent_1.node to a name of lower-case letters, digits, hyphens and dots",
    ],
    [
      "a route reflector on no host",
      raw({ bgp: { routeReflectors: [{ host: "h9", clusterId: "224.0.0.1" }] } }),
      "unknown-calico-node: clocker:network.calico.bgp.routeReflectors[0].host is 'h9', which is no Calico node of this stack; use one of h1",
    ],
    [
      "a peer of no host",
      raw({ bgp: { peers: [{ peerIP: "192.0.2.1", asNumber: 1, node: "h9" }] } }),
      "unknown-calico-node: clocker:network.calico.bgp.peers[0].node is 'h9', which is no Calico node of this stack; use one of h1",
    ],
    [
      "no image for a host that Clocker sets up",
      raw({ driverImage: undefined }),
      "missing-setting: clocker:network.calico.driverImage is missing, and clocker:locations.docks.hosts.h1 shall run it; set it to an image that the host can pull: pulumi config set --path 'clocker:network.calico.driverImage'; or set calico: present for hosts where Calico runs already",
    ],
  ])("get one clear message: %s", (_, settings, message) => {
    expect(problems(settings)).toEqual([message]);
    expect(message).not.toContain("LEAK");
  });

  it("need no images where Calico runs already", () => {
    const present = { calico: "present" };
    const settings = raw(
      { driverImage: undefined, felixImage: undefined },
      { ...docks({ h1: host("192.0.2.11", present) }), machines: openstackLocation() },
    );
    expect(problems(settings)).toEqual([]);
  });
});

describe("the settings of the name server", () => {
  const dns = (change: Record<string, unknown>) =>
    rawSettings({
      network: { dns: { ...DNS, ...change } },
      encryptedKeys: new Set(["clocker:locations", "clocker:network"]),
    });

  it("come out with every default filled in", () => {
    const { settings, diagnostics } = parseSettings(dns({}));
    expect(diagnostics).toEqual([]);
    expect(settings?.network.dns).toEqual({
      ...DNS,
      port: 53,
      ttl: 60,
      resolver: false,
      tsig: { ...DNS.tsig, algorithm: "hmac-sha256" },
    });
  });

  it.each([
    [{ server: "ns.example.com" }, "clocker:network.dns.server is 'ns.example.com'; it must be an IP address"],
    [
      { tsig: { ...DNS.tsig, secret: "LEAK ~" } },
      "clocker:network.dns.tsig.secret is not usable (its value is not shown); it must be a text in Base64",
    ],
    [
      { tsig: { ...DNS.tsig, algorithm: "hmac-md5" } },
      "clocker:network.dns.tsig.algorithm is 'hmac-md5'; it must be one of hmac-sha256, hmac-sha384, hmac-sha512",
    ],
    [{ domain: "-" }, "clocker:network.dns.domain is '-'; it must be a domain name such as apps.example.com"],
  ])("get one clear message: %#", (change, message) => {
    expect(problems(dns(change))).toEqual([`invalid-setting: ${message}`]);
  });

  it("let containers and machines ask it on port 53 alone", () => {
    expect(problems(dns({ resolver: "true", port: "53" }))).toEqual([]);
    expect(problems(dns({ port: 5353 }))).toEqual([]);
    expect(problems(dns({ resolver: "true", port: "5353" }))).toEqual([
      "resolver-port: clocker:network.dns.resolver is true, but dns.port is 5353: containers and machines ask on port 53 alone; " +
        "let the name server answer on port 53 and remove dns.port, or remove dns.resolver",
    ]);
  });
});

it("credentials of the network in clear text are refused and not shown", () => {
  const { diagnostics } = parseSettings(
    rawSettings({
      network: {
        calico: { ...CALICO, etcd: { ...ETCD, cert: "c", key: "LEAK", username: "u", password: "LEAK" } },
        dns: { ...DNS, tsig: { ...DNS.tsig, secret: "TEVBSw==" } },
      },
    }),
  );
  expect(diagnostics.map(({ code, at }) => `${code} ${at.path}`)).toEqual([
    "clear-text-credential clocker:network.calico.etcd.key",
    "clear-text-credential clocker:network.calico.etcd.password",
    "clear-text-credential clocker:network.dns.tsig.secret",
  ]);
  expect(JSON.stringify(diagnostics)).not.toMatch(/LEAK|TEVBSw/);
});
