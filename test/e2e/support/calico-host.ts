import { buffer } from "node:stream/consumers";
import type Docker from "dockerode";
import { pack } from "tar-stream";
import type { SandboxDescription } from "../../../sandbox/description";

const CERTIFICATES = "/etc/calico/certs";

/** Of the files in /proc that change the host, Felix needs those of the network alone. */
const READONLY_PATHS = [
  ...["abi", "crypto", "debug", "dev", "fs", "kernel", "sunrpc", "user", "vm"].map((name) => `/proc/sys/${name}`),
  ...["bus", "fs", "irq", "sysrq-trigger"].map((name) => `/proc/${name}`),
];

const LABELS = { "clocker.test": "calico" };

/** Starts Felix on a Docker host for the Calico node of that name. */
export async function startFelix(docker: Docker, node: string, sandbox: SandboxDescription): Promise<Docker.Container> {
  return startAgent(docker, sandbox, {
    name: "felix",
    Image: sandbox.calicoImages?.felix ?? "",
    Env: [
      ...datastore(sandbox),
      `FELIX_FELIXHOSTNAME=${node}`,
      "FELIX_IPV6SUPPORT=false",
      "FELIX_IPTABLESBACKEND=nft",
      "FELIX_BPFENABLED=false",
      "FELIX_XDPENABLED=false",
      "FELIX_DebugSkipCTLBCleanup=true",
      "FELIX_USAGEREPORTINGENABLED=false",
      "FELIX_HEALTHENABLED=true",
      "FELIX_HEALTHHOST=127.0.0.1",
      "FELIX_LOGSEVERITYSCREEN=info",
      "FELIX_LOGFILEPATH=none",
      "FELIX_LOGSEVERITYFILE=none",
      "FELIX_LOGSEVERITYSYS=none",
    ],
    HostConfig: { ReadonlyPaths: READONLY_PATHS },
  });
}

/** Starts the network driver on a Docker host, known as a Calico node of that name. */
export async function startDriver(
  docker: Docker,
  node: { readonly name: string; readonly address: string; readonly pool: string },
  sandbox: SandboxDescription,
): Promise<Docker.Container> {
  return startAgent(docker, sandbox, {
    name: "docker-calico",
    Image: sandbox.calicoImages?.driver ?? "",
    Env: [
      ...datastore(sandbox),
      `NODENAME=${node.name}`,
      `NODE_ADDRESS=${node.address}`,
      `TUNNEL_POOL=${node.pool}`,
      "IPTABLES_BACKEND=nft",
    ],
    HostConfig: {
      Binds: [
        "/run/docker.sock:/var/run/docker.sock",
        "/run/docker/plugins:/run/docker/plugins",
        "calico-driver:/var/lib/clocker-calico",
      ],
    },
  });
}

/** Removes what the two functions above started. */
export async function stopAgents(docker: Docker): Promise<void> {
  const filters = JSON.stringify({ label: ["clocker.test=calico"] });
  for (const { Id } of await docker.listContainers({ all: true, filters })) {
    await docker.getContainer(Id).remove({ force: true, v: true });
  }
}

/** Lines of Felix's log that tell of resources it does not take, or of its end. */
export function invalidIn(log: string): string[] {
  return log
    .split("\n")
    .filter((line) => !line.includes("[INFO]") && /invalid|validation failed|panic|fatal/i.test(line));
}

function datastore({ etcd }: SandboxDescription): string[] {
  return [
    "DATASTORE_TYPE=etcdv3",
    `ETCD_ENDPOINTS=${etcd?.endpoints.join(",")}`,
    `ETCD_CA_CERT_FILE=${CERTIFICATES}/ca.pem`,
    `ETCD_CERT_FILE=${CERTIFICATES}/cert.pem`,
    `ETCD_KEY_FILE=${CERTIFICATES}/key.pem`,
  ];
}

async function startAgent(
  docker: Docker,
  { etcd }: SandboxDescription,
  options: Docker.ContainerCreateOptions,
): Promise<Docker.Container> {
  const container = await docker.createContainer({
    ...options,
    Labels: LABELS,
    HostConfig: {
      NetworkMode: "host",
      CapDrop: ["ALL"],
      CapAdd: ["NET_ADMIN", "NET_RAW"],
      // Docker's AppArmor profile forbids writing to /proc/sys.
      SecurityOpt: ["apparmor=unconfined", "no-new-privileges"],
      RestartPolicy: { Name: "unless-stopped" },
      ...options.HostConfig,
    },
  });
  const archive = pack();
  for (const name of ["ca", "cert", "key"] as const) {
    archive.entry({ name: `${CERTIFICATES.slice(1)}/${name}.pem`, mode: 0o600 }, etcd?.[name] ?? "");
  }
  archive.finalize();
  await container.putArchive(await buffer(archive), { path: "/" });
  await container.start();
  return container;
}
