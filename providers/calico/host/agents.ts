import { createHash } from "node:crypto";
import type { ContainerCreateOptions } from "dockerode";
import type { EtcdSettings } from "../etcd-client";
import type { Encapsulation } from "./encapsulation";

/** What the agents of one Docker host need to know. */
export interface HostWishes {
  /** Calico node name of the host. */
  readonly node: string;
  /** Address of the host for the other hosts. */
  readonly address: string;
  readonly felixImage: string;
  readonly driverImage: string;
  readonly encapsulation: Encapsulation;
  /** Bytes of the largest packet of a workload. */
  readonly mtu: number;
  /** Which of the host's iptables Docker uses. */
  readonly iptables: "nft" | "legacy";
}

/** A container that the host runs for Calico, and the files that it reads. */
export interface Agent {
  readonly name: string;
  readonly image: string;
  readonly options: ContainerCreateOptions;
  /** Path to content; nobody but root reads them. */
  readonly files: Readonly<Record<string, string>>;
  /** Ends with 0 as soon as the agent does its work. */
  readonly probe: readonly string[];
}

export const DRIVER = "clocker-calico-driver";
export const FELIX = "clocker-calico-felix";
/** Where the driver keeps what Docker tells it only once. */
export const STATE_VOLUME = "clocker-calico";

/** IPPool of the hosts' tunnels, of all stacks. */
export const TUNNEL_POOL = "clocker-tunnels";

const FOLDER = "/etc/clocker-calico";

/** Of the files in /proc that change a host, Felix needs those of the network alone. */
const READONLY_PATHS = [
  ...["abi", "crypto", "debug", "dev", "fs", "kernel", "sunrpc", "user", "vm"].map((name) => `/proc/sys/${name}`),
  ...["bus", "fs", "irq", "sysrq-trigger"].map((name) => `/proc/${name}`),
];

/** A command of Bash that ends with 0 when Felix enforces what it knows. */
export const FELIX_READY = `exec 3<>/dev/tcp/127.0.0.1/9099 && printf 'GET /readiness HTTP/1.0\\r\\n\\r\\n' >&3 && head -1 <&3 | grep -q ' 200 '`;

/** The network driver first: it makes the host a node, which Felix then finds. */
export function agentsOf(wishes: HostWishes, etcd: EtcdSettings): readonly [driver: Agent, felix: Agent] {
  return [driver(wishes, etcd), felix(wishes, etcd)];
}

/** A digest of how agents are made, whatever they are told. */
export function formOfAgents(): string {
  const wishes: HostWishes = {
    node: "",
    address: "",
    felixImage: "",
    driverImage: "",
    encapsulation: "none",
    mtu: 0,
    iptables: "nft",
  };
  const agents = agentsOf(wishes, { endpoints: [] });
  return createHash("sha256").update(JSON.stringify(agents)).digest("hex").slice(0, 16);
}

function driver(wishes: HostWishes, etcd: EtcdSettings): Agent {
  const { environment, files } = access(etcd);
  const probe = ["node", "/opt/docker-calico/docker-calico.js", "--health"];
  const env = [
    `NODENAME=${wishes.node}`,
    `NODE_ADDRESS=${wishes.address}`,
    `TUNNEL_POOL=${wishes.encapsulation === "none" ? "none" : TUNNEL_POOL}`,
    `MTU=${wishes.mtu}`,
    `IPTABLES_BACKEND=${wishes.iptables}`,
  ];
  return {
    name: DRIVER,
    image: wishes.driverImage,
    files,
    probe,
    // iptables asks for Felix's sets, which appear in the same table as published ports, through a raw socket.
    options: options([...env, ...environment], probe, ["NET_ADMIN", "NET_RAW"], {
      Binds: [
        "/var/run/docker.sock:/var/run/docker.sock",
        "/run/docker/plugins:/run/docker/plugins",
        ...lockOf(wishes),
      ],
      Mounts: [{ Type: "volume", Source: STATE_VOLUME, Target: "/var/lib/clocker-calico" }],
    }),
  };
}

