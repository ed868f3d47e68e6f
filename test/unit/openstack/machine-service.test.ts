import type * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, test } from "vitest";
import type { Blueprint } from "../../../blueprint/model";
import { Application } from "../../../components/application";
import type { PlacedComponent } from "../../../components/platform";
import { place } from "../../../placement/place";
import { type Settings, settingsSchema } from "../../../settings/schema";
import { applicationArgs } from "../components/application-args";
import { inputsOf, type Recorded, recordResources } from "../components/recorder";
import { attribute, blueprint, REDIS, service } from "../placement/blueprints";
import { openstackLocation } from "../settings/example";

const SETTINGS: Settings = settingsSchema.parse({
  blueprint: "app.yaml",
  locations: {
    cloud: openstackLocation({ authUrl: "http://198.18.0.20:5000", nameservers: ["198.18.0.53"] }),
    docks: { type: "docker", hosts: { h1: { url: "tcp://198.18.0.11:2376", address: "198.18.0.11" } } },
  },
});

/** What the clouds would answer. */
const OUTPUTS = {
  "redis-address": { address: "198.18.0.200" },
  "redis-port": { allFixedIps: ["198.18.128.5"] },
  "second-address": { address: "198.18.0.201" },
  "second-port": { allFixedIps: ["198.18.128.6"] },
  "redis-key": { publicKey: "ssh-ed25519 AAAA redis", privateKey: "PRIVATE REDIS KEY" },
  "second-key": { publicKey: "ssh-ed25519 AAAA second", privateKey: "PRIVATE SECOND KEY" },
};

const APP = blueprint([
  service("redis", { workload: REDIS, locations: ["cloud"] }),
  service("web", { locations: ["docks"], links: ["redis"], portBindings: [], ports: [8080] }),
  service("second", {
    workload: REDIS,
    locations: ["cloud"],
    links: ["redis", ["front", "web"]],
    env: { TOKEN: { kind: "secret", value: "t0ken value" }, PEER: attribute("redis", "host.subnet.address") },
  }),
]);

async function deploy(app: Blueprint): Promise<{ made: Recorded[]; services: ReadonlyMap<string, PlacedComponent> }> {
  const { plan, diagnostics } = place(app, SETTINGS, "unit");
  if (plan === undefined) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  let services: ReadonlyMap<string, PlacedComponent> = new Map();
  const made = await recordResources(() => {
    services = new Application("app", applicationArgs(app, SETTINGS, plan)).services;
  }, OUTPUTS);
  return { made, services };
}

function known<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply(resolve));
}

/** Pulumi's mark of a secret among the inputs of a resource. */
const SECRET = "4dabf18193072939515e22adb298388d";
function isSecret(value: unknown): boolean {
  return typeof value === "object" && value !== null && SECRET in value;
}

