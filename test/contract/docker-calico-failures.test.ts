import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { callPlugin } from "../../docker-calico/plugin-client";
import { addressesInUse } from "./support/calico-addresses";
import { until } from "./support/docker-calico-host";
import { type DockerCalicoLab, SHOP, useDockerCalicoLab } from "./support/docker-calico-lab";

let lab: DockerCalicoLab;

useDockerCalicoLab((started) => {
  lab = started;
});

describe("when something stops", () => {
  it("the driver leaves containers and ports as they are, and goes on with the same networks", async () => {
    const net = await lab.network("shop", { "label.app": "shop" });
    const web = await lab.start("web", { network: "shop", ports: { "80/tcp": [{ HostPort: "8080" }] } });
    const before = [await lab.weps(), await lab.natRules()];
    expect(await lab.host.stopDriver("SIGTERM")).toBe(0);
    expect(await lab.host.driverProgram(["--health"])).toMatchObject({ code: 1 });
    expect([await lab.weps(), await lab.natRules()]).toEqual(before);
    await lab.startDriver();
    expect([await lab.weps(), await lab.natRules()]).toEqual(before);
    expect(await addressesInUse(lab.etcd, "198.18.81.0/28")).toBe(1);
    const job = await lab.start("job", { network: "shop" });
    expect((await lab.weps()).map(({ metadata }) => metadata.labels["app"])).toEqual(["shop", "shop"]);

    await lab.host.stopDriver("SIGKILL");
    await lab.startDriver();
    for (const container of [web, job]) await container.remove({ force: true });
    await net.remove();
    await lab.expectNothingLeft();
  });

  it("Docker may be killed: containers keep their endpoints with --live-restore", async () => {
    const net = await lab.network("shop", { "label.app": "shop" });
    const web = await lab.start("web", { network: "shop", ports: { "80/tcp": [{ HostPort: "8080" }] } });
    const before = [await lab.weps(), await lab.natRules()];
    await lab.host.stopDocker("SIGKILL");
    expect([await lab.weps(), await lab.natRules()]).toEqual(before);
    await lab.host.startDocker();
    expect((await web.inspect()).State.Running).toBe(true);
    expect([await lab.weps(), await lab.natRules()]).toEqual(before);
    await until("labels of a container after Docker came back", 10, async () => {
      const late = await lab.start("late", { network: "shop", labels: { "org.projectcalico.label.late": "yes" } });
      try {
        await until("label", 2, async () => {
          expect((await lab.weps()).some(({ metadata }) => metadata.labels["late"] === "yes")).toBe(true);
        });
      } finally {
        await late.remove({ force: true });
      }
    });
    await web.remove({ force: true });
    await net.remove();
    await lab.expectNothingLeft();
  });

  it("leftovers are swept, what is young or in use is not, and lost rules come back", async () => {
    const net = await lab.network("shop");
    const web = await lab.start("web", { network: "shop", ports: { "80/tcp": [{ HostPort: "8080" }] } });
    const [kept] = await lab.weps();
    const call = (name: string, body: object) => callPlugin(lab.host.pluginSocket, name, body);
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
    expect(await addressesInUse(lab.etcd, SHOP)).toBe(4);

    await lab.host.stopDriver("SIGKILL");
    await lab.age(({ spec }) => spec.endpoint !== "1".repeat(64));
    await lab.host.exec("iptables", "-t", "nat", "-F", "CLOCKER-CALICO");
    await lab.startDriver();
    await until("the sweep", 10, async () => {
      expect((await lab.weps()).map(({ spec }) => spec.endpoint).sort()).toEqual(
        ["1".repeat(64), kept?.spec.endpoint].sort(),
      );
      expect(await addressesInUse(lab.etcd, SHOP)).toBe(2);
      const rules = await lab.natRules();
      expect(rules).toContain(`--dport 8080 -m comment --comment ${kept?.spec.endpoint}`);
      expect(rules).toContain("--dport 9002");
      expect(rules).not.toContain("--dport 9001");
    });
    await call("NetworkDriver.Leave", { NetworkID: net.id, EndpointID: "1".repeat(64) });
    await call("NetworkDriver.DeleteEndpoint", { NetworkID: net.id, EndpointID: "1".repeat(64) });
    await web.remove({ force: true });
    await net.remove();
    await lab.host.stopDriver("SIGTERM");
    await lab.age(() => true);
    await lab.startDriver();
    await until("the sweep of addresses", 10, () => lab.expectNothingLeft());
  });

  it("a lost file of networks is made again from Docker", async () => {
    const net = await lab.network("shop", { "label.app": "shop" });
    await lab.host.stopDriver("SIGTERM");
    const file = join(lab.host.folder, "state/networks.json");
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({
      version: 1,
      networks: { [net.id]: { labels: { app: "shop" } } },
    });
    await lab.host.exec("rm", file);
    await lab.startDriver();
    await until("the network", 10, async () => {
      expect(JSON.parse(readFileSync(file, "utf8")).networks).toHaveProperty(net.id);
    });
    await net.remove();
  });

  it("settings that are wrong are all named", async () => {
    const { code, output } = await lab.host.driverProgram([], { NODENAME: "Host_A", MTU: "big", ETCD_ENDPOINTS: "" });
    expect(code).toBe(1);
    expect(output).toMatch(/NODENAME is 'Host_A'.*MTU is 'big'.*ETCD_ENDPOINTS is not set/);
  });
});
