import { readFileSync } from "node:fs";
import { z } from "zod";
import type { EtcdSettings } from "../providers/calico/etcd-client";
import { parseAddress } from "../providers/calico/ipam/ipv4";
import { isSubdomain } from "../providers/calico/validation/name-leaves";

export interface Settings {
  /** Name of this host in Calico; Felix has to use the same. */
  readonly node: string;
  /** Address of this host for the other hosts, `a.b.c.d/prefix` or without prefix. */
  readonly nodeAddress: string;
  /** Name or CIDR of the IPPool of tunnel addresses; undefined without tunnels. */
  readonly tunnelPool: string | undefined;
  readonly mtu: number;
  readonly etcd: EtcdSettings;
  readonly dockerSocket: string;
  readonly pluginSocket: string;
  readonly stateFile: string;
  /** Which of the host's iptables the rules go into; it has to be that of Docker and Felix. */
  readonly iptables: string;
}

export const DEFAULT_PLUGIN_SOCKET = "/run/docker/plugins/calico.sock";

const file = z.string().startsWith("/", "an absolute path").optional();
const path = (fallback: string) => z.string().startsWith("/", "an absolute path").default(fallback);
const url = z.url({ protocol: /^https?$/, error: "URLs such as https://192.0.2.1:2379, separated by commas" });

const schema = z.object({
  NODENAME: z.string("the name of this host in Calico").refine(isSubdomain, "lower-case letters, digits, '-' and '.'"),
  NODE_ADDRESS: z
    .string("the address of this host for the other hosts, e.g. 192.0.2.11/24")
    .refine((text) => parseAddress(text.replace(/\/([12]?\d|3[0-2])$/, "")) !== undefined, {
      error: "an IPv4 address, with or without the prefix length of its network: 192.0.2.11/24",
    }),
  TUNNEL_POOL: z.string().default("none"),
  MTU: z.coerce.number("a number of bytes").int().min(576, "at least 576").max(65535).default(1450),
  ETCD_ENDPOINTS: z
    .string("URLs of etcd, separated by commas")
    .transform((text) => text.split(",").map((each) => each.trim()))
    .pipe(z.array(url)),
  ETCD_CA_CERT_FILE: file,
  ETCD_CERT_FILE: file,
  ETCD_KEY_FILE: file,
  ETCD_USERNAME: z.string().optional(),
  ETCD_PASSWORD_FILE: file,
  DOCKER_SOCK: path("/var/run/docker.sock"),
  PLUGIN_SOCK: path(DEFAULT_PLUGIN_SOCKET),
  STATE_FILE: path("/var/lib/clocker-calico/networks.json"),
  IPTABLES_BACKEND: z.enum(["nft", "legacy"], "nft or legacy").optional(),
});

/**
 * The driver's settings from its environment; empty variables count as absent.
 * @throws Error that lists every variable that is wrong, with the value given and what is allowed.
 */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ""),
  );
  const result = schema.safeParse(given);
  if (!result.success) {
    const problems = result.error.issues.map(({ path: [name], message }) => {
      const value = given[String(name)];
      return `${String(name)} ${value === undefined ? "is not set" : `is '${value}'`}: ${message}`;
    });
    throw new Error(`the environment is not valid; ${problems.join("; ")}. Set these variables and start again`);
  }
  const values = result.data;
  if ((values.ETCD_CERT_FILE === undefined) !== (values.ETCD_KEY_FILE === undefined)) {
    throw new Error("ETCD_CERT_FILE and ETCD_KEY_FILE belong together: set both or none of them");
  }
  return {
    node: values.NODENAME,
    nodeAddress: values.NODE_ADDRESS,
    tunnelPool: values.TUNNEL_POOL === "none" ? undefined : values.TUNNEL_POOL,
    mtu: values.MTU,
    etcd: {
      endpoints: values.ETCD_ENDPOINTS,
      ca: contentOf("ETCD_CA_CERT_FILE", values.ETCD_CA_CERT_FILE),
      cert: contentOf("ETCD_CERT_FILE", values.ETCD_CERT_FILE),
      key: contentOf("ETCD_KEY_FILE", values.ETCD_KEY_FILE),
      username: values.ETCD_USERNAME,
      password: contentOf("ETCD_PASSWORD_FILE", values.ETCD_PASSWORD_FILE)?.replace(/\r?\n$/, ""),
    },
    dockerSocket: values.DOCKER_SOCK,
    pluginSocket: values.PLUGIN_SOCK,
    stateFile: values.STATE_FILE,
    iptables: values.IPTABLES_BACKEND === undefined ? "iptables" : `iptables-${values.IPTABLES_BACKEND}`,
  };
}

export interface LocalAddress {
  readonly address: string;
  readonly cidr: string | null;
}

/**
 * The node's address with the prefix length of the network that it is in, which decides what is in the same subnet.
 * @throws Error if it is none of the addresses here. In another network than the host's all containers would seem to be gone.
 */
export function hostAddress(address: string, local: readonly LocalAddress[]): string {
  const [plain = "", prefix] = address.split("/");
  const found = local.find((each) => each.address === plain);
  if (!found) {
    const known = local.map((each) => each.address).join(", ");
    throw new Error(
      `NODE_ADDRESS is '${address}', which is none of the addresses here (${known}): run this program in the network of the host (--network host), and give an address that the host has`,
    );
  }
  return prefix === undefined ? (found.cidr ?? `${plain}/32`) : address;
}

function contentOf(variable: string, file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(`${variable} is '${file}', which cannot be read (${code}): mount that file or unset the variable`);
  }
}
