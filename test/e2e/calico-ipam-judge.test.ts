import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ensureCalico } from "../../engine/calico-programs";
import { Ipam } from "../../providers/calico/ipam/ipam";
import { findPool, type Pool } from "../../providers/calico/ipam/pool";
import { args, CalicoProvider } from "../contract/support/calico";
import { addressesInUse } from "../contract/support/calico-addresses";
import { EtcdServer } from "../contract/support/etcd-server";

const RANGE = "198.18.0.0/26";

let etcd: EtcdServer;
let calico: CalicoProvider;
let calicoctl: string;
let folder: string;
let pool: Pool;
/** Holds the network namespace of a container. */
let network: ChildProcess;

beforeAll(async () => {
  const programs = await ensureCalico(["calicoctl", "cni"], { log: (line) => console.log(line) });
  calicoctl = programs.calicoctl;
  folder = await mkdtemp(join(tmpdir(), "clocker-ipam-judge-"));
  await copyFile(programs.cni, join(folder, "calico-ipam"));
  network = spawn("unshare", ["--net", "sleep", "600"], { stdio: "ignore" });
  etcd = await EtcdServer.start();
  calico = await CalicoProvider.start({ endpoints: [etcd.endpoint] });
});

afterAll(async () => {
  network?.kill("SIGKILL");
  await calico?.stop();
  await etcd?.stop();
  await rm(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  await etcd.ctl("del", "--prefix", "/");
  await (await calico.of("calico.Datastore")).create({});
  for (const node of ["h1", "h2"]) {
    await (await calico.of("calico.Node")).create(args({ name: node }, { bgp: { ipv4Address: "192.0.2.1/24" } }));
  }
  await (await calico.of("calico.IPPool")).create(
    args({ name: "shop" }, { cidr: RANGE, blockSize: 28, vxlanMode: "Always" }),
  );
  const found = await findPool(calico.client, "shop");
  if (!found) throw new Error("no pool");
  pool = found;
});

async function ctl(...line: string[]): Promise<string> {
  const env = { ...process.env, DATASTORE_TYPE: "etcdv3", ETCD_ENDPOINTS: etcd.endpoint };
  return (await promisify(execFile)(calicoctl, line, { env })).stdout;
}

/** Calico's own IPAM plugin for containers, as a container runtime calls it. */
async function plugin(command: "ADD" | "DEL", container: string, node: string): Promise<string> {
  const env = {
    CNI_COMMAND: command,
    CNI_CONTAINERID: container,
    CNI_NETNS: `/proc/${network.pid}/ns/net`,
    CNI_IFNAME: "eth0",
    CNI_PATH: folder,
  };
  const child: ChildProcess = spawn(join(folder, "calico-ipam"), [], { env, stdio: "pipe" });
  let output = "";
  child.stdout?.on("data", (chunk) => (output += chunk));
  let errors = "";
  child.stderr?.on("data", (chunk) => (errors += chunk));
  child.stdin?.end(
    JSON.stringify({
      cniVersion: "0.3.1",
      name: "net",
      type: "calico",
      datastore_type: "etcdv3",
      etcd_endpoints: etcd.endpoint,
      nodename: node,
      ipam: { type: "calico-ipam", ipv4_pools: ["shop"], assign_ipv6: "false" },
      ipam_lock_file: join(folder, "ipam.lock"),
      log_file_path: join(folder, "cni.log"),
    }),
  );
  await once(child, "close");
  if (child.exitCode !== 0) throw new Error(`${output}${errors}`);
  return /"address":\s*"([\d.]+)/.exec(output)?.[1] ?? "";
}

const take = (ipam: Ipam, handle: string) => ipam.assign(pool, { handle, attributes: { type: "clocker" } });

describe("addresses in Calico's IPAM", () => {
  it("are seen by calicoctl as they were assigned, and may be released by it", async () => {
    const [one, two] = [new Ipam(calico.client, "h1"), new Ipam(calico.client, "h2")];
    const address = await take(one, "clocker-web");
    await take(one, "clocker-web");
    await take(two, "clocker-db");
    const shown = await ctl("ipam", "show", "--show-blocks");
    expect(shown).toMatch(/IP Pool\s*\|\s*198\.18\.0\.0\/26\s*\|\s*64\s*\|\s*3 /);
    expect(shown).toMatch(/Block\s*\|\s*198\.18\.0\.0\/28\s*\|\s*16\s*\|\s*2 /);
    expect(shown).toMatch(/Block\s*\|\s*198\.18\.0\.16\/28\s*\|\s*16\s*\|\s*1 /);
    expect(await ctl("ipam", "show", `--ip=${address}`)).toContain("type: clocker");
    await ctl("ipam", "release", `--ip=${address}`);
    expect(await one.allocation(address)).toBeUndefined();
    expect(await one.allocationsOf("clocker-web")).toHaveLength(1);
    expect(await one.releaseHandle("clocker-web")).toEqual(["198.18.0.1"]);
    expect(await addressesInUse(calico.client, RANGE)).toBe(1);
  });

  it("are shared with Calico's own plugin: none twice, each frees its own", async () => {
    const ipam = new Ipam(calico.client, "h1");
    const mine: string[] = [];
    const theirs: string[] = [];
    for (let count = 0; count < 4; count++) {
      theirs.push(await plugin("ADD", `container-${count}`, "h1"));
      mine.push(await take(ipam, `clocker-${count}`));
    }
    expect(new Set([...mine, ...theirs]).size).toBe(8);
    expect(await ctl("ipam", "show", "--show-blocks")).toMatch(/Block\s*\|\s*198\.18\.0\.\d+\/28\s*\|\s*16\s*\|\s*8 /);
    for (let count = 0; count < 4; count += 2) {
      await plugin("DEL", `container-${count}`, "h1");
      await ipam.releaseHandle(`clocker-${count}`);
    }
    expect(await addressesInUse(calico.client, RANGE)).toBe(4);
    for (const address of [mine[1], theirs[1], mine[3], theirs[3]]) {
      expect(await ipam.allocation(address ?? "")).toBeDefined();
    }
    for (let count = 1; count < 4; count += 2) {
      await plugin("DEL", `container-${count}`, "h1");
      await ipam.releaseHandle(`clocker-${count}`);
    }
    expect(await addressesInUse(calico.client, RANGE)).toBe(0);
    expect((await calico.client.list("/calico/ipam/v2/handle/")).entries).toEqual([]);
  });

  it("are given once when both take addresses at the same time", async () => {
    const ipam = new Ipam(calico.client, "h1");
    const all = await Promise.all([
      ...[...Array(8).keys()].map((count) => plugin("ADD", `container-${count}`, count % 2 === 0 ? "h1" : "h2")),
      ...[...Array(12).keys()].map((count) => take(ipam, `clocker-${count}`)),
    ]);
    expect(new Set(all).size).toBe(20);
    expect(await addressesInUse(calico.client, RANGE)).toBe(20);
  });
});
