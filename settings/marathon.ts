import { z } from "zod";
import { dockerHostSchema } from "./docker-host";
import { bareUrl, cidr, httpUrl } from "./values";

/** Who asks Marathon, or a Mesos master. */
const auth = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("basic"), username: z.string(), password: z.string().describe("encrypt it") }),
  z.strictObject({ type: z.literal("token"), token: z.string().describe("encrypt it") }),
]);

/** One URL, or one of each of several Marathons that elect a leader among themselves. */
const marathonUrl = z.union(
  [httpUrl, z.array(httpUrl).min(1)],
  "a URL that begins with http:// or https://, or a list of such URLs",
);

/** What tasks on Marathon need, however it is found. */
const tasks = {
  auth: auth.optional().describe("who asks Marathon"),
  ca: z
    .string()
    .optional()
    .describe("PEM of the authority that signed Marathon's certificate, if it is not a public one"),
  agents: z
    .record(z.string(), dockerHostSchema)
    .optional()
    .describe(
      "the agents' Docker Engines by Mesos host name; needed where a task links to a service behind another port",
    ),
  sources: z
    .array(cidr)
    .optional()
    .describe("addresses that tasks' traffic comes from; default: the agents' addresses"),
  healthSources: z
    .array(cidr)
    .optional()
    .describe("addresses that Marathon's health checks come from, for Calico; default: the addresses in url"),
  containerizer: z
    .enum(["docker", "mesos"])
    .default("docker")
    .describe("what the agents run tasks with: docker, or mesos, which is Mesos' own containerizer"),
  network: z
    .string()
    .min(1)
    .optional()
    .describe(
      "with containerizer: mesos the CNI network of the agents that tasks join; with clocker:network.calico one of Calico's plugin",
    ),
  group: z
    .string()
    .regex(/^(\/[a-z0-9.-]+)+$/, "a path such as /clocker, of lower-case letters, digits, dots and hyphens")
    .default("/clocker")
    .describe("group that holds every application"),
  adopt: z.boolean().default(false).describe("take over apps of the same id that something else created"),
  locks: z
    .enum(["wait", "force"])
    .default("wait")
    .describe(
      "deployments of others that hold an app: wait until they are over, or cancel them (force); one that concerns that app alone is cancelled after 15 s in any case",
    ),
};

export const marathonLocationSchema = z.strictObject({
  type: z.literal("marathon"),
  url: marathonUrl.describe(
    "Marathon's base URL, e.g. https://marathon.example.com:8443; of several masters a list, in which the leader is found",
  ),
  ...tasks,
});

/** Needs `masters` or `url`: settings/mesos-checks.ts says so, for no single field can. */
export const mesosLocationSchema = z.strictObject({
  type: z.literal("mesos"),
  masters: z
    .array(bareUrl)
    .min(1)
    .optional()
    .describe(
      "base URLs of the Mesos masters, e.g. http://master-1.example.com:5050, with the path of a proxy if there is one; Marathon is found in the state of the leading one",
    ),
  framework: z
    .string()
    .min(1)
    .optional()
    .describe("name or id of the framework that is Marathon, as the master lists it; default: marathon"),
  masterAuth: auth.optional().describe("who asks the Mesos masters"),
  url: marathonUrl
    .optional()
    .describe("Marathon's base URL, or a list, where the address that it tells its master is not the one to use here"),
  ...tasks,
  ca: tasks.ca.describe("PEM of the authority that signed the certificates of Marathon and of the Mesos masters"),
});
