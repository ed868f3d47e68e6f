import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Ran } from "../support/run-inside";
import { containerNamed, execIn } from "./support/container";
import { Names } from "./support/names";
import { openPage } from "./support/page";
import { Stack } from "./support/stack";

const BLUEPRINT = "examples/1-docker.yaml";
const APPLICATION = "my-application";
const SERVICES = ["redis", "dnmonster", "identidock"];
const HANDMADE = "198.18.255.1";

describe("names of services on the name server", () => {
  let stack: Stack;
  let names: Names;
  let domain: string;
  let config: Record<string, unknown>;
  /** Every address that a service had. */
  const seen = new Set<string>();
  const nameOf = (service: string) => `${service}.${APPLICATION}.${domain}`;

  beforeAll(async () => {
    stack = await Stack.open("names", BLUEPRINT);
    const { network, dns } = stack.settings;
    if (dns === undefined || network.dns === undefined) throw new Error("the sandbox has no name server");
    names = new Names(dns);
    domain = `test-names.${dns.domain}`;
    config = {
      network: { ...network, dns: { ...network.dns, domain, resolver: true } },
      overrides: { identidock: { portBindings: { "8990": 9090 } } },
    };
    await stack.configure(BLUEPRINT, config);
    await stack.up();
  });

  afterAll(() => stack?.remove());

  /** The address at which others reach each service, as the stack says. */
  async function reached(): Promise<Record<string, string>> {
    const { services } = await stack.outputs();
    const entries = Object.entries(services).map(([id, { calicoAddress, address }]) => [id, calicoAddress ?? address]);
    return Object.fromEntries(entries) as Record<string, string>;
  }

  async function expectNames(): Promise<Record<string, string>> {
    const addresses = await reached();
    expect(Object.keys(addresses).sort()).toEqual([...SERVICES].sort());
    for (const [service, address] of Object.entries(addresses)) {
      seen.add(address);
      expect(await names.addresses(nameOf(service)), service).toEqual([address]);
      expect(await names.reverse(address), service).toEqual([nameOf(service)]);
    }
    return addresses;
  }

  /** In the container of Redis, which links to nothing. */
  async function inside(...command: string[]): Promise<Ran> {
    const host = stack.clouds.host("host-a");
    const container = await containerNamed(host, `${stack.physicalName(APPLICATION)}-redis`);
    return execIn(host, container ?? "no container of redis", command);
  }

  test("every name has its service's address, and every address its service's name", async () => {
    await expectNames();
    expect(await names.texts(`_clocker.${APPLICATION}.${domain}`)).toEqual([`clocker-stack=${stack.name}`]);
  });

  test("a container asks the name server", async () => {
    const { identidock } = await reached();
    const { output } = await inside("busybox", "nslookup", nameOf("identidock"));
    expect(output).toContain(`Name:\t${nameOf("identidock")}\nAddress: ${identidock}\n`);
  });

  test("the second preview is empty, also after a refresh", async () => {
    expect(await stack.changes()).toEqual([]);
    await stack.must(["refresh", "--yes", "--skip-preview", "--expect-no-changes", "--suppress-progress"]);
    expect(await stack.changes()).toEqual([]);
  });

  test("a name that another hand changed is drift, which an update mends", async () => {
    const { redis } = await reached();
    const name = nameOf("redis");
    await names.change([`update delete ${name}. A`, `update add ${name}. 60 A ${HANDMADE}`]);
    expect(await names.addresses(name)).toEqual([HANDMADE]);
    await stack.must(["refresh", "--yes", "--skip-preview", "--suppress-progress"]);
    const planned = (await stack.changes()).map(({ op, urn }) => `${op} ${urn.split("::").at(-1)}`);
    expect(planned).toEqual(["update redis-name"]);
    await stack.up();
    expect(await names.addresses(name)).toEqual([redis]);
  });

  test("another stack of the application is told to take another domain, before anything is made", async () => {
    const second = await Stack.open("names-second", BLUEPRINT, config);
    try {
      const { code, output } = await second.run(["preview", "--suppress-progress"]);
      expect(code).not.toBe(0);
      expect(output).toContain(`below '${domain}' belong to stack '${stack.name}'`);
      expect(output).toContain(`pulumi config set --path 'clocker:network.dns.domain' ${second.name}.${domain}`);
    } finally {
      await second.remove();
    }
  });

  test("a name follows its service to another platform, and the serial grows", async () => {
    const { dnmonster: before = "" } = await reached();
    const serial = await names.serial();
    await stack.configure(BLUEPRINT, { ...config, placement: { dnmonster: "my-mesos-cluster" } });
    await stack.up();
    const { dnmonster: after } = await expectNames();
    expect(after).not.toBe(before);
    expect(await names.reverse(before)).toEqual([]);
    expect(await names.serial()).toBeGreaterThan(serial);
    await openPage((await stack.outputs()).url, "somebody who asks for a name");
    expect(await stack.changes()).toEqual([]);
  });

  test("a container finds a service elsewhere by its short name, and its name by its address", async () => {
    const { dnmonster = "" } = await reached();
    const byName = await inside("busybox", "nslookup", "dnmonster");
    expect(byName.output).toContain(`Name:\t${nameOf("dnmonster")}\nAddress: ${dnmonster}\n`);
    expect((await inside("busybox", "nslookup", dnmonster)).output).toContain(`name = ${nameOf("dnmonster")}\n`);
  });

  test("destroy leaves no record", async () => {
    await stack.must(["destroy", "--yes", "--skip-preview", "--suppress-progress"]);
    for (const service of SERVICES) expect(await names.addresses(nameOf(service)), service).toEqual([]);
    expect(seen.size).toBeGreaterThan(SERVICES.length);
    for (const address of seen) expect(await names.reverse(address), address).toEqual([]);
    expect(await names.texts(`_clocker.${APPLICATION}.${domain}`)).toEqual([]);
  });
});
