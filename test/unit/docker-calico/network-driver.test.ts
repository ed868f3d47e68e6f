import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ENDPOINTS, NETWORK, TestDriver } from "./support/driver";

const ONE = "1".repeat(64);
const TWO = "2".repeat(64);

let driver: TestDriver;

beforeEach(async () => {
  driver = await TestDriver.start();
});

afterEach(() => driver.stop());

interface Wep {
  readonly metadata: { readonly labels: Record<string, string> };
  readonly spec: { readonly ports?: { hostPort: number; port: number; protocol: string }[] };
}

async function wep(id: string): Promise<Wep> {
  const all = await driver.etcd.all(ENDPOINTS);
  return all[`host--1-libnetwork-libnetwork-${id}`] as Wep;
}

describe("a network", () => {
  const create = (more: object) =>
    driver.call("NetworkDriver.CreateNetwork", {
      NetworkID: NETWORK,
      Options: {},
      IPv4Data: [{ AddressSpace: "CalicoLocal", Pool: "198.18.160.0/20" }],
      IPv6Data: [],
      ...more,
    });

  it.each([
    [{ Options: { "com.docker.network.enable_ipv6": true } }, "calico networks have no IPv6: leave out --ipv6"],
    [{ IPv6Data: [{ Pool: "fd00::/64" }] }, "calico networks have no IPv6"],
    [{ Options: { "com.docker.network.internal": true } }, "cannot be --internal: let a policy say"],
    [{ IPv4Data: [] }, "exactly one subnet: the CIDR of an IPPool"],
    [{ IPv4Data: [{ AddressSpace: "LocalDefault" }] }, "give --ipam-driver calico"],
    [{ Options: { "com.docker.network.generic": { mtu: "9000" } } }, "option 'mtu' is unknown"],
    [{ Options: { "com.docker.network.generic": { "label.a b": "c" } } }, "label 'a b': use [prefix/]name"],
    [
      { Options: { "com.docker.network.generic": { "label.projectcalico.org/namespace": "kube-system" } } },
      "Calico sets labels of projectcalico.org/ itself",
    ],
  ])("with %j is refused", async (more, reason) => {
    await expect(create(more)).rejects.toThrow(reason);
    expect(driver.networks.ids).toEqual([]);
  });

  it("of a swarm is refused", async () => {
    await expect(driver.call("NetworkDriver.AllocateNetwork", {})).rejects.toThrow("not of a swarm");
    const request = { AddressSpace: "CalicoGlobal", Pool: "198.18.160.0/20", SubPool: "", V6: false };
    await expect(driver.call("IpamDriver.RequestPool", request)).rejects.toThrow("use --scope local");
  });
});

describe("an endpoint", () => {
  it("has its labels from the network, then from the connection, and never Calico's own", async () => {
    await driver.createNetwork({ "label.app": "shop", "label.role": "any" });
    await driver.connect(ONE, { options: { "label.role": "web", "other.option": "x" } });
    expect((await wep(ONE)).metadata.labels).toEqual({
      app: "shop",
      role: "web",
      "projectcalico.org/namespace": "libnetwork",
      "projectcalico.org/orchestrator": "libnetwork",
    });
    await expect(driver.connect(TWO, { options: { "label.role": "no good" } })).rejects.toThrow(
      "label role is 'no good'",
    );
    expect(await wep(TWO)).toBeUndefined();
  });

  it("of a network that is not known is refused", async () => {
    await expect(driver.connect(ONE)).rejects.toThrow(
      `network ${NETWORK.slice(0, 12)} is not known to the calico driver`,
    );
  });

  it("is one of a container: the second is refused and lets nobody in", async () => {
    await driver.createNetwork();
    await driver.connect(ONE, { sandbox: "/run/netns/a" });
    await expect(driver.connect(TWO, { sandbox: "/run/netns/a" })).rejects.toThrow(
      "a container can be in one calico network only",
    );
    expect(await wep(TWO)).toBeUndefined();
    expect(await wep(ONE)).toBeDefined();
    await driver.connect("3".repeat(64), { sandbox: "/run/netns/b" });
  });

  it("is gone with all that it had, also when Docker asks twice", async () => {
    await driver.createNetwork();
    await driver.connect(ONE);
    await driver.publish(ONE, { Port: 80, HostPort: 8080 });
    const which = { NetworkID: NETWORK, EndpointID: ONE };
    for (const call of ["Leave", "DeleteEndpoint", "DeleteEndpoint"]) await driver.call(`NetworkDriver.${call}`, which);
    expect(await wep(ONE)).toBeUndefined();
    expect(driver.host.links.size).toBe(0);
    expect(driver.host.rules).toEqual([]);
  });

  it("takes the place of a dead one with the same address, but not of a live or a young one", async () => {
    await driver.createNetwork();
    const address = await driver.connect(ONE);
    const Interface = { Address: `${address}/32`, AddressIPv6: "", MacAddress: "" };
    const second = () =>
      driver.call("NetworkDriver.CreateEndpoint", { NetworkID: NETWORK, EndpointID: TWO, Interface, Options: {} });
    await driver.age();
    await expect(second()).rejects.toThrow(`${address} is the address of endpoint 111111111111: stop that container`);
    driver.host.links.clear();
    await second();
    expect(await wep(ONE)).toBeUndefined();
    expect(await wep(TWO)).toBeDefined();
    const third = { NetworkID: NETWORK, EndpointID: "3".repeat(64), Interface, Options: {} };
    await expect(driver.call("NetworkDriver.CreateEndpoint", third)).rejects.toThrow(`${address} is the address of`);
  });
});

