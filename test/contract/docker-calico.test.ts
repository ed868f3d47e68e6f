import type Docker from "dockerode";
import { describe, expect, it } from "vitest";
import { Ipam } from "../../providers/calico/ipam/ipam";
import { findPool } from "../../providers/calico/ipam/pool";
import { HOST_ADDRESS, IMAGE, until } from "./support/docker-calico-host";
import { type DockerCalicoLab, RESOURCES, SHOP, useDockerCalicoLab } from "./support/docker-calico-lab";

let lab: DockerCalicoLab;

useDockerCalicoLab((started) => {
  lab = started;
});

describe("a Calico network of a real Docker Engine", () => {
  it("registers its host as a node with a tunnel address, and answers its health check", async () => {
    expect((await lab.etcd.get(`${RESOURCES}/nodes/host-a`))?.value).toMatchObject({
      metadata: { name: "host-a" },
      spec: { bgp: { ipv4Address: `${HOST_ADDRESS}/24` }, ipv4VXLANTunnelAddr: "198.18.81.0" },
    });
    expect(await lab.host.driverProgram(["--health"])).toEqual({ code: 0, output: "" });
  });

  it("gives a container an address of its own, with its labels before it runs and the container's own after", async () => {
    const net = await lab.network("shop", { "label.app": "shop", "label.role": "none" });
    const container = await lab.start("web", {
      network: "shop",
      driverOpts: { "label.role": "web" },
      labels: { "org.projectcalico.label.tier": "front", "org.projectcalico.label.bad": "no such value!" },
    });
    const wep = await lab.onlyWep();
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
    expect(await lab.host.exec("ip", "-o", "link", "show", wep.spec.interfaceName)).toContain("ee:ee:ee:ee:ee:ee");
    await until("the container's own label", 5, async () => {
      expect((await lab.onlyWep()).metadata.labels).toMatchObject({ app: "shop", role: "web", tier: "front" });
    });
    expect((await lab.onlyWep()).metadata.labels).not.toHaveProperty("bad");

    await container.restart({ t: 0 });
    const again = await lab.onlyWep();
    expect(again.spec.endpoint).not.toBe(wep.spec.endpoint);
    expect(again.metadata.labels).toMatchObject({ app: "shop", role: "web" });
    await container.remove({ force: true });
    await net.remove();
    await lab.expectNothingLeft();
  });

  it("publishes a port to other hosts and to this one, and refuses one that is taken", async () => {
    const net = await lab.network("shop");
    const web = await lab.start("web", {
      network: "shop",
      cmd: ["sh", "-c", "echo hello > /index.html; exec httpd -f -p 80 -h /"],
      ports: { "80/tcp": [{ HostPort: "8080" }], "81/tcp": [{ HostPort: "8081", HostIp: HOST_ADDRESS }] },
    });
    const { spec } = await lab.onlyWep();
    const rules = await lab.natRules();
    const mark = `-m comment --comment ${spec.endpoint} -j DNAT --to-destination 198.18.80`;
    expect(rules).toMatch(new RegExp(`-A CLOCKER-CALICO -p tcp -m tcp --dport 8080 ${mark}\\.\\d+:80\n`));
    expect(rules).toMatch(
      new RegExp(`-A CLOCKER-CALICO -d ${HOST_ADDRESS}/32 -p tcp -m tcp --dport 8081 ${mark}\\.\\d+:81\n`),
    );
    expect(rules).toContain("-A PREROUTING -m addrtype --dst-type LOCAL -j CLOCKER-CALICO\n");
    expect(spec.ports).toContainEqual({ name: "tcp-80", protocol: "TCP", port: 80, hostPort: 8080, hostIP: "" });

    // What Felix does for an endpoint.
    const [address = ""] = spec.ipNetworks;
    await lab.host.exec("ip", "route", "add", address, "dev", spec.interfaceName);
    await lab.host.exec("sh", "-c", `echo 1 > /proc/sys/net/ipv4/conf/${spec.interfaceName}/proxy_arp`);
    const ask = `fetch("http://${HOST_ADDRESS}:8080/").then((answer) => answer.text()).then(console.log)`;
    await until("the web server", 10, async () => {
      expect(await lab.host.exec(process.execPath, "-e", ask)).toBe("hello\n\n");
    });

    await expect(lab.start("second", { network: "shop", ports: { "80/tcp": [{ HostPort: "8080" }] } })).rejects.toThrow(
      /port 8080\/tcp of this host is published by endpoint .* choose another host port/,
    );
    await expect(lab.start("third", { network: "shop", ports: { "80/tcp": [{ HostPort: "" }] } })).rejects.toThrow(
      "port 80/tcp has no fixed port of the host: publish it as HOSTPORT:80",
    );
    await web.remove({ force: true });
    await net.remove();
    await lab.expectNothingLeft();
  });

  it("takes a fixed address, and one that is reserved without ever freeing it", async () => {
    const net = await lab.network("shop");
    const fixed = await lab.start("fixed", { network: "shop", ip: "198.18.80.40" });
    expect((await lab.onlyWep()).spec.ipNetworks).toEqual(["198.18.80.40/32"]);
    await expect(lab.start("twin", { network: "shop", ip: "198.18.80.40" })).rejects.toThrow("198.18.80.40 is in use");
    await fixed.remove({ force: true });

    const pool = await findPool(lab.etcd, "shop");
    if (!pool) throw new Error("no pool");
    const other = new Ipam(lab.etcd, "host-b");
    const reserved = new Ipam(lab.etcd, "host-a");
    const request = { handle: "clocker-shop-web", attributes: { type: "clocker" } };
    const address = await reserved.assign(pool, request);
    const elsewhere = await other.assign(pool, { ...request, handle: "clocker-shop-db" });
    const web = await lab.start("web", { network: "shop", ip: address });
    expect((await lab.onlyWep()).spec.ipNetworks).toEqual([`${address}/32`]);
    await web.restart({ t: 0 });
    expect((await lab.onlyWep()).spec.ipNetworks).toEqual([`${address}/32`]);
    await expect(lab.start("twin", { network: "shop", ip: address })).rejects.toThrow(
      `${address} is the address of endpoint`,
    );
    await expect(lab.start("db", { network: "shop", ip: elsewhere })).rejects.toThrow(
      `${elsewhere} is reserved by clocker-shop-db for node host-b, this is node host-a`,
    );
    await web.remove({ force: true });
    expect((await reserved.allocation(address))?.handle).toBe("clocker-shop-web");
    await reserved.releaseHandle("clocker-shop-web");
    await other.releaseHandle("clocker-shop-db");
    await net.remove();
    await lab.expectNothingLeft();
  });

  it("refuses what it cannot be, with the reason", async () => {
    const refused = (name: string, options: Record<string, string>, more: object) =>
      expect(lab.network(name, options, more)).rejects;
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

    const [one, two] = [await lab.network("one"), await lab.network("two")];
    const container = await lab.host.docker.createContainer({
      Image: IMAGE,
      Cmd: ["sleep", "60"],
      HostConfig: { NetworkMode: "one" },
    });
    await container.start();
    await expect(two.connect({ Container: container.id })).rejects.toThrow(
      "a container can be in one calico network only",
    );
    expect(await lab.weps()).toHaveLength(1);
    await container.stop({ t: 0 });
    await two.disconnect({ Container: container.id, Force: true });
    await container.start();
    await container.remove({ force: true });
    await one.remove();
    await two.remove();
    await lab.expectNothingLeft();
  });

  it("makes twelve containers at once, each with its own address and labels", async () => {
    const net = await lab.network("shop", { "label.app": "shop" });
    const names = [...Array(12).keys()].map((index) => `c${index}`);
    const containers = await Promise.all(
      names.map((name) => lab.start(name, { network: "shop", driverOpts: { "label.name": name } })),
    );
    const found = await lab.weps();
    expect(new Set(found.map(({ spec }) => spec.ipNetworks[0])).size).toBe(12);
    expect(new Set(found.map(({ metadata }) => metadata.labels["name"]))).toEqual(new Set(names));
    await Promise.all(containers.map((container) => container.remove({ force: true })));
    await net.remove();
    await lab.expectNothingLeft();
  });
});

async function inside(container: Docker.Container, ...command: string[]): Promise<string> {
  const exec = await container.exec({ Cmd: command, AttachStdout: true, AttachStderr: true, Tty: true });
  const stream = await exec.start({ Tty: true });
  let output = "";
  for await (const chunk of stream) output += chunk;
  return output;
}
