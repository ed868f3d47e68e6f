import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Properties } from "../../providers/runtime/handler";
import { readSandbox } from "../../sandbox/description";
import { type CalicoHost, invalidIn, redisAnswers } from "./support/calico-host";
import { CniPlugin } from "./support/cni-plugin";
import { logsOf } from "./support/container";
import { eventually } from "./support/eventually";
import { type Endpoint, PacketLab, type Written } from "./support/packet-lab";
import { ROOT, SANDBOX } from "./support/stack";
import { OTHER, Workload } from "./support/workload";

const TIER = "packets";
/** Ports of the first host: one that Felix never shuts, one of its own, one that leads into a container of Docker's own network. */
const [FAILSAFE, LOCAL, PUBLISHED] = [22, 9000, 7480];
const DOCKER_API = 2376;

const tcp = (action: string, source: Properties, ports: readonly number[]) => ({
  action,
  protocol: "TCP",
  source,
  destination: { ports },
});

describe("what the provider writes is what Felix enforces", () => {
  let lab: PacketLab;
  let first: CalicoHost;
  let second: CalicoHost;
  /** This machine, as the hosts see it. */
  let gateway: string;
  /** `web` and `client` are on the first host, `far` and `stranger` on the second one. */
  let web: Endpoint;
  let client: Endpoint;
  let far: Endpoint;
  let stranger: Endpoint;
  let visitor: Workload;
  /** The first host's own, and the policy that lets its Docker Engine be reached meanwhile. */
  let hostEndpoint: readonly Written[];

  const policy = (name: string, spec: Properties, tier = TIER) =>
    lab.make("calico.GlobalNetworkPolicy", { name: `${tier}.${name}` }, { tier, ...spec });

  /** Rules of policies in Felix's chains on the first host. */
  const chains = async () => {
    const { output } = await first.shell("iptables-nft-save | grep -o '^:cali-p[io]-[^ ]*'");
    return output.trim().split("\n").sort();
  };

  /** Whether a port of the first host answers to this machine, and to the second host. */
  const here = (port: number) => redisAnswers(first.address, port);
  const there = async (port: number) => (await visitor.seenBy(first.address, port)) !== "none";
  /** How many connections to a port the first host keeps in mind. */
  const tracked = async (port: number) =>
    (await first.exec("felix", `conntrack -L -p tcp --dport ${port} 2> /dev/null`)).output.split("\n").length - 1;

  beforeAll(async () => {
    const sandbox = await readSandbox(ROOT, SANDBOX);
    gateway = sandbox.gateway;
    lab = await PacketLab.start(sandbox);
    [first, second] = lab.hosts;
    const pool = { vxlanMode: "Always", blockSize: 28 };
    await lab.make("calico.IPPool", { name: "inside" }, { ...pool, cidr: "198.18.190.0/25", natOutgoing: true });
    await lab.make("calico.IPPool", { name: "beside" }, { ...pool, cidr: "198.18.190.128/26" });
    await lab.make("calico.IPPool", { name: "closed" }, { cidr: "198.18.190.192/26", disabled: true });
    for (const host of lab.hosts) {
      const tunnel = await lab.address("inside", host.name, `tunnel-${host.name}`);
      const spec = { bgp: { ipv4Address: `${host.address}/24` }, ipv4VXLANTunnelAddr: tunnel };
      await lab.make("calico.Node", { name: host.name }, spec);
      await host.startFelix();
    }
    const start = async (host: CalicoHost, name: string) =>
      lab.workload(host, name, await lab.address("inside", host.name, name));
    web = await start(first, "web");
    client = await start(first, "client");
    far = await start(second, "far");
    stranger = await start(second, "stranger");
    await lab.make("calico.Tier", { name: TIER }, { order: 500, defaultAction: "Deny" });
  });

  afterAll(async () => {
    await lab?.stop();
  });

  test("Felix is ready on a datastore that the provider alone has written", async () => {
    for (const host of lab.hosts) await eventually(() => host.felixIsReady(), `Felix on ${host.name} is ready`, 60);
  });

  test("without policy nothing passes; an admitted port opens to the admitted label when both sides admit it", async () => {
    expect(await client.sees(web)).toBe("none");
    await policy("web", {
      order: 10,
      selector: "role == 'web'",
      types: ["Ingress"],
      ingress: [tcp("Allow", { selector: "role in {'client', 'far'}" }, [6379])],
    });
    await policy("leaving", {
      order: 10,
      selector: "role in {'client', 'stranger'}",
      types: ["Egress"],
      egress: [{ action: "Allow" }],
    });
    await client.opens(web, "its label is admitted");
    expect(await client.sees(web, OTHER)).toBe("none");
    expect(await stranger.sees(web)).toBe("none");
    expect(await web.sees(client)).toBe("none");
    // Its label is admitted, but nothing lets it out.
    expect(await far.sees(web)).toBe("none");
  });

  test("a workload reaches one on another host through the tunnel, with its own address", async () => {
    const leaving = await policy("far", {
      selector: "role == 'far'",
      types: ["Egress"],
      egress: [tcp("Allow", {}, [6379])],
    });
    await far.opens(web, "both sides admit it");
    expect((await second.shell(`ip route get ${web.address}`)).output).toContain("dev vxlan.calico");
    await leaving.delete();
    await far.closes(web, "its policy is gone");
  });

  test("a changed label opens and closes", async () => {
    await stranger.become("client");
    await stranger.opens(web, "it has the label of a client");
    await stranger.become("stranger");
    await stranger.closes(web, "it has the label no more");
  });

  test("a network set admits its addresses alone", async () => {
    const set = await lab.make(
      "calico.GlobalNetworkSet",
      { name: "partners", labels: { partner: "yes" } },
      { nets: [`${stranger.address}/32`] },
    );
    const admitting = await policy("partners", {
      order: 20,
      selector: "role == 'web'",
      types: ["Ingress"],
      ingress: [tcp("Allow", { selector: "partner == 'yes'" }, [6379])],
    });
    await client.become("stranger");
    await stranger.opens(web, "the set holds its address");
    await client.closes(web, "the set does not hold its address");
    await set.update({ nets: [`${client.address}/32`] });
    await client.opens(web, "the set holds its address now");
    await stranger.closes(web, "the set holds its address no more");
    await client.become("client");
    await admitting.delete();
    await set.delete();
    await client.opens(web, "its label is admitted");
  });

  test("the order of tiers and policies, Pass and a tier's default decide as Calico documents it", async () => {
    const early = await lab.make("calico.Tier", { name: "early" }, { order: 400, defaultAction: "Deny" });
    const everyone = { selector: "role == 'web'", types: ["Ingress"] };
    const empty = await policy("web", everyone, "early");
    await client.closes(web, "a tier without a matching rule denies");
    await empty.update({ tier: "early", ...everyone, ingress: [{ action: "Pass" }] });
    await client.opens(web, "Pass goes on to the next tier");
    await empty.update({ tier: "early", ...everyone });
    await client.closes(web, "nothing passes any more");
    await early.update({ order: 400, defaultAction: "Pass" });
    await client.opens(web, "the tier passes by default");
    await empty.delete();
    await early.delete();

    const denying = (order: number) => ({ tier: TIER, order, ...everyone, ingress: [{ action: "Deny" }] });
    const denial = await policy("denial", denying(5));
    await client.closes(web, "the denial comes first");
    await denial.update(denying(15));
    await client.opens(web, "the denial comes last");
    await denial.delete();
  });

  test("outgoing connections have the host's address outside, and their own in other pools, disabled ones too", async () => {
    await Workload.start(second, "outside", "host", [7900]);
    await eventually(
      async () => (await client.workload.seenBy(second.address, 7900)) === first.address,
      "the client has its host's address outside",
      30,
    );
    const beside = await lab.workload(second, "beside", await lab.address("beside", second.name, "beside"));
    const closed = await lab.workload(first, "closed", "198.18.190.200");
    const admitted = await policy("named", {
      selector: "role in {'beside', 'closed'}",
      types: ["Ingress"],
      ingress: [tcp("Allow", {}, [6379])],
    });
    await client.opens(beside, "another pool sees its own address");
    await client.opens(closed, "a disabled pool sees its own address");
    await admitted.delete();
  });

  test("a host's endpoint shuts ports but those that Felix never shuts, and forwards until a policy is for that", async () => {
    await Workload.start(first, "local", "host", [FAILSAFE, LOCAL]);
    await Workload.start(first, "inner", "bridge", [6379], PUBLISHED);
    visitor = await Workload.start(second, "visitor", "host", []);
    for (const port of [FAILSAFE, LOCAL, PUBLISHED]) {
      await eventually(() => here(port), `port ${port} answers without an endpoint of the host`, 30);
    }
    expect(await tracked(LOCAL)).toBeGreaterThan(0);

    const control = await policy("control", {
      selector: "host == 'first'",
      types: ["Ingress"],
      ingress: [tcp("Allow", {}, [DOCKER_API])],
    });
    const endpoint = await lab.make(
      "calico.HostEndpoint",
      { name: "first-eth0", labels: { host: "first" } },
      { node: first.name, interfaceName: "eth0", expectedIPs: [first.address] },
    );
    hostEndpoint = [endpoint, control];
    await eventually(async () => !(await here(LOCAL)), `port ${LOCAL} is shut`, 30);
    expect([await here(FAILSAFE), await here(PUBLISHED), await there(PUBLISHED)]).toEqual([true, true, true]);
    await first.docker.ping();

    const forward = await policy("forward", {
      selector: "host == 'first'",
      types: ["Ingress"],
      applyOnForward: true,
      ingress: [tcp("Allow", { nets: [`${second.address}/32`] }, [6379])],
    });
    await eventually(async () => !(await here(PUBLISHED)), "the published port is shut to this machine", 30);
    expect([await there(PUBLISHED), await here(FAILSAFE)]).toEqual([true, true]);
    await forward.delete();
    await eventually(() => here(PUBLISHED), "the published port is open again", 30);
  });

  test("a policy before DNAT sees the published port; an untracked one leaves no trace in conntrack", async () => {
    const before = await policy("before", {
      selector: "host == 'first'",
      types: ["Ingress"],
      applyOnForward: true,
      preDNAT: true,
      ingress: [tcp("Allow", { nets: [`${gateway}/32`] }, [PUBLISHED]), tcp("Deny", {}, [PUBLISHED])],
    });
    await eventually(async () => !(await there(PUBLISHED)), "the published port is shut to the other host", 30);
    expect(await here(PUBLISHED)).toBe(true);
    await before.delete();

    const untracked = await policy("untracked", {
      selector: "host == 'first'",
      applyOnForward: true,
      doNotTrack: true,
      types: ["Ingress", "Egress"],
      ingress: [tcp("Allow", {}, [LOCAL])],
      egress: [{ action: "Allow", protocol: "TCP", source: { ports: [LOCAL] } }],
    });
    await eventually(() => here(LOCAL), `port ${LOCAL} is open again`, 30);
    await first.exec("felix", `conntrack -D -p tcp --dport ${LOCAL}`);
    expect([await here(LOCAL), await here(FAILSAFE)]).toEqual([true, true]);
    expect(await tracked(LOCAL)).toBe(0);
    expect(await tracked(FAILSAFE)).toBeGreaterThan(0);
    for (const each of [untracked, ...hostEndpoint]) await each.delete();
    await eventually(() => here(LOCAL), "the host is open without its endpoint", 30);
  });

  test("a container of the CNI plugin has the labels that Mesos gives it, which policies select", async () => {
    const network = "packets-cni";
    await lab.make("calico.Profile", { name: network }, {});
    const plugin = await CniPlugin.install(first, network, "inside", lab.etcd.access);
    const task = await Workload.start(first, "task", "none");
    const address = await plugin.add(task, { role: "web", "a/odd key": "//my/val/" });
    await eventually(async () => (await client.workload.seenBy(address)) === client.address, "the task is reached", 30);
    expect(await client.workload.seenBy(address, OTHER)).toBe("none");
    const [endpoint] = (await lab.calico.store.list("WorkloadEndpoint")).items.filter(
      ({ resource }) => resource.spec["orchestrator"] === "cni",
    );
    expect(endpoint?.resource.metadata.labels).toMatchObject({ role: "web", "a.odd-key": "my.val" });
    await plugin.delete(task);
    await plugin.remove();
    expect(await client.workload.seenBy(address)).toBe("none");
  });

  test("chains of a policy go with it, and those of others stay", async () => {
    const before = await chains();
    const passing = await policy("passing", {
      selector: "role == 'web'",
      types: ["Ingress"],
      ingress: [{ action: "Pass" }],
    });
    await eventually(async () => (await chains()).length > before.length, "the policy has chains", 30);
    await passing.delete();
    await eventually(async () => (await chains()).join() === before.join(), "the policy's chains are gone", 30);
  });

  test("Felix finds nothing invalid in it", async () => {
    for (const host of lab.hosts) expect(invalidIn(await logsOf(host.docker, "felix"))).toEqual([]);
  });
});