describe("a published port", () => {
  beforeEach(async () => {
    await driver.createNetwork();
    await driver.connect(ONE);
  });

  it.each([
    [{ Port: 80, HostPort: 0 }, "port 80/tcp has no fixed port of the host: publish it as HOSTPORT:80"],
    [{ Port: 80, HostPort: 8080, HostPortEnd: 8090 }, "is given the ports 8080-8090 of the host: choose one"],
    [{ Port: 80, HostPort: 8080, HostIP: "127.0.0.1" }, "cannot be published on 127.0.0.1"],
    [{ Port: 80, HostPort: 8080, HostIP: "2001:db8::1" }, "cannot be published on 2001:db8::1"],
    [{ Port: 80, HostPort: 8080, Proto: 47 }, "IP protocol 47 cannot be published: allowed are TCP, UDP and SCTP"],
    [{ Port: 80, HostPort: 7000 }, "port 7000 is in use"],
  ])("%j is refused", async (port, reason) => {
    driver.busy.add(7000);
    await expect(driver.publish(ONE, port)).rejects.toThrow(reason);
    expect(driver.host.rules).toEqual([]);
    expect((await wep(ONE)).spec.ports).toBeUndefined();
  });

  it("is one of every address of the host, or of the one that was named", async () => {
    await driver.publish(
      ONE,
      { Port: 80, HostPort: 8080, HostIP: "0.0.0.0", HostPortEnd: 8080 },
      { Port: 80, HostPort: 8080, HostIP: "::", HostPortEnd: 8080 },
      { Port: 53, HostPort: 53, HostIP: "192.0.2.7", Proto: 17 },
    );
    expect(driver.host.chains.get("CLOCKER-CALICO")).toEqual([
      `-p tcp -m tcp --dport 8080 -m comment --comment ${ONE} -j DNAT --to-destination 198.18.160.0:80`,
      `-d 192.0.2.7/32 -p udp -m udp --dport 53 -m comment --comment ${ONE} -j DNAT --to-destination 198.18.160.0:53`,
    ]);
    await driver.call("NetworkDriver.RevokeExternalConnectivity", { NetworkID: NETWORK, EndpointID: ONE });
    expect(driver.host.rules).toEqual([]);
    expect((await wep(ONE)).spec.ports?.map(({ hostPort }) => hostPort)).toEqual([0, 0]);
  });

  it("is also what the options of the connection ask for, from the start until the endpoint goes", async () => {
    await driver.connect(TWO, { options: { "publish.80/tcp": "192.0.2.7:8080,0.0.0.0:8081", "label.role": "web" } });
    const chain = () => driver.host.chains.get("CLOCKER-CALICO");
    expect(chain()).toEqual([
      `-d 192.0.2.7/32 -p tcp -m tcp --dport 8080 -m comment --comment ${TWO} -j DNAT --to-destination 198.18.160.1:80`,
      `-p tcp -m tcp --dport 8081 -m comment --comment ${TWO} -j DNAT --to-destination 198.18.160.1:80`,
    ]);
    await driver.publish(TWO, { Port: 81, HostPort: 9000 });
    expect(chain()).toHaveLength(3);
    await driver.call("NetworkDriver.DeleteEndpoint", { NetworkID: NETWORK, EndpointID: TWO });
    expect(driver.host.rules).toEqual([]);
  });

  it.each([
    ["publish.80", "192.0.2.7:8080"],
    ["publish.80/gre", "192.0.2.7:8080"],
    ["publish.80/tcp", "8080"],
    ["publish.80/tcp", "192.0.2.7:70000"],
    ["publish.0/tcp", "192.0.2.7:80"],
  ])("by the option %s=%s is refused with how to write it", async (name, value) => {
    await expect(driver.connect(TWO, { options: { [name]: value } })).rejects.toThrow(
      `option '${name}=${value}' publishes nothing: write publish.<port>/<tcp|udp|sctp>=`,
    );
    expect(await wep(TWO)).toBeUndefined();
  });
});
