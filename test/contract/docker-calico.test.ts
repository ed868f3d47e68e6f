import { readFileSync } from "node:fs";
import { join } from "node:path";
import type Docker from "dockerode";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { callPlugin } from "../../docker-calico/plugin-client";
import { EtcdClient } from "../../providers/calico/etcd-client";
import { Ipam } from "../../providers/calico/ipam/ipam";
import { findPool } from "../../providers/calico/ipam/pool";
import { addressesInUse } from "./support/calico-addresses";
import { DockerCalicoHost, HOST_ADDRESS, IMAGE, until } from "./support/docker-calico-host";
import { EtcdServer } from "./support/etcd-server";

const RESOURCES = "/calico/resources/v3/projectcalico.org";
const ENDPOINTS = `${RESOURCES}/workloadendpoints/libnetwork/`;
const SHOP = "198.18.80.0/26";
const BLOCKS = "/calico/ipam/v2/assignment/ipv4/block/";
const LONG_AGO = "2026-01-01T00:00:00Z";

interface Wep {
  metadata: { labels: Record<string, string>; creationTimestamp: string; name: string };
  spec: { endpoint: string; ipNetworks: string[]; interfaceName: string; node: string; ports?: unknown[] };
}

let etcdServer: EtcdServer;
let etcd: EtcdClient;
let host: DockerCalicoHost;

beforeAll(async () => {
  etcdServer = await EtcdServer.start();
  etcd = new EtcdClient({ endpoints: [etcdServer.endpoint] });
  await makePool("shop", { cidr: SHOP, blockSize: 28, vxlanMode: "Always" });
  await makePool("tunnels", { cidr: "198.18.81.0/28", blockSize: 30, allowedUses: ["Tunnel"] });
  host = await DockerCalicoHost.start(etcdServer.endpoint);
  await host.startDriver({ TUNNEL_POOL: "tunnels" });
});

afterEach(async () => {
  await host.clear();
});

afterAll(async () => {
  await host?.stop();
  etcd?.close();
  await etcdServer?.stop();
});

async function makePool(name: string, spec: Record<string, unknown>): Promise<void> {
  const value = { kind: "IPPool", apiVersion: "projectcalico.org/v3", metadata: { name }, spec };
  await etcd.commit([], [{ put: `${RESOURCES}/ippools/${name}`, value }]);
}

async function weps(): Promise<Wep[]> {
  return (await etcd.list(ENDPOINTS)).entries.map(({ value }) => value as Wep);
}

async function onlyWep(): Promise<Wep> {
  const [wep, ...more] = await weps();
  if (!wep || more.length > 0) throw new Error(`${more.length + (wep ? 1 : 0)} endpoints`);
  return wep;
}

async function network(name: string, options: Record<string, string> = {}, more: object = {}): Promise<Docker.Network> {
  return host.docker.createNetwork({
    Name: name,
    Driver: "calico",
    IPAM: { Driver: "calico", Config: [{ Subnet: SHOP }] },
    Options: options,
    ...more,
  });
}

interface Run {
  readonly network: string;
  readonly cmd?: string[];
  readonly ip?: string;
  readonly driverOpts?: Record<string, string>;
  readonly labels?: Record<string, string>;
  readonly ports?: Record<string, { HostPort: string; HostIp?: string }[]>;
}

async function start(name: string, about: Run): Promise<Docker.Container> {
  const container = await host.docker.createContainer({
    name,
    Image: IMAGE,
    Cmd: about.cmd ?? ["sleep", "3600"],
    Labels: about.labels ?? {},
    ExposedPorts: Object.fromEntries(Object.keys(about.ports ?? {}).map((port) => [port, {}])),
    HostConfig: { NetworkMode: about.network, PortBindings: about.ports ?? {} },
    NetworkingConfig: {
      EndpointsConfig: {
        [about.network]: {
          ...(about.ip !== undefined && { IPAMConfig: { IPv4Address: about.ip } }),
          DriverOpts: about.driverOpts ?? {},
        },
      },
    },
  });
  try {
    await container.start();
  } catch (error) {
    await container.remove({ force: true });
    throw error;
  }
  return container;
}

