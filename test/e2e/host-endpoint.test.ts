import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { limit } from "../../ops/matrix/limit";
import { OutsideOrigin } from "../../ops/matrix/outside-origin";
import { CalicoHost, invalidIn } from "./support/calico-host";
import { Calicoctl } from "./support/calicoctl";
import { eventually } from "./support/eventually";
import { Machine } from "./support/machine";
import { matrixOf } from "./support/matrix";
import { ROOT, Stack } from "./support/stack";

const BLUEPRINT = "test/e2e/fixtures/guarded-machine.yaml";
const PLACEMENT = { reader: "my-docker-cloud/host-a", stranger: "my-docker-cloud/host-a" };
const REDIS = 6379;
const SSH = 22;
/** Nobody declares it. */
const SECRET_PORT = 7777;
const UNIT = "clocker-felix.service";
const LINK = '    links:\n      - $brooklyn:component("store")\n';
const DECLARED = ["reader -> store:6379", "outside -> store:22"];

describe("a machine under Felix, whatever its security group lets in", () => {
  let stack: Stack;
  let machine: Machine;
  let address: string;
  let hosts: readonly CalicoHost[];
  let folder: string;
  /** Felix' log of every boot. */
  let log = "";

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "clocker-host-endpoint-"));
    stack = await Stack.open("guarded", BLUEPRINT);
    hosts = CalicoHost.all(stack.settings);
    await configure(BLUEPRINT, true);
    await stack.up();
    address = (await stack.outputs()).services["store"]?.address ?? "";
    machine = await Machine.of(stack, "store");
  });

  afterAll(async () => {
    await stack?.remove();
    if (folder !== undefined) await rm(folder, { recursive: true });
  });

  async function configure(blueprint: string, hostEndpoints: boolean): Promise<void> {
    const { "my-openstack-cloud": cloud, ...others } = stack.settings.locations;
    const locations = { ...others, "my-openstack-cloud": { ...cloud, hostEndpoints } };
    await stack.configure(blueprint, { locations, placement: PLACEMENT });
  }

  const physicalName = () => `${stack.physicalName("guarded")}-store`;

  async function must(command: string): Promise<string> {
    const { exitCode, output } = await machine.run(command);
    expect(exitCode, `${command}: ${output}`).toBe(0);
    return output;
  }

  async function keepLog(): Promise<void> {
    log += await must(`sudo journalctl --no-pager --output cat --unit ${UNIT}`);
  }

  /** Whether the machine's port answers the machine that runs Pulumi. */
  const fromOutside = async (port: number) => (await new OutsideOrigin(limit(1)).connect([{ address, port }]))[0];

  /** Whether it answers a Docker host itself, whose address its containers' packets have too. */
  async function fromHost(name: string, port: number): Promise<boolean> {
    const host = hosts.find((one) => one.name === name);
    const ran = await host?.shell(`timeout 3 bash -c '</dev/tcp/${address}/${port}'`);
    return ran?.exitCode === 0;
  }

  /** Nothing of the link's declared is open but what the arguments say; all of it the security group lets in. */
  async function expectOpen(open: { redisFromHostA: boolean }): Promise<void> {
    expect(await fromHost("host-a", REDIS), "from the consumer's host").toBe(open.redisFromHostA);
    expect(await fromHost("host-b", REDIS), "from another host").toBe(false);
    expect(await fromHost("host-b", SSH), "logins from a host").toBe(false);
    expect(await fromOutside(REDIS), "from outside").toBe(false);
    expect(await fromOutside(SECRET_PORT), "an undeclared port").toBe(false);
    expect(await fromOutside(SSH), "logins from where Pulumi runs").toBe(true);
  }

  const namesOf = (steps: readonly { op: string; urn: string }[]) =>
    steps.map(({ op, urn }) => `${op} ${urn.split("::").at(-1)}`).sort();

  test("Felix runs there, is ready, and knows its host endpoint", async () => {
    expect(await must(`systemctl is-active ${UNIT} clocker-default-deny.service`)).toBe("active\nactive\n");
    for (const path of ["readiness", "liveness"]) {
      expect(await must(`curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1:9099/${path}`)).toBe("200");
    }
    expect(await must("sudo iptables-nft-save -t filter")).toMatch(/^:cali-fhi?-eth0 /m);
    const calicoctl = await Calicoctl.open(stack.settings);
    try {
      const endpoint = JSON.parse(await calicoctl.run("get", "hostendpoint", physicalName(), "-o", "json"));
      expect(endpoint).toMatchObject({ spec: { node: physicalName() } });
    } finally {
      await calicoctl.close();
    }
  });

  test("its consumer reaches it, others do not, and logins from where Pulumi runs stay open", async () => {
    const { tried } = await matrixOf(stack, DECLARED, [SSH]);
    expect(tried).toContain("stranger -> store:6379");
  });

  test("the second preview is empty, also after a refresh", async () => {
    expect(await stack.changes()).toEqual([]);
    await stack.must(["refresh", "--yes", "--skip-preview", "--expect-no-changes", "--suppress-progress"]);
    expect(await stack.changes()).toEqual([]);
  });

  test("with its security group open to everybody, Felix refuses what no link allows", async () => {
    await stack.clouds.openSecurityGroup(physicalName());
    await must(`sudo systemd-run --unit secret busybox httpd -f -p ${SECRET_PORT} -h /tmp`);
    const except = `INPUT -p tcp --dport ${SECRET_PORT} -j ACCEPT`;
    // Without Felix's word it answers: so far the packets come.
    await must(`sudo iptables-nft -I ${except}`);
    await eventually(async () => (await fromOutside(SECRET_PORT)) === true, "the security group is open", 30);
    await must(`sudo iptables-nft -D ${except}`);
    await expectOpen({ redisFromHostA: true });
  });

  test("a killed Felix opens nothing, and is back by itself", async () => {
    const pid = await must(`systemctl show --property MainPID --value ${UNIT}`);
    await must(`sudo systemctl kill --signal KILL ${UNIT}`);
    await expectOpen({ redisFromHostA: true });
    await eventually(
      async () => (await must(`curl -s -o /dev/null -w '%{http_code}' 127.0.0.1:9099/readiness; true`)) === "200",
      "Felix is ready again",
      60,
    );
    expect(await must(`systemctl show --property MainPID --value ${UNIT}`)).not.toBe(pid);
    await expectOpen({ redisFromHostA: true });
  });

  test("a machine that boots without Felix lets in logins alone, and the next up puts it under Felix again", async () => {
    await keepLog();
    const boot = await must("cat /proc/sys/kernel/random/boot_id");
    await must(`sudo systemctl disable --quiet ${UNIT}`);
    await machine.run("sudo systemctl reboot");
    await eventually(() => hasBooted(boot), "the machine is up again", 300);
    await eventually(
      async () => (await machine.run("systemctl is-active redis-clocker.service")).output === "active\n",
      "Redis runs again",
      120,
    );
    await must(`sudo systemd-run --unit secret busybox httpd -f -p ${SECRET_PORT} -h /tmp`);
    expect((await machine.run(`systemctl is-active ${UNIT}`)).output).toBe("inactive\n");
    await expectOpen({ redisFromHostA: false });

    await stack.must(["refresh", "--yes", "--skip-preview", "--suppress-progress"]);
    expect(namesOf(await stack.changes())).toEqual(["update store-setup"]);
    await stack.up();
    await matrixOf(stack, DECLARED, [SSH]);
    await expectOpen({ redisFromHostA: true });
  });

  test("a link that is removed closes the machine to its consumer", async () => {
    const text = await readFile(path.join(ROOT, BLUEPRINT), "utf8");
    expect(text).toContain(LINK);
    const file = path.join(folder, "guarded-machine.yaml");
    await writeFile(file, text.replace(LINK, ""));
    await configure(file, true);
    await stack.up();
    await eventually(async () => !(await fromHost("host-a", REDIS)), "the host of the consumer is refused", 5);
    await expectOpen({ redisFromHostA: false });
  });

  test("Felix complained of nothing invalid", async () => {
    await keepLog();
    expect(log).toContain("[INFO]");
    expect(invalidIn(log)).toEqual([]);
  });

  test("without hostEndpoints Felix goes, and with it what it refused and what it knew", async () => {
    await configure(BLUEPRINT, false);
    const gone = namesOf(await stack.changes()).filter((step) => step.startsWith("delete"));
    expect(gone).toEqual(["delete store-endpoint", "delete store-node", "delete store-policy"]);
    await stack.up();
    expect(await fromOutside(SECRET_PORT)).toBe(true);
    expect(await must("sudo iptables-nft-save 2>/dev/null | grep -c -e cali -e CLOCKER || true")).toBe("0\n");
    expect((await machine.run("sudo ls /etc/clocker-calico /opt/clocker/calico-felix")).exitCode).not.toBe(0);
    await configure(BLUEPRINT, true);
    await stack.up();
    await matrixOf(stack, DECLARED, [SSH]);
    await expectOpen({ redisFromHostA: true });
  });

  test("destroy leaves nothing of it, in OpenStack or in Calico", async () => {
    const name = stack.physicalName("guarded");
    await stack.must(["destroy", "--yes", "--skip-preview", "--suppress-progress"]);
    expect(await stack.clouds.calicoLeftovers(name)).toEqual([]);
    expect(await stack.clouds.openstackLeftovers(name)).toEqual([]);
  });

  async function hasBooted(before: string): Promise<boolean> {
    const ran = await machine.run("cat /proc/sys/kernel/random/boot_id").catch(() => undefined);
    return ran?.exitCode === 0 && ran.output !== before;
  }
});
