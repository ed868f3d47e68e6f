import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Properties } from "../../providers/runtime/handler";
import { CalicoProvider, type Created, failureOf } from "./support/calico";
import { EtcdServer } from "./support/etcd-server";
import { FakeDocker } from "./support/fake-docker";

const IMAGES = ["driver:1", "felix:1"];
const DRIVER = "clocker-calico-driver";
const FELIX = "clocker-calico-felix";
const POOLS = "ippools/";
const USERS = "/clocker/v1/calico-hosts/";

let etcd: EtcdServer;
let calico: CalicoProvider;
let one: FakeDocker;
let two: FakeDocker;

beforeAll(async () => {
  etcd = await EtcdServer.start();
  [one, two] = await Promise.all([FakeDocker.start(...IMAGES), FakeDocker.start(...IMAGES)]);
  const locations = {
    docks: { type: "docker", hosts: { one: { url: one.url }, gone: { url: "tcp://127.0.0.1:1" } } },
    tasks: { type: "marathon", agents: { two: { url: two.url } } },
  };
  const settings = { endpoints: [etcd.endpoint], ca: "PEM OF THE AUTHORITY" };
  calico = await CalicoProvider.start(settings, settings, { "clocker:locations": JSON.stringify(locations) });
});

afterAll(async () => {
  await calico?.stop();
  await Promise.all([one?.stop(), two?.stop(), etcd?.stop()]);
});

beforeEach(() => etcd.ctl("del", "--prefix", "/"));

afterEach(() => {
  for (const engine of [one, two]) {
    engine.broken.clear();
    engine.failures.clear();
    engine.clear();
    for (const image of IMAGES) engine.images.set(image, `sha256:${image}`);
  }
});

function hostArgs(owner: string, more: Properties = {}): Properties {
  return {
    location: "docks",
    host: "one",
    node: "h1",
    address: "192.0.2.11",
    owner,
    driverImage: "driver:1",
    felixImage: "felix:1",
    pool: "198.18.0.0/16",
    encapsulation: "vxlan",
    mtu: 1450,
    iptables: "nft",
    timeoutSeconds: 5,
    ...more,
  };
}

const agent = (owner: string, more: Properties = {}) =>
  hostArgs(owner, { location: "tasks", host: "two", node: "h2", ...more });
const names = (engine: FakeDocker) => engine.containers.map(({ name }) => name);
const keys = async (prefix = "/") => (await calico.client.list(prefix)).entries.map(({ key }) => key);

