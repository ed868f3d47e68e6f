import { expect, it } from "vitest";
import { linkVariables } from "../../../components/link-variables";
import { type Settings, settingsSchema } from "../../../settings/schema";
import { tcp, udp } from "../../support/ports";
import { deployed } from "./deployed";
import { inputsOf } from "./recorder";

const HOST = { url: "ssh://deploy@192.0.2.11", address: "192.0.2.11" };
const CALICO = { etcd: { endpoints: ["https://192.0.2.5:2379"] }, pool: "198.18.160.0/20" };

function settingsOf(network: Record<string, unknown> = {}): Settings {
  return settingsSchema.parse({
    blueprint: "unit.yaml",
    locations: {
      docks: { type: "docker", hosts: { "host-a": { ...HOST, calico: "present" } } },
      tasks: { type: "marathon", url: "http://192.0.2.30:8080" },
    },
    network,
  });
}

const NAMES = '{type: "docker:names:1", id: names, openPorts: 80, portBindings: {5353/udp: 53}';

it("a container publishes its port of datagrams, and is ready without it", async () => {
  const made = await deployed(settingsOf(), `- ${NAMES}, location: docks}`);
  expect(inputsOf(made, "names-container")["ports"]).toEqual([
    { internal: 53, external: 5353, ip: "192.0.2.11", protocol: "udp" },
  ]);
  expect(inputsOf(made, "names-ready")["ports"]).toEqual([80]);
});

it("a container in Calico's network tells the driver the protocol", async () => {
  const made = await deployed(settingsOf({ calico: CALICO }), `- ${NAMES}, location: docks}`);
  const [connection] = inputsOf(made, "names-container")["networksAdvanced"] as { driverOpts: string[] }[];
  expect(connection?.driverOpts).toContain("publish.53/udp=192.0.2.11:5353");
});

it("sensors of a port of datagrams bear its protocol", async () => {
  const web = `- {type: "docker:web:1", id: web, location: docks, env: {
    AT: '$brooklyn:component("names").attributeWhenReady("mapped.docker.port.53/udp")',
    PORT: '$brooklyn:component("names").attributeWhenReady("docker.port.53/udp")'}}`;
  const made = await deployed(settingsOf(), `- ${NAMES}, location: docks}\n${web}`);
  expect(inputsOf(made, "web-container")["envs"]).toEqual(["AT=192.0.2.11:5353", "PORT=5353"]);
});

it("a task has a mapping for each port, one for both protocols of a number, and checks of TCP alone", async () => {
  const ports = "openPorts: [53, 53/udp, 69/udp, 8080]";
  const made = await deployed(settingsOf(), `- {type: "docker:names:1", id: names, location: tasks, ${ports}}`);
  expect(inputsOf(made, "names-app")["app"]).toMatchObject({
    container: {
      portMappings: [
        { containerPort: 53, hostPort: 0, protocol: "udp,tcp", name: "tcp-53" },
        { containerPort: 8080, hostPort: 0, protocol: "tcp", name: "tcp-8080" },
        { containerPort: 69, hostPort: 0, protocol: "udp", name: "udp-69" },
      ],
    },
    healthChecks: [{ protocol: "MESOS_TCP", portIndex: 0 }],
  });
  const deaf = await deployed(
    settingsOf(),
    '- {type: "docker:names:1", id: names, location: tasks, openPorts: 53/udp}',
  );
  expect(inputsOf(deaf, "names-app")["app"]).toMatchObject({ healthChecks: [] });
});

it("link variables tell the protocol, and the short ones a port of TCP if there is any", () => {
  expect(linkVariables("web", { alias: "my-names", ports: [...tcp(80), ...udp(53)] })).toEqual({
    MY_NAMES_NAME: "/web/my-names",
    MY_NAMES_PORT: "tcp://my-names:80",
    MY_NAMES_PORT_80_TCP: "tcp://my-names:80",
    MY_NAMES_PORT_80_TCP_ADDR: "my-names",
    MY_NAMES_PORT_80_TCP_PORT: "80",
    MY_NAMES_PORT_80_TCP_PROTO: "tcp",
    MY_NAMES_PORT_53_UDP: "udp://my-names:53",
    MY_NAMES_PORT_53_UDP_ADDR: "my-names",
    MY_NAMES_PORT_53_UDP_PORT: "53",
    MY_NAMES_PORT_53_UDP_PROTO: "udp",
  });
  expect(linkVariables("web", { alias: "n", ports: udp(53) })["N_PORT"]).toBe("udp://n:53");
});
