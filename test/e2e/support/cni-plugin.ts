import { readFile } from "node:fs/promises";
import { ensureCalico } from "../../../engine/calico-programs";
import type { Etcd } from "../../../sandbox/parts/etcd";
import type { CalicoHost } from "./calico-host";
import type { Workload } from "./workload";

const FOLDER = "/opt/cni-plugin";

/** Calico's own CNI plugin on a host, called as Mesos calls it for the tasks of its own containerizer. */
export class CniPlugin {
  private constructor(
    private readonly host: CalicoHost,
    private readonly network: string,
    private readonly pool: string,
    private readonly etcd: Etcd,
  ) {}

  /** @param network name of the network, which is also that of the profile that its endpoints have */
  static async install(host: CalicoHost, network: string, pool: string, etcd: Etcd): Promise<CniPlugin> {
    const { cni } = await ensureCalico(["cni"], { log: (line) => console.log(line) });
    await host.putFiles(FOLDER, {
      calico: await readFile(cni),
      "ca.pem": etcd.ca,
      "cert.pem": etcd.cert,
      "key.pem": etcd.key,
    });
    await host.shell(
      `ln -f ${FOLDER}/calico ${FOLDER}/calico-ipam; mkdir -p /var/lib/calico; echo ${host.name} > /var/lib/calico/nodename`,
    );
    return new CniPlugin(host, network, pool, etcd);
  }

  /** The address of the container. */
  async add(workload: Workload, labels: Readonly<Record<string, string>>): Promise<string> {
    const output = await this.call("ADD", workload, labels);
    const address = /"address":\s*"([\d.]+)/.exec(output)?.[1];
    if (address === undefined) throw new Error(`the CNI plugin gives no address: ${output}`);
    return address;
  }

  async delete(workload: Workload): Promise<void> {
    await this.call("DEL", workload, {});
  }

  async remove(): Promise<void> {
    await this.host.shell(`rm -rf ${FOLDER} /var/lib/calico`);
  }

  private async call(command: "ADD" | "DEL", workload: Workload, labels: Readonly<Record<string, string>>) {
    const list = Object.entries(labels).map(([key, value]) => ({ key, value }));
    const config = JSON.stringify({
      cniVersion: "0.3.1",
      name: this.network,
      type: "calico",
      datastore_type: "etcdv3",
      etcd_endpoints: this.etcd.endpoints.join(","),
      etcd_ca_cert_file: `${FOLDER}/ca.pem`,
      etcd_cert_file: `${FOLDER}/cert.pem`,
      etcd_key_file: `${FOLDER}/key.pem`,
      nodename: this.host.name,
      mtu: 1450,
      ipam: { type: "calico-ipam", ipv4_pools: [this.pool], assign_ipv6: "false" },
      policy: { type: "none" },
      log_file_path: `${FOLDER}/log`,
      args: { "org.apache.mesos": { network_info: { name: this.network, labels: { labels: list } } } },
    });
    const { exitCode, output } = await this.host.shell(
      `CNI_COMMAND=${command} CNI_CONTAINERID=${workload.name} CNI_NETNS=/proc/${await workload.pid()}/ns/net CNI_IFNAME=eth0 \
       CNI_PATH=${FOLDER} ${FOLDER}/calico <<'CONFIG'
${config}
CONFIG`,
    );
    if (exitCode !== 0) throw new Error(`the CNI plugin fails to ${command}: ${output}`);
    return output;
  }
}
