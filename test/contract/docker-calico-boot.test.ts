import { afterAll, beforeAll, expect, it } from "vitest";
import { EtcdClient } from "../../providers/calico/etcd-client";
import { DockerCalicoHost, IMAGE, until } from "./support/docker-calico-host";
import { EtcdServer } from "./support/etcd-server";

const RESOURCES = "/calico/resources/v3/projectcalico.org";
const SUBNET = "198.18.80.0/26";

let etcdServer: EtcdServer;
let etcd: EtcdClient;
let host: DockerCalicoHost;

beforeAll(async () => {
  etcdServer = await EtcdServer.start();
  etcd = new EtcdClient({ endpoints: [etcdServer.endpoint] });
  const value = { kind: "IPPool", metadata: { name: "shop" }, spec: { cidr: SUBNET, blockSize: 28 } };
  await etcd.commit([], [{ put: `${RESOURCES}/ippools/shop`, value }]);
  host = await DockerCalicoHost.start(etcdServer.endpoint);
});

afterAll(async () => {
  await host?.stop();
  etcd?.close();
  await etcdServer?.stop();
});

it("a container that Docker gave up at its start, because the driver came later, is started by the driver", async () => {
  await host.startDriver({});
  const IPAM = { Driver: "calico", Config: [{ Subnet: SUBNET }] };
  await host.docker.createNetwork({ Name: "shop", Driver: "calico", IPAM });
  const make = async (name: string, policy: string) => {
    const HostConfig = { NetworkMode: "shop", RestartPolicy: { Name: policy } };
    const container = await host.docker.createContainer({ name, Image: IMAGE, Cmd: ["sleep", "3600"], HostConfig });
    await container.start();
    return container;
  };
  const stopped = await make("stopped", "unless-stopped");
  await stopped.stop({ t: 0 });
  const web = await make("web", "unless-stopped");
  const { Pid } = (await web.inspect()).State;

  await host.stopDriver("SIGKILL");
  await host.stopDocker("SIGKILL");
  await host.exec("kill", "-9", String(Pid));
  await host.startDocker(110);
  const { State } = await web.inspect();
  expect(State.Running).toBe(false);
  await host.startDriver({});
  await until("the container", 20, async () => {
    expect((await web.inspect()).State.Running).toBe(true);
  });
  expect((await stopped.inspect()).State.Running).toBe(false);
  const { EndpointID } = (await web.inspect()).NetworkSettings.Networks["shop"] ?? {};
  const name = `host--a-libnetwork-libnetwork-${EndpointID}`;
  expect(await etcd.get(`${RESOURCES}/workloadendpoints/libnetwork/${name}`)).toBeDefined();
  expect(host.driverLog).toContain("started a container that Docker had given up");
});