function felix(wishes: HostWishes, etcd: EtcdSettings): Agent {
  const { environment, files } = felixSettings(wishes, etcd);
  const probe = ["bash", "-c", FELIX_READY];
  return {
    name: FELIX,
    image: wishes.felixImage,
    files,
    probe,
    options: options(environment, probe, ["NET_ADMIN", "NET_RAW"], {
      ReadonlyPaths: READONLY_PATHS,
      Binds: [...lockOf(wishes)],
    }),
  };
}

/** Variables of Felix, and the files that they name; nobody but root may read these. */
export function felixSettings(
  { node, iptables }: Pick<HostWishes, "node" | "iptables">,
  etcd: EtcdSettings,
): { environment: readonly string[]; files: Readonly<Record<string, string>> } {
  const { environment, files } = access(etcd);
  const env = [
    `FELIX_FELIXHOSTNAME=${node}`,
    "DATASTORE_TYPE=etcdv3",
    "FELIX_IPV6SUPPORT=false",
    `FELIX_IPTABLESBACKEND=${iptables}`,
    "FELIX_BPFENABLED=false",
    "FELIX_XDPENABLED=false",
    // A Felix without cgo has no BPF to clean up with; this spelling alone is read.
    "FELIX_DebugSkipCTLBCleanup=true",
    "FELIX_USAGEREPORTINGENABLED=false",
    // One of its reports of its status would outlive it in the datastore.
    "FELIX_REPORTINGINTERVALSECS=0",
    "FELIX_HEALTHENABLED=true",
    "FELIX_HEALTHHOST=127.0.0.1",
    "FELIX_LOGSEVERITYSCREEN=info",
    "FELIX_LOGFILEPATH=none",
    "FELIX_LOGSEVERITYFILE=none",
    "FELIX_LOGSEVERITYSYS=none",
  ];
  return { environment: [...env, ...environment], files };
}

/** Programs of legacy iptables take turns by a file of the host. */
function lockOf({ iptables }: HostWishes): readonly string[] {
  return iptables === "legacy" ? ["/run/xtables.lock:/run/xtables.lock"] : [];
}

function options(
  env: readonly string[],
  probe: readonly string[],
  capabilities: readonly string[],
  host: NonNullable<ContainerCreateOptions["HostConfig"]>,
): ContainerCreateOptions {
  return {
    Env: [...env],
    Healthcheck: { Test: ["CMD", ...probe], Interval: seconds(30), Timeout: seconds(10), Retries: 3 },
    HostConfig: {
      NetworkMode: "host",
      CapDrop: ["ALL"],
      CapAdd: [...capabilities],
      // Docker's AppArmor profile forbids writing to /proc/sys.
      SecurityOpt: ["apparmor=unconfined", "no-new-privileges"],
      RestartPolicy: { Name: "unless-stopped" },
      LogConfig: { Type: "json-file", Config: { "max-size": "10m", "max-file": "3" } },
      ...host,
    },
  };
}

/** How an agent reaches etcd: variables that name files, and the files. */
function access(etcd: EtcdSettings): { environment: readonly string[]; files: Readonly<Record<string, string>> } {
  const environment = [`ETCD_ENDPOINTS=${etcd.endpoints.join(",")}`];
  const files: Record<string, string> = {};
  const give = (variable: string, file: string, content: string | undefined): void => {
    if (content === undefined) return;
    files[`${FOLDER}/${file}`] = content;
    environment.push(`${variable}=${FOLDER}/${file}`);
  };
  give("ETCD_CA_CERT_FILE", "ca.pem", etcd.ca);
  give("ETCD_CERT_FILE", "cert.pem", etcd.cert);
  give("ETCD_KEY_FILE", "key.pem", etcd.key);
  give("ETCD_PASSWORD_FILE", "password", etcd.password);
  if (etcd.username !== undefined) environment.push(`ETCD_USERNAME=${etcd.username}`);
  return { environment, files };
}

function seconds(count: number): number {
  return count * 1_000_000_000;
}
