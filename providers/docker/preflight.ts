import type Docker from "dockerode";
import { connectDocker, type DockerAddress, reasonOf, statusOf } from "./connection";
import { inspect } from "./container-state";
import { authOf, type Registry } from "./pull";

const ANSWER_SECONDS = 10;
/** API 1.41 came with Docker 20.10. */
const OLDEST_API = "1.41";
/** Its value is where the port is published, e.g. `192.0.2.11:80`, several with commas. */
const PUBLISH_OPTION = /^publish\.\d+\/(tcp|udp)$/;

/** Outcome of a check before anything is made; `warning` if it cannot be told now and the deployment may still work. */
export type CheckResult =
  | { readonly ok: true; readonly warning?: string }
  | { readonly ok: false; readonly problem: string; readonly remedy: string };

/** The engine answers, the certificates are accepted on both sides, and it is new enough. */
export async function checkDockerHost(host: DockerAddress): Promise<CheckResult> {
  try {
    const { ApiVersion: api, Version: version } = await getVersion(host);
    if (compareVersions(api, OLDEST_API) >= 0) return { ok: true };
    return {
      ok: false,
      problem: `its Docker Engine is ${version} (API ${api})`,
      remedy: `upgrade it: Docker 20.10 (API ${OLDEST_API}) or newer is needed`,
    };
  } catch (error) {
    return explain(host, error);
  }
}

/** The image is on the host already, or its registry offers it. A registry that does not answer leaves it open. */
export async function imageAvailable(
  host: DockerAddress,
  image: string,
  registries: readonly Registry[] | undefined,
): Promise<CheckResult> {
  const found = connectDocker(host).getImage(image);
  try {
    await found.inspect();
    return { ok: true };
  } catch (error) {
    if (statusOf(error) !== 404) return { ok: true, warning: `cannot look for image ${image}: ${reasonOf(error)}` };
  }
  try {
    await found.distribution({ authconfig: authOf(image, registries ?? []) });
    return { ok: true };
  } catch (error) {
    const reason = reasonOf(error);
    if (isRefusal(reason)) {
      return {
        ok: false,
        problem: `its registry does not give it: ${reason}`,
        remedy: "correct the image's name and tag, or give the registry's credentials in the location's registries",
      };
    }
    return { ok: true, warning: `image ${image} is not on the host and its registry does not answer: ${reason}` };
  }
}

/** The image of that id is on the host. */
export async function imagePresent(host: DockerAddress, id: string): Promise<boolean> {
  try {
    await connectDocker(host).getImage(id).inspect();
    return true;
  } catch (error) {
    if (statusOf(error) === 404) return false;
    throw new Error(`cannot look for image ${id}: ${reasonOf(error)}`);
  }
}

/**
 * Names of the containers that publish any of these host ports, e.g. `80/tcp`, and lack any of `labels`, by port. Stopped containers hold no port. The
 * engine is asked once for all ports.
 */
export async function portHolders(
  host: DockerAddress,
  ports: readonly string[],
  labels: Readonly<Record<string, string>>,
): Promise<ReadonlyMap<string, string>> {
  if (ports.length === 0) return new Map();
  const docker = connectDocker(host);
  const others = (await docker.listContainers()).filter(
    (container) => !Object.entries(labels).every(([label, value]) => container.Labels[label] === value),
  );
  // What Docker lists comes last: it is certain to hold the port.
  const holders = new Map([...(await publishedElsewhere(docker, others)), ...others.flatMap(listedPorts)]);
  return new Map(
    ports.flatMap((port) => {
      const holder = holders.get(port);
      return holder === undefined ? [] : [[port, holder.Names[0]?.slice(1) ?? holder.Id.slice(0, 12)] as const];
    }),
  );
}

type Holder = readonly [port: string, container: Docker.ContainerInfo];

function listedPorts(container: Docker.ContainerInfo): Holder[] {
  const bound = container.Ports.filter(({ PublicPort }) => PublicPort !== undefined);
  return bound.map(({ PublicPort, Type }) => [`${PublicPort}/${Type}`, container]);
}

