import { describe, expect, it } from "vitest";
import { LATCHES } from "../../../blueprint/latches";
import { parseBlueprint } from "../../../blueprint/parse";
import { place } from "../../../placement/place";
import { settings } from "../placement/blueprints";
import { diagnose } from "./diagnose";

const DB = "- {type: docker:db, id: db, openPorts: 3306}\n";
const web = (lines: string) => `services:\n- type: docker:web\n  id: web\n  brooklyn.config:\n${lines}${DB}`;

describe("a latch", () => {
  it.each(LATCHES)("%s makes its service start after the one whose sensor it reads", (key) => {
    const text = `location: docks\n${web(`    ${key}: $brooklyn:component("db").attributeWhenReady("service.isUp")\n`)}`;
    const { blueprint, diagnostics } = parseBlueprint(text, "app.yaml");
    expect(diagnostics).toEqual([]);
    if (blueprint === undefined) throw new Error("no blueprint");
    const { plan } = place(blueprint, settings(), "dev");
    expect(plan?.services.map(({ service }) => service.id)).toEqual(["db", "web"]);
  });

  it("that closes a circle is told", () => {
    const text = web('    launch.latch: $brooklyn:component("db").attributeWhenReady("service.isUp")\n').replace(
      DB,
      '- {type: docker:db, id: db, links: [$brooklyn:component("web")]}\n',
    );
    expect(diagnose(text)).toContain("link-cycle");
  });
});

describe("ports by the names of keys", () => {
  const ports = (text: string) => {
    const [service] = parseBlueprint(text, "app.yaml").blueprint?.services ?? [];
    return { open: service?.ports.map(({ port }) => port), direct: service?.directPorts.map(({ port }) => port) };
  };

  it("are those of the service's own keys, of the application's and of its type", () => {
    const keys = "    proxy.port: 8000\n    docker.container.openPorts.configKeys: [proxy.port, admin.port]\n";
    expect(ports(`brooklyn.config: {admin.port: 9000}\n${web(keys)}`)).toEqual({ open: [8000, 9000], direct: [] });
    const redis =
      "services:\n- type: RedisStore\n  redis.port: 6400\n  docker.container.directPorts.configKeys: [redis.port]\n";
    expect(ports(redis)).toEqual({ open: [6400], direct: [6400] });
  });

  it("may be sensors, as in Brooklyn", () => {
    const keys =
      '    proxy.port: 8000\n    docker.container.directPorts.configKeys:\n    - $brooklyn:sensor("org.example.Proxy", "proxy.port")\n';
    expect(ports(web(keys))).toEqual({ open: [8000], direct: [8000] });
  });

  it("are told where there is no such key, or no port in it", () => {
    const keys = "    proxy: web\n    docker.container.openPorts.configKeys: [proxy, prxy]\n";
    expect(diagnose(web(keys))).toBe(
      `app.yaml:6:45 error bad-port: docker.container.openPorts.configKeys of service 'web' names 'proxy', which is no port that is known before anything is deployed
  write the port's number in openPorts or directPorts
app.yaml:6:52 error unknown-config-key: docker.container.openPorts.configKeys of service 'web' names 'prxy', which is no key of the service
  name one of 'docker.image.name', 'docker.image.tag' and 'proxy'`,
    );
  });
});
