import { createHash } from "node:crypto";
import { SandboxError } from "./sandbox-error";

/** Containers with an address of their own. */
export type Member = "files" | "calico-files" | "host-a" | "host-b" | "openstack" | "marathon" | "etcd" | "bind";

/** The range for test networks, in which all networks of a sandbox lie. */
export const TEST_NETWORKS = "198.18.0.0/15";

/** Which addresses a sandbox uses. */
export interface AddressPlan {
  readonly name: string;
  /** First three octets, e.g. `198.19.100`. */
  readonly prefix: string;
  /** `prefix.0/24` */
  readonly subnet: string;
  /** The machine's own address on the network. */
  readonly gateway: string;
  /** Where Docker takes addresses that nobody asked for; floating addresses are `prefix.128` to `prefix.250`. */
  readonly ipRange: string;
  readonly address: Readonly<Record<Member, string>>;
}

const FIXED: Readonly<Record<string, number>> = { default: 100, test: 101 };
const FIRST_HASHED = 102;
const LAST_HASHED = 199;
const LAST_OCTET: Readonly<Record<Member, number>> = {
  files: 5,
  "calico-files": 6,
  "host-a": 11,
  "host-b": 12,
  openstack: 20,
  marathon: 30,
  etcd: 40,
  bind: 53,
};

/** Inner networks of the Docker hosts and of a private engine; none meets a sandbox's own network (198.19.x). */
export const INNER_NETWORKS = {
  "host-a": { bridge: "198.18.64.1/24", pool: "198.18.0.0/19" },
  "host-b": { bridge: "198.18.65.1/24", pool: "198.18.32.0/19" },
  engine: { bridge: "198.18.255.1/24", pool: "198.18.192.0/19" },
} as const;

/** Addresses for Calico; they are known inside the Docker hosts alone, so that each sandbox has the same. */
export const CALICO_POOL = "198.18.128.0/18";

/** Checks a sandbox's name; throws a `SandboxError` that says what is allowed. */
export function checkName(name: string): string {
  if (!/^[a-z][a-z0-9-]{0,19}$/.test(name)) {
    throw new SandboxError(
      `the sandbox's name is '${name}', allowed are 1 to 20 lower-case letters, digits and hyphens that begin with a letter; give another --name`,
    );
  }
  return name;
}

/** Plans a sandbox's addresses by its name; `network` (CLOCKER_SANDBOX_NETWORK, e.g. 198.19.150.0/24) overrides the choice. */
export function planAddresses(name: string, network?: string): AddressPlan {
  checkName(name);
  const third = network ? thirdOctet(network) : (FIXED[name] ?? hashedOctet(name));
  const prefix = `198.19.${third}`;
  const entries = Object.entries(LAST_OCTET).map(([member, octet]) => [member, `${prefix}.${octet}`]);
  return {
    name,
    prefix,
    subnet: `${prefix}.0/24`,
    gateway: `${prefix}.1`,
    ipRange: `${prefix}.64/26`,
    address: Object.fromEntries(entries) as Record<Member, string>,
  };
}

/** Name of a container, volume or network of a sandbox. */
export function objectName(sandbox: string, part?: string): string {
  return part ? `clocker-${sandbox}-${part}` : `clocker-${sandbox}`;
}

function hashedOctet(name: string): number {
  const hash = createHash("sha256").update(name).digest().readUInt32BE(0);
  return FIRST_HASHED + (hash % (LAST_HASHED - FIRST_HASHED + 1));
}

function thirdOctet(network: string): number {
  const octet = Number(/^198\.19\.(\d{1,3})\.0\/24$/.exec(network)?.[1] ?? Number.NaN);
  if (!(octet >= 0 && octet <= 255)) {
    throw new SandboxError(
      `CLOCKER_SANDBOX_NETWORK is '${network}', allowed are networks from 198.19.0.0/24 to 198.19.255.0/24; change or unset it`,
    );
  }
  return octet;
}