describe("the agents of a Docker host", () => {
  test("are the driver, then Felix, told what they need, with files that root alone reads", async () => {
    await (await calico.of("calico.Host")).create(hostArgs("shop"));
    expect(names(one)).toEqual([DRIVER, FELIX]);
    for (const { running, options, files } of one.containers) {
      expect(running).toBe(true);
      expect(options.HostConfig?.Privileged).toBeFalsy();
      expect(options.HostConfig?.CapDrop).toEqual(["ALL"]);
      expect([...files]).toEqual([["/etc/clocker-calico/ca.pem", { mode: 0o600, content: "PEM OF THE AUTHORITY" }]]);
      expect(options.Env).toContain("ETCD_CA_CERT_FILE=/etc/clocker-calico/ca.pem");
      expect(JSON.stringify(options)).not.toContain("PEM OF");
    }
    expect(one.container(DRIVER).options.Env).toEqual(
      expect.arrayContaining(["NODENAME=h1", "NODE_ADDRESS=192.0.2.11", "TUNNEL_POOL=clocker-tunnels", "MTU=1450"]),
    );
    expect(one.container(FELIX).options.Env).toContain("FELIX_FELIXHOSTNAME=h1");
    expect((await calico.stored(`${POOLS}clocker-tunnels`))?.["spec"]).toMatchObject({
      vxlanMode: "Always",
      blockSize: 32,
      allowedUses: ["Tunnel"],
    });
  });

  test("stay as they are for a second stack, and until the last of both goes, who leaves nothing", async () => {
    const kind = await calico.of("calico.Host");
    const shop = await kind.create(hostArgs("shop"));
    const ids = one.containers.map(({ id }) => id);
    const blog = await kind.create(hostArgs("blog"));
    expect(one.containers.map(({ id }) => id)).toEqual(ids);
    for (const made of [shop, blog]) {
      expect((await kind.refresh(made))?.outs).toEqual(made.outs);
      expect(await kind.diff(made, made.inputs)).toMatchObject({ changes: false });
    }
    await kind.delete(shop);
    expect(one.containers.map(({ id, running }) => [id, running])).toEqual(ids.map((id) => [id, true]));
    expect((await kind.refresh(blog))?.outs).toEqual(blog.outs);
    expect(await kind.refresh(shop)).toBeUndefined();
    await kind.delete(blog);
    expect(names(one)).toEqual([]);
    expect([...one.volumes]).toEqual([]);
    expect(await keys()).toEqual([]);
  });

  test("of the last host that leaves take the tunnels' range with them, agents of Marathon's hosts too", async () => {
    const kind = await calico.of("calico.Host");
    const [first, second] = await Promise.all([kind.create(hostArgs("shop")), kind.create(agent("shop"))]);
    expect(names(two)).toEqual([DRIVER, FELIX]);
    await kind.delete(first);
    expect(await calico.stored(`${POOLS}clocker-tunnels`)).toBeDefined();
    await kind.delete(second);
    expect(await keys()).toEqual([]);
  });

  test("need no tunnels where packets travel as they are", async () => {
    await (await calico.of("calico.Host")).create(hostArgs("shop", { encapsulation: "none", mtu: 1500 }));
    expect(await keys(`/calico/resources/v3/projectcalico.org/${POOLS}`)).toEqual([]);
    expect(one.container(DRIVER).options.Env).toContain("TUNNEL_POOL=none");
  });

  test.each<[string, (engine: FakeDocker) => void]>([
    ["stopped", (engine) => engine.halt(FELIX)],
    ["are of an older image under the same name", (engine) => void engine.images.set("driver:1", "sha256:newer")],
    ["were removed", (engine) => engine.clear()],
  ])("that %s are a difference after a refresh, and the next run mends it", async (_what, harm) => {
    const kind = await calico.of("calico.Host");
    const made = await kind.create(hostArgs("shop"));
    harm(one);
    const seen = (await kind.refresh(made)) as Created;
    expect(seen.outs["running"]).toBe(false);
    expect(await kind.diff(seen, made.inputs)).toEqual({ changes: true, replaces: [] });
    const mended = await kind.update(seen, made.inputs);
    expect((await kind.refresh(mended))?.outs).toEqual(made.outs);
    expect(one.containers.map(({ running, imageId }) => [running, imageId]).sort()).toEqual(
      [
        [true, "sha256:felix:1"],
        [true, one.images.get("driver:1")],
      ].sort(),
    );
  });

  test("that do not come up leave a state which the next run finishes", async () => {
    one.broken.add(FELIX);
    const kind = await calico.of("calico.Host");
    const failure = await failureOf(kind.create(hostArgs("shop", { timeoutSeconds: 1 })));
    expect(failure.message).toMatch(
      /^host "one" of location "docks": container clocker-calico-felix does not do its work after 1 s/,
    );
    const { id, properties: outs } = failure.partial ?? { id: "", properties: {} };
    expect(outs).toMatchObject({ owner: "shop", running: false });
    one.broken.clear();
    const half = { id, outs, inputs: hostArgs("shop") };
    expect(await kind.diff(half, hostArgs("shop"))).toMatchObject({ changes: true });
    expect((await kind.update(half, hostArgs("shop"))).outs).toMatchObject({ running: true });
  });

  test("get their files by the next run where these did not arrive", async () => {
    one.failures.set("PUT ", { status: 500, body: { message: "no space left on device" } });
    const kind = await calico.of("calico.Host");
    const failure = await failureOf(kind.create(hostArgs("shop")));
    expect(failure.message).toContain(`${DRIVER} its files: no space left on device`);
    one.failures.clear();
    const { id, properties: outs } = failure.partial ?? { id: "", properties: {} };
    await kind.update({ id, outs, inputs: hostArgs("shop") }, hostArgs("shop"));
    for (const name of [DRIVER, FELIX]) expect([...one.container(name).files.keys()], name).toHaveLength(1);
  });

  test("that somebody else made are left alone, now and at the end", async () => {
    const theirs = one.create(FELIX, { Image: "felix:1", Labels: {} });
    const kind = await calico.of("calico.Host");
    const failure = await failureOf(kind.create(hostArgs("shop")));
    expect(failure.message).toContain("was not made by Clocker: remove it, or say calico: present");
    const { id, properties: outs } = failure.partial ?? { id: "", properties: {} };
    await kind.delete({ id, outs, inputs: hostArgs("shop") });
    expect(one.containers).toEqual([theirs]);
    expect(await keys()).toEqual([]);
  });

  test("of a host that does not answer are an error that names it, and are removed once it does", async () => {
    const kind = await calico.of("calico.Host");
    const failure = await failureOf(kind.create(hostArgs("shop", { host: "gone" })));
    expect(failure.message).toMatch(/^host "gone" of location "docks": .*ECONNREFUSED/);
    const made = await kind.create(hostArgs("shop"));
    one.failures.set("", { status: 500, body: { message: "shutting down" } });
    expect((await failureOf(kind.delete(made))).message).toContain("shutting down");
    one.failures.clear();
    await kind.delete(made);
    expect(names(one)).toEqual([]);
  });

  test("of a host that the settings no longer have cannot be removed, and the message says what to add", async () => {
    const kind = await calico.of("calico.Host");
    const failure = await failureOf(kind.create(hostArgs("shop", { host: "three" })));
    expect(failure.message).toContain(
      'location "docks" has no host "three": it has gone, one. Add it to clocker:locations',
    );
  });

  test("another node or owner is another host; all else changes in place", async () => {
    const kind = await calico.of("calico.Host");
    const made = await kind.create(hostArgs("shop"));
    expect((await kind.diff(made, hostArgs("shop", { node: "h9" }))).replaces).toEqual(["node"]);
    expect((await kind.diff(made, hostArgs("blog"))).replaces).toEqual(["owner"]);
    for (const more of [
      { driverImage: "driver:2" },
      { mtu: 1400 },
      { iptables: "legacy" },
      { encapsulation: "ipip" },
    ]) {
      expect(await kind.diff(made, hostArgs("shop", more))).toEqual({ changes: true, replaces: [] });
    }
    expect((await kind.diff(made, hostArgs("shop", { timeoutSeconds: 9 }))).changes).toBe(false);
  });

  test("know their users by node, whatever another node is called", async () => {
    const kind = await calico.of("calico.Host");
    await kind.create(hostArgs("shop", { node: "h1" }));
    await kind.create(hostArgs("shop", { node: "h1.example.com", location: "tasks", host: "two" }));
    expect(await keys(USERS)).toEqual([`${USERS}h1.example.com/shop`, `${USERS}h1/shop`]);
  });
});