describe("services on OpenStack", () => {
  let made: Recorded[];
  let services: ReadonlyMap<string, PlacedComponent>;

  beforeAll(async () => {
    ({ made, services } = await deploy(APP));
  });

  function component(id: string): PlacedComponent {
    const found = services.get(id);
    if (found === undefined) throw new Error(`no service ${id}`);
    return found;
  }

  test("share one provider, network and router, whatever their number", () => {
    const shared = made.filter(({ name }) => name.startsWith("cloud")).map(({ type, name }) => `${name} ${type}`);
    expect(shared).toEqual([
      "cloud clocker:openstack:MachineNetwork",
      "cloud-network openstack:networking/network:Network",
      "cloud-provider pulumi:providers:openstack",
      "cloud-router openstack:networking/router:Router",
      "cloud-router-interface openstack:networking/routerInterface:RouterInterface",
      "cloud-subnet openstack:networking/subnet:Subnet",
    ]);
  });

  test("have every provider field set that the SDK would take from the environment, and the password secret", () => {
    const provider = inputsOf(made, "cloud-provider");
    expect(provider).toMatchObject({
      authUrl: "http://198.18.0.20:5000",
      cloud: "",
      region: "RegionOne",
      endpointType: "public",
      insecure: "false",
      allowReauth: "true",
      delayedAuth: "true",
      swauth: "false",
      userName: "clocker",
      tenantName: "shop",
    });
    expect(isSecret(provider["password"])).toBe(true);
  });

  test("are children of their component, named after it", async () => {
    const urns = await Promise.all(Object.values(component("redis").nodes).map((node) => known(node.urn)));
    const names = urns.map((urn) => {
      const [, type, name] = /^urn:pulumi:unit::clocker::(.*)::([^:]*)$/.exec(urn) ?? [];
      expect(type).toMatch(/^clocker:openstack:MachineService\$/);
      return name;
    });
    expect(names).toEqual(["redis-group", "redis-port", "redis-address", "redis-key", "redis-machine", "redis-setup"]);
  });

  test("bear the physical name and our labels", () => {
    const tags = ["clocker.application=shop", "clocker.service=redis", "clocker.stack=unit"];
    expect(inputsOf(made, "redis-machine")).toMatchObject({
      name: "shop-unit-redis",
      metadata: { "clocker.application": "shop", "clocker.service": "redis", "clocker.stack": "unit" },
      flavorName: "m1.small",
      keyPair: "shop-unit-redis",
      networks: [{ port: "redis-port-id" }],
      configDrive: true,
    });
    expect(inputsOf(made, "redis-machine")).not.toHaveProperty("securityGroups");
    for (const name of ["redis-port", "redis-group"])
      expect(inputsOf(made, name)).toMatchObject({ name: "shop-unit-redis", tags });
    expect(inputsOf(made, "redis-address")).toMatchObject({ description: "shop-unit-redis", tags });
    expect(inputsOf(made, "cloud-network")["tags"]).toEqual(["clocker.application=shop", "clocker.stack=unit"]);
  });

  test("accept exactly what links and settings allow", () => {
    const rules = made
      .filter(({ type }) => type === "openstack:networking/secGroupRule:SecGroupRule")
      .map(({ name, inputs }) => {
        const { securityGroupId, portRangeMin, portRangeMax, direction, protocol } = inputs;
        const from = inputs["remoteIpPrefix"] ?? inputs["remoteGroupId"];
        return `${name}: ${direction} ${protocol} ${portRangeMin}-${portRangeMax} into ${securityGroupId} from ${from}`;
      });
    expect(rules).toEqual([
      "redis-22-from-192-0-2-1-32: ingress tcp 22-22 into redis-group-id from 192.0.2.1/32",
      "redis-6379-from-198-18-0-11-32: ingress tcp 6379-6379 into redis-group-id from 198.18.0.11/32",
      "second-22-from-192-0-2-1-32: ingress tcp 22-22 into second-group-id from 192.0.2.1/32",
      "second-to-redis-6379: ingress tcp 6379-6379 into redis-group-id from second-group-id",
    ]);
  });

  test("are set up over SSH at the floating address, with the version verified", () => {
    expect(inputsOf(made, "redis-setup")).toMatchObject({
      machine: "redis-machine-id",
      address: "198.18.0.200",
      port: 22,
      user: "debian",
      verify: { expect: "ok" },
    });
  });

  test("listen, and are verified, at the fixed address of their port, beside the forwarders of their links", () => {
    const { files, steps, verify } = inputsOf(made, "second-setup") as {
      files: { value: { path: string; content: string }[] };
      steps: { name: string; script: string }[];
      verify: { script: string };
    };
    expect(files.value.map(({ path }) => path)).toContain("/etc/redis-clocker/redis.conf");
    const scripts = steps.filter(({ name }) => name.endsWith("Redis 3.0.5")).map(({ script }) => script);
    expect(scripts).toHaveLength(3);
    for (const text of [...scripts, verify.script]) expect(text).toContain("\nADDRESS=198.18.128.6\n");
  });

  test("reach a neighbour inside the network and a Docker host's port through a forwarder", () => {
    const files = inputsOf(made, "second-setup")["files"] as { value: { path: string; content: string }[] };
    const content = (path: string) => files.value.find((file) => file.path === path)?.content;
    expect(content("/etc/clocker/hosts")).toBe("127.0.1.2 front\n198.18.128.5 redis\n");
    const { ports } = inputsOf(made, "web-container") as { ports: { external: number }[] };
    expect(content("/etc/systemd/system/clocker-link-front-8080.service")).toContain(
      `ExecStart=/lib/systemd/systemd-socket-proxyd 198.18.0.11:${ports[0]?.external}\n`,
    );
    expect(content("/etc/redis-clocker/environment")).toContain('PEER="198.18.128.5"\n');
  });

  test("give no secret in clear to the state", () => {
    const setup = inputsOf(made, "second-setup");
    expect(setup["privateKey"]).toEqual({ [SECRET]: expect.any(String), value: "PRIVATE SECOND KEY" });
    expect(setup["redact"]).toEqual({ [SECRET]: expect.any(String), value: ["t0ken value"] });
    const clear = made.map(({ inputs }) => Object.values(inputs).filter((value) => !isSecret(value)));
    for (const secret of ["correct horse", "t0ken value", "PRIVATE"])
      expect(JSON.stringify(clear)).not.toContain(secret);
  });

  test("tell address, endpoints and sensors", async () => {
    const { address, endpoints, sensors } = component("redis");
    expect(await known(address)).toBe("198.18.0.200");
    expect(await known(endpoints)).toEqual([
      { address: "198.18.0.200", port: 6379, protocol: "tcp", servicePort: 6379 },
    ]);
    const values = await Promise.all(
      Object.entries(sensors).map(async ([name, output]) => [name, await known(output)] as const),
    );
    expect(Object.fromEntries(values)).toEqual({
      "host.address": "198.18.0.200",
      "host.name": "shop-unit-redis",
      "host.subnet.address": "198.18.128.5",
      "host.subnet.hostname": "shop-unit-redis",
      "redis.port": 6379,
      "service.isUp": true,
      "service.state": "RUNNING",
    });
  });
});
