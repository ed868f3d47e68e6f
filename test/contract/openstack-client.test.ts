import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openstackPreflight } from "../../components/openstack/openstack-preflight";
import type { Plan } from "../../placement/model";
import { LoginRefused, OpenStackClient } from "../../providers/openstack/client";
import { listFlavors, listFloatingRanges, listImages } from "../../providers/openstack/cloud";
import { reclaim } from "../../providers/openstack/reclaim";
import type { OpenStackLocation } from "../../settings/schema";
import { at, REDIS, service } from "../unit/placement/blueprints";
import { openstackLocation } from "../unit/settings/example";
import { CloudServer, type Item } from "./support/cloud-server";
import { freePort } from "./support/sshd";

const cloud = new CloudServer();
beforeAll(() => cloud.start());
afterAll(() => cloud.stop());

beforeEach(() => {
  for (const name of Object.keys(cloud.collections)) delete cloud.collections[name];
  cloud.changes.length = 0;
  cloud.lingering = 0;
});

const flavor = (name: string, ram: number) => ({ id: name, name, ram, vcpus: 1, disk: 10 });

describe("the client", () => {
  test("finds its services in the catalogue and reads every page", async () => {
    cloud.collections["flavors"] = ["a", "b", "c", "d", "e"].map((name) => flavor(name, 512));
    cloud.collections["images"] = ["x", "y", "z"].map((name) => ({ id: name, name, status: "active" }));
    const client = await OpenStackClient.login(cloud.access());
    expect((await listFlavors(client)).map(({ name }) => name)).toEqual(["a", "b", "c", "d", "e"]);
    expect(await listImages(client)).toEqual(["x", "y", "z"]);
  });

  test("finds the ranges of floating addresses of one network, none where its subnets are not shown", async () => {
    cloud.collections["networks"] = ["public", "other"].map((name) => ({
      id: `${name}-id`,
      name,
      "router:external": true,
    }));
    const subnet = (network: string, cidr: string) => ({ id: cidr, network_id: `${network}-id`, ip_version: 4, cidr });
    cloud.collections["subnets"] = [subnet("public", "192.0.2.0/25"), subnet("other", "192.0.2.128/25")];
    const client = await OpenStackClient.login(cloud.access());
    expect(await listFloatingRanges(client, "public")).toEqual(["192.0.2.0/25"]);
    cloud.collections["subnets"] = [];
    expect(await listFloatingRanges(client, "public")).toEqual([]);
  });

  test("tells refused credentials from a cloud that does not answer, and never shows the password", async () => {
    const refused = await OpenStackClient.login(cloud.access({ password: "b4ttery staple" })).catch((error) => error);
    expect(refused).toBeInstanceOf(LoginRefused);
    expect(refused.message).toMatch(
      /^Keystone at http:\S+ refuses user 'clocker' for project 'shop' with its password$/,
    );
    const silent = await OpenStackClient.login(cloud.access({ authUrl: `http://127.0.0.1:${await freePort()}` })).catch(
      (e) => e,
    );
    expect(silent).not.toBeInstanceOf(LoginRefused);
    expect(silent.message).toMatch(/^Keystone at http:\S+ does not answer: ECONNREFUSED/);
    const elsewhere = await OpenStackClient.login(cloud.access({ region: "Mars" }));
    await expect(listFlavors(elsewhere)).rejects.toThrow(
      "the cloud has no public compute service in region Mars; regions: RegionOne",
    );
  });
});

describe("the check before anything is made", () => {
  const check = (change: Record<string, unknown> = {}, machine?: { minRamMb: number }) => {
    const settings = { ...openstackLocation(), ...cloud.access(), ...change } as OpenStackLocation;
    const placed = {
      service: service("redis", { workload: REDIS, ...(machine && { machine }) }),
      location: "machines",
    };
    return openstackPreflight("machines", settings, { services: [placed] } as unknown as Plan);
  };

  beforeEach(() => {
    cloud.collections["flavors"] = [flavor("m1.small", 512), flavor("m1.large", 4096)];
    cloud.collections["images"] = [{ id: "i", name: "debian-12", status: "active" }];
    cloud.collections["networks"] = [{ id: "n", name: "public" }];
  });

  test("says nothing of a location that has all it names", async () => {
    expect(await check()).toEqual([]);
    expect(await check({}, { minRamMb: 4096 })).toEqual([]);
  });

  test("names everything unknown at once, with what there is", async () => {
    const found = await check(
      { image: "debian-11", flavor: "m1.smal", externalNetwork: "outside" },
      { minRamMb: 9999 },
    );
    expect(found.map(({ code, message, remedy }) => [code, message, remedy])).toMatchSnapshot();
    expect(found.at(-1)?.at).toEqual(at("services.redis"));
  });

  test("tells a wrong password from a wrong address", async () => {
    expect(await check({ password: "wrong" })).toMatchObject([
      { code: "openstack-login-refused", at: { path: "clocker:locations.machines" } },
    ]);
    expect(await check({ authUrl: `http://127.0.0.1:${await freePort()}` })).toMatchObject([
      { code: "unreachable-openstack", at: { path: "clocker:locations.machines.authUrl" } },
    ]);
  });
});