async function inside(container: Docker.Container, ...command: string[]): Promise<string> {
  const exec = await container.exec({ Cmd: command, AttachStdout: true, AttachStderr: true, Tty: true });
  const stream = await exec.start({ Tty: true });
  let output = "";
  for await (const chunk of stream) output += chunk;
  return output;
}

const natRules = () => host.exec("iptables", "-t", "nat", "-S");
const nothingLeft = async () => {
  expect(await weps()).toEqual([]);
  expect(await addressesInUse(etcd, SHOP)).toBe(0);
  expect(await host.exec("ip", "-o", "link", "show")).not.toMatch(/cali|tmp/);
  expect(await natRules()).not.toContain("CALICO");
};

describe("a Calico network of a real Docker Engine", () => {
  it("registers its host as a node with a tunnel address, and answers its health check", async () => {
    expect((await etcd.get(`${RESOURCES}/nodes/host-a`))?.value).toMatchObject({
      metadata: { name: "host-a" },
      spec: { bgp: { ipv4Address: `${HOST_ADDRESS}/24` }, ipv4VXLANTunnelAddr: "198.18.81.0" },
    });
    expect(await host.driverProgram(["--health"])).toEqual({ code: 0, output: "" });
  });

  it("gives a container an address of its own, with its labels before it runs and the container's own after", async () => {
    const net = await network("shop", { "label.app": "shop", "label.role": "none" });
    const container = await start("web", {
      network: "shop",
      driverOpts: { "label.role": "web" },
      labels: { "org.projectcalico.label.tier": "front", "org.projectcalico.label.bad": "no such value!" },
    });
    const wep = await onlyWep();
    expect(wep.metadata.name).toBe(`host--a-libnetwork-libnetwork-${wep.spec.endpoint}`);
    expect(wep.metadata.labels).toMatchObject({
      app: "shop",
      role: "web",
      "projectcalico.org/orchestrator": "libnetwork",
    });
    expect(wep.spec).toMatchObject({ node: "host-a", ipNetworks: ["198.18.80.0/32"], profiles: [] });
    const { NetworkSettings } = await container.inspect();
    expect(NetworkSettings.Networks["shop"]).toMatchObject({
      EndpointID: wep.spec.endpoint,
      IPAddress: "198.18.80.0",
      MacAddress: "02:42:c6:12:50:00",
    });
    const addresses = await inside(container, "ip", "address");
    expect(addresses).toContain("inet 198.18.80.0/32");
    expect(addresses).toMatch(/eth0@.*mtu 1450/);
    expect(await inside(container, "ip", "route")).toContain("default via 169.254.1.1 dev eth0");
    expect(await host.exec("ip", "-o", "link", "show", wep.spec.interfaceName)).toContain("ee:ee:ee:ee:ee:ee");
    await until("the container's own label", 5, async () => {
      expect((await onlyWep()).metadata.labels).toMatchObject({ app: "shop", role: "web", tier: "front" });
    });
    expect((await onlyWep()).metadata.labels).not.toHaveProperty("bad");

    await container.restart({ t: 0 });
    const again = await onlyWep();
    expect(again.spec.endpoint).not.toBe(wep.spec.endpoint);
    expect(again.metadata.labels).toMatchObject({ app: "shop", role: "web" });
    await container.remove({ force: true });
    await net.remove();
    await nothingLeft();
  });

  it("publishes a port to other hosts and to this one, and refuses one that is taken", async () => {
    const net = await network("shop");
    const web = await start("web", {
      network: "shop",
      cmd: ["sh", "-c", "echo hello > /index.html; exec httpd -f -p 80 -h /"],
      ports: { "80/tcp": [{ HostPort: "8080" }], "81/tcp": [{ HostPort: "8081", HostIp: HOST_ADDRESS }] },
    });
    const { spec } = await onlyWep();
    const rules = await natRules();
    const mark = `-m comment --comment ${spec.endpoint} -j DNAT --to-destination 198.18.80`;
    expect(rules).toMatch(new RegExp(`-A CLOCKER-CALICO -p tcp -m tcp --dport 8080 ${mark}\\.\\d+:80\n`));
    expect(rules).toMatch(
      new RegExp(`-A CLOCKER-CALICO -d ${HOST_ADDRESS}/32 -p tcp -m tcp --dport 8081 ${mark}\\.\\d+:81\n`),
    );
    expect(rules).toContain("-A PREROUTING -m addrtype --dst-type LOCAL -j CLOCKER-CALICO\n");
    expect(spec.ports).toContainEqual({ name: "tcp-80", protocol: "TCP", port: 80, hostPort: 8080, hostIP: "" });

    // What Felix does for an endpoint.
    const [address = ""] = spec.ipNetworks;
    await host.exec("ip", "route", "add", address, "dev", spec.interfaceName);
    await host.exec("sh", "-c", `echo 1 > /proc/sys/net/ipv4/conf/${spec.interfaceName}/proxy_arp`);
    const ask = `fetch("http://${HOST_ADDRESS}:8080/").then((answer) => answer.text()).then(console.log)`;
    await until("the web server", 10, async () => {
      expect(await host.exec(process.execPath, "-e", ask)).toBe("hello\n\n");
    });

    await expect(start("second", { network: "shop", ports: { "80/tcp": [{ HostPort: "8080" }] } })).rejects.toThrow(
      /port 8080\/tcp of this host is published by endpoint .* choose another host port/,
    );
    await expect(start("third", { network: "shop", ports: { "80/tcp": [{ HostPort: "" }] } })).rejects.toThrow(
      "port 80/tcp has no fixed port of the host: publish it as HOSTPORT:80",
    );
    await web.remove({ force: true });
    await net.remove();
    await nothingLeft();
  });

  it("takes a fixed address, and one that is reserved without ever freeing it", async () => {
    const net = await network("shop");
    const fixed = await start("fixed", { network: "shop", ip: "198.18.80.40" });
    expect((await onlyWep()).spec.ipNetworks).toEqual(["198.18.80.40/32"]);
    await expect(start("twin", { network: "shop", ip: "198.18.80.40" })).rejects.toThrow("198.18.80.40 is in use");
    await fixed.remove({ force: true });

    const pool = await findPool(etcd, "shop");
    if (!pool) throw new Error("no pool");
    const other = new Ipam(etcd, "host-b");
    const reserved = new Ipam(etcd, "host-a");
    const request = { handle: "clocker-shop-web", attributes: { type: "clocker" } };
    const address = await reserved.assign(pool, request);
    const elsewhere = await other.assign(pool, { ...request, handle: "clocker-shop-db" });
    const web = await start("web", { network: "shop", ip: address });
    expect((await onlyWep()).spec.ipNetworks).toEqual([`${address}/32`]);
    await web.restart({ t: 0 });
    expect((await onlyWep()).spec.ipNetworks).toEqual([`${address}/32`]);
    await expect(start("twin", { network: "shop", ip: address })).rejects.toThrow(
      `${address} is the address of endpoint`,
    );
    await expect(start("db", { network: "shop", ip: elsewhere })).rejects.toThrow(
      `${elsewhere} is reserved by clocker-shop-db for node host-b, this is node host-a`,
    );
    await web.remove({ force: true });
    expect((await reserved.allocation(address))?.handle).toBe("clocker-shop-web");
    await reserved.releaseHandle("clocker-shop-web");
    await other.releaseHandle("clocker-shop-db");
    await net.remove();
    await nothingLeft();
  });

  it("refuses what it cannot be, with the reason", async () => {
    const refused = (name: string, options: Record<string, string>, more: object) =>
      expect(network(name, options, more)).rejects;
    await refused("a", {}, { IPAM: { Driver: "calico", Config: [{ Subnet: "198.18.200.0/24" }] } }).toThrow(
      `subnet 198.18.200.0/24 is not the CIDR of an IPPool for workloads: give --subnet ${SHOP} (shop)`,
    );
    await refused("b", {}, { IPAM: { Driver: "default", Config: [{ Subnet: "198.18.200.0/24" }] } }).toThrow(
      "give --ipam-driver calico",
    );
    await refused("c", {}, { EnableIPv6: true }).toThrow("no IPv6");
    await refused("d", {}, { Internal: true }).toThrow("cannot be --internal");
    await refused("e", { "label.app": "a b" }, {}).toThrow("label app is 'a b': allowed are at most 63");
    await refused("f", { mtu: "9000" }, {}).toThrow(
      "option 'mtu' is unknown: calico networks take label.<key>=<value>",
    );

    const [one, two] = [await network("one"), await network("two")];
    const container = await host.docker.createContainer({
      Image: IMAGE,
      Cmd: ["sleep", "60"],
      HostConfig: { NetworkMode: "one" },
    });
    await container.start();
    await expect(two.connect({ Container: container.id })).rejects.toThrow(
      "a container can be in one calico network only",
    );
    expect(await weps()).toHaveLength(1);
    await container.stop({ t: 0 });
    await two.disconnect({ Container: container.id, Force: true });
    await container.start();
    await container.remove({ force: true });
    await one.remove();
    await two.remove();
    await nothingLeft();
  });

  it("makes twelve containers at once, each with its own address and labels", async () => {
    const net = await network("shop", { "label.app": "shop" });
    const names = [...Array(12).keys()].map((index) => `c${index}`);
    const containers = await Promise.all(
      names.map((name) => start(name, { network: "shop", driverOpts: { "label.name": name } })),
    );
    const found = await weps();
    expect(new Set(found.map(({ spec }) => spec.ipNetworks[0])).size).toBe(12);
    expect(new Set(found.map(({ metadata }) => metadata.labels["name"]))).toEqual(new Set(names));
    await Promise.all(containers.map((container) => container.remove({ force: true })));
    await net.remove();
    await nothingLeft();
  });
});

