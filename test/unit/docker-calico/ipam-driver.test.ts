import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Ipam } from "../../../providers/calico/ipam/ipam";
import { findPool, type Pool } from "../../../providers/calico/ipam/pool";
import { NODE, POOL, TestDriver } from "./support/driver";

let driver: TestDriver;
let pool: Pool;

beforeEach(async () => {
  driver = await TestDriver.start();
  await driver.createNetwork();
  const found = await findPool(driver.etcd, "lab");
  if (!found) throw new Error("no pool");
  pool = found;
});

afterEach(() => driver.stop());

const request = (Address: string) =>
  driver.call("IpamDriver.RequestAddress", { PoolID: "CalicoLocal/lab", Address, Options: null });
const release = (Address: string) => driver.call("IpamDriver.ReleaseAddress", { PoolID: "CalicoLocal/lab", Address });

describe("a pool", () => {
  const ask = (more: object) =>
    driver.call("IpamDriver.RequestPool", { AddressSpace: "CalicoLocal", Pool: "", SubPool: "", V6: false, ...more });

  it("is the only one for workloads if none is named, else the named one", async () => {
    await driver.makePool("tunnels", { cidr: "198.18.0.0/24", allowedUses: ["Tunnel"] });
    await driver.makePool("off", { cidr: "198.18.1.0/24", disabled: true });
    expect(await ask({})).toEqual({ PoolID: "CalicoLocal/lab", Pool: POOL, Data: {} });
    await driver.makePool("more", { cidr: "198.18.2.0/24" });
    await expect(ask({})).rejects.toThrow(
      `no subnet is not the CIDR of an IPPool for workloads: give --subnet ${POOL} (lab), 198.18.2.0/24 (more)`,
    );
    expect(await ask({ Pool: "198.18.2.0/24" })).toMatchObject({ PoolID: "CalicoLocal/more" });
    for (const Pool of ["198.18.0.0/24", "198.18.1.0/24", "198.18.2.0/25"]) {
      await expect(ask({ Pool })).rejects.toThrow(`subnet ${Pool} is not the CIDR of an IPPool for workloads`);
    }
    await expect(ask({ Pool: POOL, SubPool: "198.18.160.0/24" })).rejects.toThrow(
      "--ip-range 198.18.160.0/24 is not possible",
    );
    await expect(ask({ V6: true })).rejects.toThrow("no IPv6");
  });

  it("that is gone is named", async () => {
    await driver.etcd.commit([], [{ delete: "/calico/resources/v3/projectcalico.org/ippools/lab" }]);
    await expect(request("")).rejects.toThrow(
      "IPPool lab of this network is gone: make it again, or remove the network",
    );
  });

  it("has one gateway", async () => {
    const Options = { RequestAddressType: "com.docker.network.gateway" };
    const ask = (Address: string) =>
      driver.call("IpamDriver.RequestAddress", { PoolID: "CalicoLocal/lab", Address, Options });
    expect(await ask("")).toEqual({ Address: "169.254.1.1/32", Data: {} });
    expect(await ask("169.254.1.1")).toEqual({ Address: "169.254.1.1/32", Data: {} });
    await expect(ask("198.18.160.1")).rejects.toThrow("--gateway 198.18.160.1 is not possible");
  });
});

describe("a fixed address", () => {
  it("that is free is taken, in whichever block it lies, and freed again", async () => {
    expect(await request("198.18.170.9")).toEqual({ Address: "198.18.170.9/32", Data: {} });
    await expect(request("198.18.170.9")).rejects.toThrow("198.18.170.9 is in use by libnetwork-");
    await release("198.18.170.9");
    expect(await driver.ipam.allocation("198.18.170.9")).toBeUndefined();
  });

  it("that is reserved for a service here is used and never freed", async () => {
    const address = await driver.ipam.assign(pool, { handle: "clocker-shop-web", attributes: { type: "clocker" } });
    const held = await driver.ipam.allocation(address);
    expect(await request(address)).toEqual({ Address: `${address}/32`, Data: {} });
    await release(address);
    expect(await driver.ipam.allocation(address)).toEqual(held);
  });

  it("that is reserved on another node is refused with both names", async () => {
    const other = new Ipam(driver.etcd, "host-2");
    const address = await other.assign(pool, { handle: "clocker-shop-web", attributes: { type: "clocker" } });
    await expect(request(address)).rejects.toThrow(
      `${address} is reserved by clocker-shop-web for node host-2, this is node ${NODE}: run the container there`,
    );
  });

  it("of somebody else is neither given nor freed", async () => {
    const address = await driver.ipam.assign(pool, { handle: "cni", attributes: { type: "cni" } });
    await expect(request(address)).rejects.toThrow(`${address} is in use by cni on node ${NODE}`);
    await release(address);
    expect(await driver.ipam.allocation(address)).toBeDefined();
  });

  it("that a dead container has left is given again at once when it is old", async () => {
    const address = await driver.connect("1".repeat(64), { address: "198.18.160.5" });
    await expect(request(address)).rejects.toThrow("is in use");
    driver.host.links.clear();
    await expect(request(address)).rejects.toThrow("is in use");
    await driver.age();
    expect(await request(address)).toEqual({ Address: "198.18.160.5/32", Data: {} });
  });
});

it("an address is not freed for an endpoint that lost it to another", async () => {
  const address = await driver.connect("1".repeat(64));
  await release(address);
  expect(await driver.ipam.allocation(address)).toBeDefined();
});