describe("what an interrupted run left", () => {
  const tags = ["clocker.application=shop", "clocker.stack=unit"];
  const run = async (type: string, inputs: Record<string, unknown>) =>
    reclaim(await OpenStackClient.login(cloud.access()), { type: `openstack:${type}`, inputs });
  const collect = (name: string, ...items: Item[]) => {
    cloud.collections[name] = items;
  };

  test("as a server goes only with the same name and all our labels, and is waited for", async () => {
    const metadata = { "clocker.stack": "unit", "clocker.service": "redis" };
    collect(
      "servers",
      { id: "ours", name: "shop-unit-redis", metadata: { ...metadata, other: "x" } },
      { id: "theirs", name: "shop-unit-redis", metadata: { "clocker.stack": "unit" } },
      { id: "other", name: "shop-unit-redis-2", metadata },
    );
    cloud.lingering = 500;
    await run("compute/instance:Instance", { name: "shop-unit-redis", metadata });
    expect(cloud.changes).toEqual(["DELETE /servers/ours"]);
    expect(cloud.collections["servers"]?.map(({ id }) => id)).toEqual(["theirs", "other"]);
  });

  test("as a key pair goes only with our public key", async () => {
    collect("os-keypairs", { id: "shop-unit-redis", name: "shop-unit-redis", public_key: "ssh-ed25519 AAAA other" });
    await run("compute/keypair:Keypair", { name: "shop-unit-redis", publicKey: "ssh-ed25519 AAAA ours" });
    await run("compute/keypair:Keypair", { name: "absent", publicKey: "ssh-ed25519 AAAA ours" });
    expect(cloud.changes).toEqual([]);
    await run("compute/keypair:Keypair", { name: "shop-unit-redis", publicKey: "ssh-ed25519 AAAA other\n" });
    expect(cloud.changes).toEqual(["DELETE /os-keypairs/shop-unit-redis"]);
  });

  test.each([
    ["networks", "networking/network:Network", { name: "shop-unit" }, { name: "shop-unit" }],
    [
      "subnets",
      "networking/subnet:Subnet",
      { name: "shop-unit", network_id: "n1" },
      { name: "shop-unit", networkId: "n1" },
    ],
    ["routers", "networking/router:Router", { name: "shop-unit" }, { name: "shop-unit" }],
    ["security-groups", "networking/secGroup:SecGroup", { name: "shop-unit" }, { name: "shop-unit" }],
    ["ports", "networking/port:Port", { name: "shop-unit", network_id: "n1" }, { name: "shop-unit", networkId: "n1" }],
    ["floatingips", "networking/floatingIp:FloatingIp", { description: "shop-unit" }, { description: "shop-unit" }],
  ])("in %s goes only with all our tags", async (collection, type, item, inputs) => {
    collect(collection, { id: "ours", ...item, tags: [...tags, "more"] }, { id: "theirs", ...item, tags: [tags[0]] });
    await run(type, { ...inputs, tags });
    expect(cloud.changes).toEqual([`DELETE /${collection}/ours`]);
    cloud.changes.length = 0;
    await run(type, inputs);
    expect(cloud.changes).toEqual([]);
  });

  test("as a router's port on our subnet is taken off", async () => {
    const inputs = { routerId: "r1", subnetId: "s1" };
    await run("networking/routerInterface:RouterInterface", inputs);
    expect(cloud.changes).toEqual([]);
    collect("ports", { id: "p1", device_id: "r1" });
    await run("networking/routerInterface:RouterInterface", inputs);
    expect(cloud.changes).toEqual(['PUT /routers/r1/remove_router_interface {"subnet_id":"s1"}']);
  });

  test("as a rule goes if it is the same, not if it admits another source", async () => {
    const common = { security_group_id: "g1", direction: "ingress", ethertype: "IPv4", protocol: "tcp" };
    const rule = { ...common, port_range_min: 22, port_range_max: 22, remote_group_id: null };
    collect(
      "security-group-rules",
      { id: "same", ...rule, remote_ip_prefix: "198.18.0.1/32" },
      { id: "other", ...rule, remote_ip_prefix: "198.18.0.2/32" },
    );
    await run("networking/secGroupRule:SecGroupRule", {
      securityGroupId: "g1",
      direction: "ingress",
      ethertype: "IPv4",
      protocol: "tcp",
      portRangeMin: 22,
      portRangeMax: 22,
      remoteIpPrefix: "198.18.0.1/32",
    });
    expect(cloud.changes).toEqual(["DELETE /security-group-rules/same"]);
  });

  test("of any other type is left alone", async () => {
    await run("networking/floatingIpAssociate:FloatingIpAssociate", { floatingIp: "198.18.0.200" });
    expect(cloud.changes).toEqual([]);
  });
});
