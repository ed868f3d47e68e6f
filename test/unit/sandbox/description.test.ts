import { expect, it, describe as suite } from "vitest";
import { planAddresses } from "../../../sandbox/address-plan";
import { describe as describeSandbox, type Parts } from "../../../sandbox/description";
import { parseCloud } from "../../../sandbox/parts/openstack";
import { settingsSchema } from "../../../settings/schema";

const cloud = {
  authUrl: "http://198.19.100.20:5000/v3",
  region: "RegionOne",
  projectName: "clocker",
  userName: "clocker",
  password: "secret",
  userDomainName: "Default",
  projectDomainName: "Default",
  image: "debian-12",
  flavor: "clocker.small",
  externalNetwork: "external",
};
const redis = {
  spec: { name: "redis", args: {} },
  version: "3.0.5",
  archiveUrl: "http://198.19.100.5/redis-3.0.5-linux-amd64.tar.gz",
};
const tls = { ca: "CA", cert: "CERT", key: "KEY" };
const host = (name: "host-a" | "host-b", address: string) =>
  ({ name, address, port: 2376, tls }) as NonNullable<Parts["hosts"]>[number];
const parts: Parts = {
  redis,
  hosts: [host("host-a", "198.19.100.11"), host("host-b", "198.19.100.12")],
  marathon: { url: "http://198.19.100.30:8080", username: "clocker", password: "secret" },
  openstack: cloud,
  etcd: { endpoints: ["https://198.19.100.40:2379"], ...tls },
  bind: {
    server: "198.19.100.53",
    port: 53,
    domain: "clocker.test",
    reverseZones: ["18.198.in-addr.arpa", "100.19.198.in-addr.arpa"],
    tsig: { name: "clocker", algorithm: "hmac-sha256", secret: "c2VjcmV0" },
  },
  calico: { felix: "clocker/calico-felix:v3.31.0", driver: "clocker/docker-calico:latest" },
  felix: { url: "http://198.19.100.6/calico-felix", sha256: "0".repeat(64) },
};

suite("describe", () => {
  const plan = planAddresses("default");
  const description = describeSandbox(plan, "unix:///run/docker.sock", parts);

  it("gives what a stack's configuration takes as it is", () => {
    const { locations, network } = description;
    const settings = settingsSchema.parse({ blueprint: "a.yaml", locations, network });
    expect(Object.keys(settings.locations)).toEqual(["my-docker-cloud", "my-mesos-cluster", "my-openstack-cloud"]);
  });

  it("names both hosts with their client certificates, also as Marathon's agents", () => {
    const engine = (address: string) => ({ url: `tcp://${address}:2376`, address, tls });
    const hosts = { "host-a": engine("198.19.100.11"), "host-b": engine("198.19.100.12") };
    expect(description.locations["my-docker-cloud"]).toEqual({ type: "docker", hosts });
    expect(description.locations["my-mesos-cluster"]).toMatchObject({ type: "marathon", agents: hosts });
  });

  it("opens machines and published ports to this machine alone", () => {
    expect(description.locations["my-openstack-cloud"]).toMatchObject({ sshSources: ["198.19.100.1/32"] });
    expect(description.network.sources).toEqual(["198.19.100.1/32"]);
  });

  it("tells where floating addresses are", () => {
    expect(description.locations["my-openstack-cloud"]).toMatchObject({ floatingRanges: ["198.19.100.128/25"] });
  });

  it("offers Felix to machines, which are not under it unless hostEndpoints says so", () => {
    const location = description.locations["my-openstack-cloud"];
    expect(location).toMatchObject({ felixUrl: parts.felix?.url, felixSha256: parts.felix?.sha256 });
    expect(location).not.toHaveProperty("hostEndpoints");
  });

  it("names the Redis that was really made", () => {
    expect(description.redis).toEqual({ version: "3.0.5", archiveUrl: redis.archiveUrl });
  });

  it("names Calico's datastore and images, a range for its addresses, and the name server", () => {
    expect(description).toMatchObject({
      etcd: parts.etcd,
      calicoPool: "198.18.128.0/18",
      calicoImages: parts.calico,
      dns: parts.bind,
    });
  });

  it("leaves out what was not started", () => {
    const bare = describeSandbox(plan, "unix:///run/docker.sock", { redis });
    expect(bare.locations).toEqual({});
    expect(Object.keys(bare)).not.toContain("etcd");
    expect(Object.keys(bare)).not.toContain("dns");
    expect(Object.keys(bare)).not.toContain("calicoImages");
  });
});

suite("parseCloud", () => {
  it("takes what the container writes", () => {
    expect(parseCloud(JSON.stringify(cloud))).toEqual(cloud);
  });

  it.each(["", "{}", JSON.stringify({ ...cloud, image: 3 })])("refuses %j", (text) => {
    expect(() => parseCloud(text)).toThrow("OpenStack's clouds-public.json cannot be read");
  });
});
