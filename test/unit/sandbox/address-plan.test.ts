import { BlockList } from "node:net";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CALICO_POOL, checkName, INNER_NETWORKS, objectName, planAddresses } from "../../../sandbox/address-plan";

const names = fc.stringMatching(/^[a-z][a-z0-9-]{0,19}$/);

describe("planAddresses", () => {
  it("gives the default sandbox the documented addresses", () => {
    expect(planAddresses("default")).toEqual({
      name: "default",
      prefix: "198.19.100",
      subnet: "198.19.100.0/24",
      gateway: "198.19.100.1",
      ipRange: "198.19.100.64/26",
      address: {
        files: "198.19.100.5",
        "calico-files": "198.19.100.6",
        "host-a": "198.19.100.11",
        "host-b": "198.19.100.12",
        openstack: "198.19.100.20",
        marathon: "198.19.100.30",
        etcd: "198.19.100.40",
        bind: "198.19.100.53",
      },
    });
  });

  it("keeps the tests' sandbox apart from the user's", () => {
    expect(planAddresses("test").subnet).toBe("198.19.101.0/24");
  });

  it("gives any other name the same network each time, never that of default or test", () => {
    fc.assert(
      fc.property(names, (name) => {
        fc.pre(name !== "default" && name !== "test");
        const plan = planAddresses(name);
        const third = Number(plan.prefix.split(".")[2]);
        expect(third).toBeGreaterThanOrEqual(102);
        expect(third).toBeLessThanOrEqual(199);
        expect(planAddresses(name)).toEqual(plan);
      }),
    );
  });

  it("leaves the floating addresses .128 to .250 to OpenStack", () => {
    const { address, gateway, ipRange } = planAddresses("default");
    const last = [...Object.values(address), gateway].map((ip) => Number(ip.split(".")[3]));
    expect(Math.max(...last)).toBeLessThan(64);
    expect(new Set(last).size).toBe(last.length);
    expect(ipRange).toMatch(/\.64\/26$/); // .64 to .127
  });

  it("takes the network of CLOCKER_SANDBOX_NETWORK before its own choice", () => {
    expect(planAddresses("default", "198.19.210.0/24").address.marathon).toBe("198.19.210.30");
  });

  it.each(["198.19.256.0/24", "198.19.1.0/16", "10.0.0.0/24", "198.18.3.0/24", "nonsense"])(
    "refuses the network %s and says which are allowed",
    (network) => {
      expect(() => planAddresses("default", network)).toThrow(
        `CLOCKER_SANDBOX_NETWORK is '${network}', allowed are networks from 198.19.0.0/24 to 198.19.255.0/24`,
      );
    },
  );

  it("keeps all inner networks out of the sandboxes' own networks", () => {
    for (const { bridge, pool } of Object.values(INNER_NETWORKS)) {
      expect(bridge).toMatch(/^198\.18\./);
      expect(pool).toMatch(/^198\.18\./);
    }
  });

  it("keeps Calico's pool out of all of them", () => {
    const list = new BlockList();
    const [pool = "", length = ""] = CALICO_POOL.split("/");
    list.addSubnet(pool, Number(length));
    for (const network of Object.values(INNER_NETWORKS).flatMap(({ bridge, pool }) => [bridge, pool])) {
      const [address = "", prefix = ""] = network.split("/");
      const other = new BlockList();
      other.addSubnet(address, Number(prefix));
      expect(list.check(address)).toBe(false);
      expect(other.check(pool)).toBe(false);
    }
    expect(list.check(planAddresses("default").gateway)).toBe(false);
  });
});

describe("checkName", () => {
  it.each(["", "Default", "a_b", "1st", "a".repeat(21), "../x"])("refuses '%s' and says what is allowed", (name) => {
    expect(() => checkName(name)).toThrow(`the sandbox's name is '${name}', allowed are 1 to 20 lower-case letters`);
  });
});

describe("objectName", () => {
  it("names containers by sandbox and part, the network by the sandbox alone", () => {
    expect(objectName("test", "host-a")).toBe("clocker-test-host-a");
    expect(objectName("test")).toBe("clocker-test");
  });
});