describe("when something stops", () => {
  it("the driver leaves containers and ports as they are, and goes on with the same networks", async () => {
    const net = await network("shop", { "label.app": "shop" });
    const web = await start("web", { network: "shop", ports: { "80/tcp": [{ HostPort: "8080" }] } });
    const before = [await weps(), await natRules()];
    expect(await host.stopDriver("SIGTERM")).toBe(0);
    expect(await host.driverProgram(["--health"])).toMatchObject({ code: 1 });
    expect([await weps(), await natRules()]).toEqual(before);
    await host.startDriver({ TUNNEL_POOL: "tunnels" });
    expect([await weps(), await natRules()]).toEqual(before);
    expect(await addressesInUse(etcd, "198.18.81.0/28")).toBe(1);
    const job = await start("job", { network: "shop" });
    expect((await weps()).map(({ metadata }) => metadata.labels["app"])).toEqual(["shop", "shop"]);

    await host.stopDriver("SIGKILL");
    await host.startDriver({ TUNNEL_POOL: "tunnels" });
    for (const container of [web, job]) await container.remove({ force: true });
    await net.remove();
    await nothingLeft();
  });

  it("Docker may be killed: containers keep their endpoints with --live-restore", async () => {
    const net = await network("shop", { "label.app": "shop" });
    const web = await start("web", { network: "shop", ports: { "80/tcp": [{ HostPort: "8080" }] } });
    const before = [await weps(), await natRules()];
    await host.stopDocker("SIGKILL");
    expect([await weps(), await natRules()]).toEqual(before);
    await host.startDocker();
    expect((await web.inspect()).State.Running).toBe(true);
    expect([await weps(), await natRules()]).toEqual(before);
    await until("labels of a container after Docker came back", 10, async () => {
      const late = await start("late", { network: "shop", labels: { "org.projectcalico.label.late": "yes" } });
      try {
        await until("label", 2, async () => {
          expect((await weps()).some(({ metadata }) => metadata.labels["late"] === "yes")).toBe(true);
        });
      } finally {
        await late.remove({ force: true });
      }
    });
    await web.remove({ force: true });
    await net.remove();
    await nothingLeft();
  });

  it("leftovers are swept, what is young or in use is not, and lost rules come back", async () => {
    const net = await network("shop");
    const web = await start("web", { network: "shop", ports: { "80/tcp": [{ HostPort: "8080" }] } });
    const [kept] = await weps();
    const call = (name: string, body: object) => callPlugin(host.pluginSocket, name, body);
    const PoolID = "CalicoLocal/shop";
    const leave = async (EndpointID: string, port: number) => {
      const { Address } = await call("IpamDriver.RequestAddress", { PoolID, Address: "", Options: null });
      const about = { NetworkID: net.id, EndpointID };
      await call("NetworkDriver.CreateEndpoint", {
        ...about,
        Interface: { Address, AddressIPv6: "", MacAddress: "" },
        Options: {},
      });
      await call("NetworkDriver.Join", { ...about, SandboxKey: `/run/netns/${EndpointID}` });
      const map = [{ Proto: 6, IP: "", Port: 80, HostIP: "", HostPort: port, HostPortEnd: port }];
      await call("NetworkDriver.ProgramExternalConnectivity", {
        ...about,
        Options: { "com.docker.network.portmap": map },
      });
    };
    await leave("0".repeat(64), 9001);
    await leave("1".repeat(64), 9002);
    await call("IpamDriver.RequestAddress", { PoolID, Address: "", Options: null });
    expect(await addressesInUse(etcd, SHOP)).toBe(4);

    await host.stopDriver("SIGKILL");
    await age(({ spec }) => spec.endpoint !== "1".repeat(64));
    await host.exec("iptables", "-t", "nat", "-F", "CLOCKER-CALICO");
    await host.startDriver({ TUNNEL_POOL: "tunnels" });
    await until("the sweep", 10, async () => {
      expect((await weps()).map(({ spec }) => spec.endpoint).sort()).toEqual(
        ["1".repeat(64), kept?.spec.endpoint].sort(),
      );
      expect(await addressesInUse(etcd, SHOP)).toBe(2);
      const rules = await natRules();
      expect(rules).toContain(`--dport 8080 -m comment --comment ${kept?.spec.endpoint}`);
      expect(rules).toContain("--dport 9002");
      expect(rules).not.toContain("--dport 9001");
    });
    await call("NetworkDriver.Leave", { NetworkID: net.id, EndpointID: "1".repeat(64) });
    await call("NetworkDriver.DeleteEndpoint", { NetworkID: net.id, EndpointID: "1".repeat(64) });
    await web.remove({ force: true });
    await net.remove();
    await host.stopDriver("SIGTERM");
    await age(() => true);
    await host.startDriver({ TUNNEL_POOL: "tunnels" });
    await until("the sweep of addresses", 10, nothingLeft);
  });

  it("a lost file of networks is made again from Docker", async () => {
    const net = await network("shop", { "label.app": "shop" });
    await host.stopDriver("SIGTERM");
    const file = join(host.folder, "state/networks.json");
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({
      version: 1,
      networks: { [net.id]: { labels: { app: "shop" } } },
    });
    await host.exec("rm", file);
    await host.startDriver({ TUNNEL_POOL: "tunnels" });
    await until("the network", 10, async () => {
      expect(JSON.parse(readFileSync(file, "utf8")).networks).toHaveProperty(net.id);
    });
    await net.remove();
  });

  it("settings that are wrong are all named", async () => {
    const { code, output } = await host.driverProgram([], { NODENAME: "Host_A", MTU: "big", ETCD_ENDPOINTS: "" });
    expect(code).toBe(1);
    expect(output).toMatch(/NODENAME is 'Host_A'.*MTU is 'big'.*ETCD_ENDPOINTS is not set/);
  });
});

/** Makes endpoints, as far as `which` says so, and all addresses of the driver look as if they were made long ago. */
async function age(which: (wep: Wep) => boolean): Promise<void> {
  for (const { key, value } of (await etcd.list(ENDPOINTS)).entries) {
    const wep = value as Wep;
    if (which(wep)) wep.metadata.creationTimestamp = LONG_AGO;
    await etcd.commit([], [{ put: key, value: wep }]);
  }
  for (const { key, text } of (await etcd.list(BLOCKS)).entries) {
    const aged = text.replace(/"timestamp":"[^"]*"/g, `"timestamp":"${LONG_AGO}"`);
    await etcd.commit([], [{ put: key, text: aged }]);
  }
}
