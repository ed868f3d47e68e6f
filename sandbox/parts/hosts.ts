import Docker from "dockerode";
import { INNER_NETWORKS } from "../address-plan";
import { certificateScript } from "../build/certificates";
import { ensureImage } from "../build/image";
import { readFiles } from "../container-files";
import { ensureContainer } from "../containers";
import { step, waitFor } from "../progress";
import type { Sandbox } from "../sandbox";

/** The Docker hosts by name. */
const HOSTS = ["host-a", "host-b"] as const;
type HostName = (typeof HOSTS)[number];

/** A Docker host that answers, and what a client needs to talk to it. */
export interface DockerHost {
  readonly name: HostName;
  readonly address: string;
  readonly port: number;
  readonly tls: { readonly ca: string; readonly cert: string; readonly key: string };
  readonly docker: Docker;
}

const PORT = 2376;
const READY_MS = 120_000;

/** Starts both Docker hosts and waits until they answer with their certificates. */
export async function hostsUp(sandbox: Sandbox): Promise<readonly DockerHost[]> {
  const { engine, base, log } = sandbox;
  const generated = [await certificateScript()];
  const spec = { name: "docker-host", args: { BASE: base.tag }, generated, expected: "1 min" };
  const image = await ensureImage(engine, spec, log);
  return Promise.all(HOSTS.map((name) => hostUp(sandbox, name, image)));
}

async function hostUp(sandbox: Sandbox, name: HostName, image: string): Promise<DockerHost> {
  const { engine, plan, log } = sandbox;
  const container = await ensureContainer(
    engine,
    plan,
    {
      part: name,
      image,
      env: { BRIDGE_ADDRESS: INNER_NETWORKS[name].bridge, ADDRESS_POOL: INNER_NETWORKS[name].pool },
      // overlay2 does not stack on the container's own layer, so the inner engine's data is in a volume.
      volumes: { [name]: "/var/lib/docker", [`${name}-certs`]: "/certs" },
      privileges: await sandbox.privileges(),
      stopTimeoutSeconds: 20,
    },
    log,
  );
  const address = plan.address[name];
  const remedy = `see docker logs of its container; an engine in a virtual machine (Docker Desktop) or a rootless one has no way to ${address}`;
  return step(log, `${name} answers at ${address}:${PORT}`, () =>
    waitFor(`the Docker host ${name}`, { timeoutMs: READY_MS, remedy }, async () => {
      const files = await readFiles(container, "/certs/client");
      const pem = (file: string) => files?.get(`client/${file}`)?.toString() ?? "";
      const tls = { ca: pem("ca.pem"), cert: pem("cert.pem"), key: pem("key.pem") };
      if (!tls.ca || !tls.cert || !tls.key) return undefined;
      const connection = { host: address, port: PORT, protocol: "https" as const, ...tls };
      await new Docker({ ...connection, timeout: 3000 }).ping();
      return { name, address, port: PORT, tls, docker: new Docker(connection) };
    }),
  );
}
