import { z } from "zod";
import { type DockerHost, dockerHostSchema } from "./docker-host";
import { marathonLocationSchema, mesosLocationSchema } from "./marathon";
import { networkSchema } from "./network";
import { cidr, httpUrl } from "./values";

/**
 * The stack configuration of one environment. Every credential field is listed in `CREDENTIALS` (settings/credentials.ts) and must be
 * encrypted. Custom messages say what is allowed: settings/load.ts puts them behind the value given.
 */

const registry = z.strictObject({
  address: z.string().describe("registry as in image names, e.g. registry.example.com:5000"),
  username: z.string(),
  password: z.string().describe("encrypt it"),
});

const dockerLocationSchema = z.strictObject({
  type: z.literal("docker"),
  hosts: z
    .record(
      z.string().regex(/^[a-z0-9][a-z0-9-]*$/, "a host name of lower-case letters, digits and hyphens"),
      dockerHostSchema,
    )
    .refine((hosts) => Object.keys(hosts).length > 0, "a map of at least one host")
    .describe(
      "Docker Engines by name; services go to the first by name unless clocker:placement names another (location/host)",
    ),
  registries: z.array(registry).optional(),
  sources: z
    .array(cidr)
    .optional()
    .describe("addresses that containers' traffic comes from; default: the address of their host"),
});

const openstackLocationSchema = z.strictObject({
  type: z.literal("openstack"),
  authUrl: httpUrl.describe("Keystone's URL, e.g. https://keystone.example.com:5000/v3"),
  region: z.string().default("RegionOne"),
  projectName: z.string().optional(),
  userName: z.string().optional(),
  password: z.string().optional().describe("encrypt it"),
  userDomainName: z.string().default("Default"),
  projectDomainName: z.string().default("Default"),
  applicationCredentialId: z.string().optional(),
  applicationCredentialSecret: z.string().optional().describe("encrypt it"),
  ca: z.string().optional(),
  image: z.string().describe("name of a Debian or Ubuntu image with cloud-init"),
  flavor: z.string().describe("default flavor; provisioning.properties of a service picks a larger one"),
  externalNetwork: z.string().describe("network that floating addresses come from"),
  floatingRanges: z
    .array(z.cidrv4("an IPv4 range such as 192.0.2.0/24"))
    .optional()
    .describe(
      "ranges that floating addresses come from, for their reverse zones; default: the subnets of externalNetwork that the project may see",
    ),
  loginUser: z.string().default("debian"),
  cidr: z
    .cidrv4("an IPv4 range such as 192.0.2.0/24")
    .default("198.18.128.0/24")
    .describe("range of the application's network"),
  nameservers: z.array(z.ipv4("an IPv4 address")).default([]),
  sources: z
    .array(cidr)
    .optional()
    .describe(
      "addresses that machines' traffic to other locations comes from; needed where they link to another OpenStack",
    ),
  hostEndpoints: z
    .boolean()
    .default(false)
    .describe(
      "with clocker:network.calico: run Felix on the machines, which enforces there what security groups let in; it puts the credentials of calico.etcd on them, and they must reach it",
    ),
  felixUrl: httpUrl.optional().describe("where machines get the program calico-felix from; needed with hostEndpoints"),
  felixSha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, "a SHA-256 sum of 64 hexadecimal digits")
    .optional()
    .describe("SHA-256 sum of that program; needed with hostEndpoints"),
  sshSources: z.array(cidr).min(1).describe("addresses from which Clocker may log in: where `pulumi up` runs"),
});

const locationSchema = z.discriminatedUnion("type", [
  dockerLocationSchema,
  marathonLocationSchema,
  mesosLocationSchema,
  openstackLocationSchema,
]);

const blueprintValue: z.ZodType = z.json();

export const settingsSchema = z.strictObject({
  blueprint: z.string().min(1).describe("path of the application blueprint, from the project's folder"),
  catalog: z
    .array(z.string().min(1))
    .default([])
    .describe("catalogs whose items are types of services: files and folders, from the project's folder"),
  locations: z
    .record(z.string().regex(/^[^/\s]+$/, "a location name without spaces and slashes"), locationSchema)
    .describe("clouds by the name that blueprints use"),
  placement: z
    .record(z.string(), z.string())
    .default({})
    .describe("service id to location, or location/host; wins over the blueprint"),
  overrides: z
    .record(z.string(), z.record(z.string(), blueprintValue))
    .default({})
    .describe("service id to blueprint keys that replace the blueprint's"),
  inputs: z
    .record(z.string(), blueprintValue)
    .default({})
    .describe("values of the blueprint's parameters, of a template's inputs, or of a Compose file's variables"),
  network: networkSchema.prefault({}),
  secrets: z
    .record(z.string(), z.record(z.string(), z.string()))
    .default({})
    .describe("values of $brooklyn:external(supplier, key); encrypt them"),
});

export type { DockerHost };
export type DockerLocation = z.infer<typeof dockerLocationSchema>;
/** Marathon, named by itself or found through its Mesos master. */
export type MarathonLocation = z.infer<typeof marathonLocationSchema> | z.infer<typeof mesosLocationSchema>;
export type OpenStackLocation = z.infer<typeof openstackLocationSchema>;
export type Location = z.infer<typeof locationSchema>;

/** Validated settings of one stack: readonly plain data, credentials in clear (the program wraps them as secrets). */
export type Settings = z.infer<typeof settingsSchema>;