/** Whether a network driver other than Docker's own may publish its ports, which Docker does not list. */
function onOtherDriver({ NetworkSettings, Ports }: Docker.ContainerInfo): boolean {
  const names = Object.keys(NetworkSettings?.Networks ?? {});
  return (
    names.some((name) => !["bridge", "host", "none"].includes(name)) && !Ports.some(({ PublicPort }) => PublicPort)
  );
}

/** The ports that containers ask for by their description, or by an option of their connection to a network of Calico. */
async function publishedElsewhere(docker: Docker, containers: readonly Docker.ContainerInfo[]): Promise<Holder[]> {
  const found = await Promise.all(
    containers.filter(onOtherDriver).map(async (container): Promise<Holder[]> => {
      const info = await inspect(docker, container.Id);
      return info === undefined ? [] : wantedPorts(info).map((port) => [port, container]);
    }),
  );
  return found.flat();
}

/** A container's connection to a network, as far as types lack it. */
interface Connection {
  readonly DriverOpts?: Readonly<Record<string, string>> | null;
}

/** Ports of the host, e.g. `80/tcp`. */
function wantedPorts({ HostConfig, NetworkSettings }: Docker.ContainerInspectInfo): string[] {
  const bindings = Object.entries((HostConfig.PortBindings ?? {}) as Record<string, { HostPort?: string }[] | null>);
  const bound = bindings.flatMap(([name, places]) =>
    (places ?? []).map(({ HostPort }) => `${HostPort}/${name.slice(name.indexOf("/") + 1)}`),
  );
  const options = Object.values(NetworkSettings.Networks).flatMap((connection) =>
    Object.entries((connection as Connection).DriverOpts ?? {}),
  );
  const published = options.flatMap(([name, places]) => {
    const protocol = PUBLISH_OPTION.exec(name)?.[1];
    if (protocol === undefined) return [];
    return places.split(",").map((place) => `${place.slice(place.lastIndexOf(":") + 1)}/${protocol}`);
  });
  return [...bound, ...published];
}

function getVersion(host: DockerAddress): Promise<{ ApiVersion: string; Version: string }> {
  const request = {
    path: "/version",
    method: "GET",
    statusCodes: { 200: true, 500: "server error" },
    abortSignal: AbortSignal.timeout(ANSWER_SECONDS * 1000),
  };
  const { modem } = connectDocker(host);
  return new Promise((resolve, reject) => {
    modem.dial(request, (error: unknown, version: unknown) =>
      error ? reject(error) : resolve(version as { ApiVersion: string; Version: string }),
    );
  });
}

/** True if a registry answered and said no; false if the engine could not reach one. */
function isRefusal(reason: string): boolean {
  const unreachable = /dial tcp|lookup |timeout|connection refused|no such host|x509|EOF/i;
  const refusal = /manifest unknown|not found|no such image|name unknown|denied|unauthorized|no basic auth/i;
  return !unreachable.test(reason) && refusal.test(reason);
}

function explain(host: DockerAddress, error: unknown): CheckResult {
  const code = String((error as { code?: unknown } | undefined)?.code ?? "");
  if (code === "ABORT_ERR" || (error as Error | undefined)?.name === "AbortError") {
    const remedy = "check its address and port, and that a firewall lets them through";
    return { ok: false, problem: `no answer within ${ANSWER_SECONDS} s`, remedy };
  }
  const problem = reasonOf(error);
  if (/^CERT_|SELF_SIGNED|UNABLE_TO|ALTNAME/.test(code)) {
    const remedy = "tls.ca must be the authority that signed the engine's certificate for exactly this address";
    return { ok: false, problem, remedy };
  }
  if (/SSL|TLS|EPROTO|ECONNRESET/.test(code) || /alert|certificate|hang up|HTTPS server/i.test(problem)) {
    const remedy = host.tls
      ? "tls.cert and tls.key must be a client certificate that the engine's authority signed"
      : "give tls.ca, tls.cert and tls.key if the engine listens with --tlsverify";
    return { ok: false, problem, remedy };
  }
  return { ok: false, problem, remedy: "check that the engine runs there and that the address is reachable from here" };
}

function compareVersions(left: string, right: string): number {
  const [a, b] = [left.split(".").map(Number), right.split(".").map(Number)];
  return (a[0] ?? 0) - (b[0] ?? 0) || (a[1] ?? 0) - (b[1] ?? 0);
}
