import { expect, it } from "vitest";
import { agentsOf, DRIVER, FELIX, type HostWishes } from "../../../providers/calico/host/agents";

const WISHES: HostWishes = {
  node: "h1",
  address: "192.0.2.11",
  felixImage: "felix:1",
  driverImage: "driver:1",
  encapsulation: "vxlan",
  mtu: 1450,
  iptables: "legacy",
};
const SECRETS = { key: "THE CLIENT KEY", password: "correct horse" };
const ETCD = {
  endpoints: ["https://192.0.2.5:2379", "https://192.0.2.6:2379"],
  ca: "THE AUTHORITY",
  cert: "THE CERTIFICATE",
  username: "clocker",
  ...SECRETS,
};

it("agents find credentials in files alone: nobody who may list containers reads them", () => {
  for (const { options, files } of agentsOf(WISHES, ETCD)) {
    for (const secret of Object.values(SECRETS)) {
      expect(JSON.stringify(options)).not.toContain(secret);
      expect(Object.values(files)).toContain(secret);
    }
    const named = (options.Env ?? []).filter((entry) => entry.includes("_FILE=/"));
    expect(named.map((entry) => entry.slice(entry.indexOf("=") + 1)).sort()).toEqual(Object.keys(files).sort());
    expect(options.Env).toEqual(
      expect.arrayContaining([`ETCD_ENDPOINTS=${ETCD.endpoints.join(",")}`, "ETCD_USERNAME=clocker"]),
    );
  }
});

it("agents have what the network needs of a host and no more", () => {
  for (const { options } of agentsOf(WISHES, ETCD)) {
    const { Privileged, CapDrop, CapAdd, SecurityOpt, NetworkMode, PidMode } = options.HostConfig ?? {};
    expect([Privileged, PidMode, CapDrop, CapAdd, NetworkMode]).toEqual([
      undefined,
      undefined,
      ["ALL"],
      ["NET_ADMIN", "NET_RAW"],
      "host",
    ]);
    expect(SecurityOpt).toContain("no-new-privileges");
  }
});

it("both agents use the iptables that Docker uses, and the driver takes tunnel addresses where there are tunnels", () => {
  const byName = (encapsulation: HostWishes["encapsulation"]) =>
    new Map(agentsOf({ ...WISHES, encapsulation }, ETCD).map(({ name, options }) => [name, options.Env ?? []]));
  expect(byName("vxlan").get(DRIVER)).toEqual(
    expect.arrayContaining(["IPTABLES_BACKEND=legacy", "TUNNEL_POOL=clocker-tunnels", "MTU=1450", "NODENAME=h1"]),
  );
  expect(byName("vxlan").get(FELIX)).toEqual(
    expect.arrayContaining(["FELIX_IPTABLESBACKEND=legacy", "FELIX_FELIXHOSTNAME=h1"]),
  );
  expect(byName("none").get(DRIVER)).toContain("TUNNEL_POOL=none");
});
