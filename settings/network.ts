import { z } from "zod";
import { cidr, httpUrl, ipAddress, nodeName, port, strictRange } from "./values";

const asNumber = z.number().int().min(1).max(4294967295);

const etcdSchema = z.strictObject({
  endpoints: z.array(httpUrl).min(1).describe("URLs of etcd's members, e.g. https://etcd-1.example.com:2379"),
  ca: z.string().optional().describe("PEM of the authority that signed etcd's certificate"),
  cert: z.string().optional().describe("PEM of the client certificate"),
  key: z.string().optional().describe("PEM of the client key; encrypt it"),
  username: z.string().optional(),
  password: z.string().optional().describe("encrypt it"),
});

const bgpSchema = z.strictObject({
  asNumber: asNumber.default(64512).describe("number of the autonomous system of all nodes"),
  nodeToNodeMesh: z
    .boolean()
    .default(true)
    .describe("every node is a peer of every other; false with route reflectors"),
  routeReflectors: z
    .array(
      z.strictObject({
        host: nodeName.describe("Calico node name of the host"),
        clusterId: z.ipv4("an IPv4 address").describe("the same for reflectors of one cluster, e.g. 224.0.0.1"),
      }),
    )
    .default([])
    .describe("hosts that hand on the routes of all others"),
  peers: z
    .array(
      z.strictObject({
        peerIP: ipAddress,
        asNumber,
        node: nodeName.optional().describe("the only host that is its peer; default: every host"),
      }),
    )
    .default([])
    .describe("routers outside of the stack"),
});

const calicoSchema = z.strictObject({
  etcd: etcdSchema.describe("Calico's datastore"),
  pool: strictRange.describe("range that every application of the stack gets a part of"),
  rangePrefix: z
    .number()
    .int()
    .min(16)
    .max(32)
    .default(26)
    .describe("prefix length of an application's part: 26 is 64 addresses"),
  blockSize: z
    .number()
    .int()
    .min(20)
    .max(32)
    .default(28)
    .describe("prefix length of the blocks that a host takes from an application's part: 28 is 16 addresses"),
  encapsulation: z
    .enum(["vxlan", "vxlan-cross-subnet", "ipip", "ipip-cross-subnet", "none"])
    .default("vxlan")
    .describe("how packets travel between hosts; ipip and none need BGP"),
  natOutgoing: z.boolean().default(true).describe("traffic that leaves the pool carries the address of its host"),
  bgp: bgpSchema.optional(),
  resolvers: z
    .array(z.ipv4("an IPv4 address"))
    .default([])
    .describe("name servers that services may ask, besides clocker:network.dns.server"),
  metadata: z
    .boolean()
    .default(false)
    .describe(
      "let services read their host's cloud metadata (169.254.169.254), which may hold credentials of the host",
    ),
  iptables: z
    .enum(["nft", "legacy"])
    .default("nft")
    .describe("which iptables Docker uses on hosts where calico is managed: iptables --version tells"),
  driverImage: z.string().optional().describe("image of the network driver; needed where calico is managed"),
  felixImage: z.string().optional().describe("image of Felix; needed where calico is managed"),
});

const dnsSchema = z.strictObject({
  server: ipAddress.describe("name server that takes updates (RFC 2136)"),
  port: port.default(53),
  domain: z
    .hostname("a domain name such as apps.example.com")
    .describe("zone of the services: <service>.<application>.<domain>"),
  tsig: z.strictObject({
    name: z.string().min(1).describe("name of the key"),
    algorithm: z.enum(["hmac-sha256", "hmac-sha384", "hmac-sha512"]).default("hmac-sha256"),
    secret: z.base64("a text in Base64").min(1).describe("encrypt it"),
  }),
  ttl: z.number().int().min(1).max(604800).default(60).describe("seconds"),
  resolver: z
    .boolean()
    .default(false)
    .describe(
      "containers and machines ask this server for all names, and search <application>.<domain>; it must answer on port 53",
    ),
});

export const networkSchema = z.strictObject({
  sources: z
    .array(cidr)
    .default([])
    .describe(
      "who may reach published ports on machines, with calico on containers too; write 0.0.0.0/0 for everybody",
    ),
  portRange: z
    .strictObject({ from: port, to: port })
    .refine((range) => range.to - range.from >= 99, "a range of at least 100 ports, from below to")
    .default({ from: 20000, to: 29999 })
    .describe("host ports for services that other locations reach through their Docker host"),
  forwarderImage: z
    .string()
    .default("haproxy:3.2-alpine")
    .describe(
      "image with the program haproxy; stands beside a consumer whose target answers on another port or in several instances",
    ),
  probeImage: z
    .string()
    .default("alpine/socat:1.8.0.3")
    .describe("image with socat as its entry point; sees from inside a container whether its ports answer"),
  calico: calicoSchema.optional().describe("addresses of their own for containers, and links enforced by Calico"),
  dns: dnsSchema.optional().describe("names of the services on a name server"),
});

/** The name server of a stack, with the key for updates. */
export type DnsSettings = z.infer<typeof dnsSchema>;

/** Calico as one stack uses it; `blockSize` is at least `rangePrefix`, which is at least the pool's prefix length. */
export type CalicoSettings = z.infer<typeof calicoSchema>;
