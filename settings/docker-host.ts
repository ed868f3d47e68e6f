import { z } from "zod";
import { address, nodeName } from "./values";

/** Client certificate for a Docker Engine that listens with `--tlsverify`; PEM texts. */
const tls = z.strictObject({
  ca: z.string().describe("PEM of the authority that signed the engine's certificate"),
  cert: z.string().describe("PEM of the client certificate"),
  key: z.string().describe("PEM of the client key; encrypt it"),
});

/** One Docker Engine. */
export const dockerHostSchema = z.strictObject({
  url: z
    .string()
    .regex(/^(tcp|ssh|unix):\/\/.+/, "a URL that begins with tcp://, ssh:// or unix://")
    .describe("tcp://address:2376, ssh://user@address or unix:///var/run/docker.sock"),
  address: address.describe(
    "address under which this host's published ports are reached by other locations and by users",
  ),
  publishOn: z
    .ipv4("an IPv4 address")
    .optional()
    .describe(
      "address of this host that published ports are bound to; default: address; write 0.0.0.0 for every interface",
    ),
  tls: tls.optional(),
  calico: z
    .enum(["managed", "present"])
    .optional()
    .describe(
      "with clocker:network.calico: managed (default) lets Clocker run Felix and the network driver here, present means that they run already",
    ),
  node: nodeName.optional().describe("name of the host as a Calico node; default: the name above"),
});

export type DockerHost = z.infer<typeof dockerHostSchema>;
