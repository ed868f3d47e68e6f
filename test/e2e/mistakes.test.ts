import { afterAll, beforeAll, expect, test } from "vitest";
import { connectDocker } from "../../providers/docker/connection";
import { Stack } from "./support/stack";

type CalicoNetwork = NonNullable<Stack["settings"]["network"]["calico"]>;

const BLUEPRINT = "examples/1-docker.yaml";
const THREE_CLOUDS = "examples/5-docker-mesos-openstack.yaml";
let stack: Stack;

beforeAll(async () => {
  stack = await Stack.open("mistakes", BLUEPRINT);
});

afterAll(() => stack?.remove());

async function problemOf(blueprint: string, config: Record<string, unknown>): Promise<string> {
  await stack.configure(blueprint, config);
  const { code, output } = await stack.run(["preview"]);
  expect(code, output).not.toBe(0);
  expect(output).toContain("1 problem, nothing was changed");
  expect(output, "no stack trace").not.toMatch(/^\s+at .*\.js:\d+/m);
  return output;
}

test("a wrong location name is named with the known ones at preview time", async () => {
  const output = await problemOf(BLUEPRINT, { placement: { redis: "my-dokcer-cloud" } });
  expect(output).toContain("my-dokcer-cloud");
  expect(output).toContain("my-docker-cloud");
});

test("a link to nobody is named with file, line and column", async () => {
  const output = await problemOf("test/e2e/fixtures/link-to-nobody.yaml", {});
  expect(output).toMatch(/link-to-nobody\.yaml:\d+:\d+/);
  expect(output).toContain("nobody");
});

test("a host port that another container holds is named with its holder", async () => {
  const docker = connectDocker(stack.clouds.host("host-a"));
  const holder = await docker.createContainer({
    name: "somebody-else",
    Image: "redis:3",
    ExposedPorts: { "6379/tcp": {} },
    HostConfig: { PortBindings: { "6379/tcp": [{ HostPort: "80" }] } },
    Labels: { "clocker.test": "holder" },
  });
  try {
    await holder.start();
    const output = await problemOf(BLUEPRINT, {});
    expect(output).toContain("port 80");
    expect(output).toContain("somebody-else");
  } finally {
    await holder.remove({ force: true });
  }
});

test("an image whose registry does not answer is a warning at preview time, and the update fails for it alone", async () => {
  await stack.configure("test/e2e/fixtures/image-missing.yaml");
  const preview = await stack.must(["preview"]);
  expect(preview).toMatch(/warning image-unknown: service 'web'.*registry\.invalid:5000\/nobody\/nothing:1/);
  const { code, output } = await stack.run(["up", "--yes", "--skip-preview"]);
  expect(code).not.toBe(0);
  expect(output).toContain("registry.invalid:5000/nobody/nothing:1");
  await stack.must(["destroy", "--yes", "--skip-preview"]);
});

test("a wrong password of Marathon is told without the password", async () => {
  const locations = structuredClone(stack.settings.locations) as Record<string, { auth?: { password: string } }>;
  const marathon = locations["my-mesos-cluster"];
  if (marathon?.auth === undefined) {
    throw new Error("the sandbox's Marathon asks for no password");
  }
  marathon.auth.password = "wrong-swordfish";
  const output = await problemOf(THREE_CLOUDS, { locations });
  expect(output).toContain("my-mesos-cluster");
  expect(output).toContain("does not accept the credentials");
  expect(output).not.toContain("swordfish");
});

test("a wrong password of OpenStack is told without the password", async () => {
  const locations = structuredClone(stack.settings.locations) as Record<string, { password?: string }>;
  locations["my-openstack-cloud"] = { ...locations["my-openstack-cloud"], password: "wrong-swordfish" };
  const output = await problemOf(THREE_CLOUDS, { locations });
  expect(output).toContain("my-openstack-cloud");
  expect(output).not.toContain("swordfish");
});

test("an unreachable host is named with its address", async () => {
  const locations = structuredClone(stack.settings.locations) as Record<
    string,
    { hosts?: Record<string, { url: string }> }
  >;
  const host = locations["my-docker-cloud"]?.hosts?.["host-a"];
  if (host !== undefined) {
    host.url = "tcp://127.0.0.1:1";
  }
  const output = await problemOf(BLUEPRINT, { locations });
  expect(output).toContain("tcp://127.0.0.1:1");
});

/** The sandbox's network settings with other ones for Calico. */
function calicoWith(change: (calico: CalicoNetwork) => object): { network: object } {
  const { calico, ...network } = stack.settings.network;
  if (calico === undefined) {
    throw new Error("the sandbox has no Calico");
  }
  return { network: { ...network, calico: { ...calico, ...change(calico) } } };
}

test("a datastore of Calico that does not answer is named with its address", async () => {
  const config = calicoWith(({ etcd }) => ({ etcd: { ...etcd, endpoints: ["https://127.0.0.1:1"] } }));
  const output = await problemOf(BLUEPRINT, config);
  expect(output).toContain("clocker:network.calico.etcd");
  expect(output).toContain("no etcd at https://127.0.0.1:1");
});

test("a certificate that Calico's datastore does not take is told without the key", async () => {
  // A client certificate of the Docker hosts' authority.
  const { cert, key } = stack.clouds.host("host-a").tls ?? {};
  const output = await problemOf(
    BLUEPRINT,
    calicoWith(({ etcd }) => ({ etcd: { ...etcd, cert, key } })),
  );
  expect(output).toContain("set cert and key to a client certificate");
  expect(output).not.toContain("PRIVATE KEY");
});

test("an image of Calico's agents that no registry gives is told for each host at preview time", async () => {
  await stack.configure(
    BLUEPRINT,
    calicoWith(() => ({ felixImage: "registry.invalid:5000/nobody/felix:1" })),
  );
  const preview = await stack.must(["preview"]);
  expect(preview).toMatch(/warning image-unknown: .*docker host 'host-a'.*registry\.invalid:5000\/nobody\/felix:1/);
});
