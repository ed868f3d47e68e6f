import { objectName } from "../../../sandbox/address-plan";
import type { SandboxDescription } from "../../../sandbox/description";
import type { Etcd } from "../../../sandbox/parts/etcd";
import type { DockerHost } from "../../../settings/schema";
import { execIn } from "./container";

/** One of the ports that Felix lets through on every host, whatever policies say. */
const PORT = 6666;
const FOLDER = "/tmp/second-etcd";

/** `$1` is the address. It is the first one's command line with data, port and peer of its own. */
const START = `
[ ! -e ${FOLDER}/pid ] || kill -KILL "$(cat ${FOLDER}/pid)"
rm -rf ${FOLDER}; mkdir ${FOLDER}
etcd --name second --data-dir ${FOLDER}/data --unsafe-no-fsync \
  --listen-client-urls https://0.0.0.0:${PORT} --advertise-client-urls "https://$1:${PORT}" \
  --listen-peer-urls http://127.0.0.1:6667 --initial-advertise-peer-urls http://127.0.0.1:6667 \
  --initial-cluster second=http://127.0.0.1:6667 --client-cert-auth --trusted-ca-file /certs/ca.pem \
  --cert-file /certs/server.pem --key-file /certs/server-key.pem > ${FOLDER}/log 2>&1 &
echo $! > ${FOLDER}/pid
for try in $(seq 100); do
  grep -q 'embed: serving client requests' ${FOLDER}/log && exit 0
  sleep 0.1
done
cat ${FOLDER}/log; kill -KILL $!; exit 1`;

const STOP = `kill -KILL "$(cat ${FOLDER}/pid)"; rm -rf ${FOLDER}`;

/** An empty datastore beside that of the sandbox, in the same container, for the same certificates. */
export class SecondEtcd {
  private constructor(
    private readonly sandbox: SandboxDescription,
    readonly access: Etcd,
  ) {}

  static async start(sandbox: SandboxDescription): Promise<SecondEtcd> {
    const { etcd } = sandbox;
    if (etcd === undefined) throw new Error("the sandbox has no etcd: start it with --parts etcd");
    const { hostname } = new URL(etcd.endpoints[0] ?? "");
    const second = new SecondEtcd(sandbox, { ...etcd, endpoints: [`https://${hostname}:${PORT}`] });
    await second.run(START, hostname);
    return second;
  }

  async stop(): Promise<void> {
    await this.run(STOP);
  }

  private async run(script: string, ...args: string[]): Promise<void> {
    const place = { url: this.sandbox.engine.host } as DockerHost;
    const command = ["bash", "-c", script, "bash", ...args];
    const { exitCode, output } = await execIn(place, objectName(this.sandbox.name, "etcd"), command);
    if (exitCode !== 0) throw new Error(`the second etcd: ${output}`);
  }
}
