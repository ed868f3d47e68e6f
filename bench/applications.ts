import type { RawSettings } from "../settings/load";
import { type Settings, settingsSchema } from "../settings/schema";

const DOCKER_HOSTS = Array.from({ length: 10 }, (_, index) => `h${index}`);
/** How far before a service its targets stand: without a common divisor, so that they are spread over the sites. */
const STEPS = [1, 7, 31];

/** A location of the measured application: Docker hosts, a Mesos cluster or an OpenStack. */
type Site = "docks" | "tasks" | "machines";

/** An application as it is measured. */
export interface Shape {
  readonly services: number;
  /** The services go to these in turn. */
  readonly sites: readonly Site[];
  /** URLs of the clouds' APIs; nothing answers at the default ones. */
  readonly dockerUrl?: string;
  readonly marathonUrl?: string;
  readonly etcdUrl?: string;
}

/** A blueprint of that many services, each linked to three before it as far as there are any, one in ten published. */
export function blueprintText(shape: Shape): string {
  return `id: bench\nservices:\n${Array.from({ length: shape.services }, (_, index) => serviceText(index, shape)).join("")}`;
}

function serviceText(index: number, shape: Shape): string {
  const port = 8000 + (index % 5);
  const machine = siteOf(index, shape) === "machines";
  const targets = STEPS.map((step) => index - step).filter((target) => target >= 0);
  return [
    `  - id: s${index}`,
    ...(machine
      ? ["    type: org.apache.brooklyn.entity.nosql.redis.RedisStore", `    redis.port: ${port}`]
      : ["    type: docker:example/service:1", `    openPorts: ${port}`]),
    ...(index % 10 === 0 ? ["    portBindings:", `      ${machine ? port : 30000 + index}: ${port}`] : []),
    ...(targets.length > 0 ? ["    links:"] : []),
    ...targets.map((target) => `      - $brooklyn:component("s${target}")`),
    "",
  ].join("\n");
}

/** The stack configuration, keys without `clocker:`, that places the services, linked by Calico. */
export function configurationFor(shape: Shape, blueprint: string): Omit<RawSettings, "encryptedKeys"> {
  const {
    services,
    sites,
    dockerUrl,
    marathonUrl = "http://192.0.2.1:8080",
    etcdUrl = "https://192.0.2.4:2379",
  } = shape;
  const host = (number: number) => ({
    url: dockerUrl ?? `ssh://deploy@192.0.2.${number}`,
    address: `192.0.2.${number}`,
  });
  const locations: Record<Site, object> = {
    docks: { type: "docker", hosts: Object.fromEntries(DOCKER_HOSTS.map((name, index) => [name, host(index + 10)])) },
    tasks: { type: "marathon", url: marathonUrl, agents: { a1: host(40), a2: host(41) } },
    machines: {
      type: "openstack",
      authUrl: "https://192.0.2.2:5000/v3",
      image: "debian-12",
      flavor: "m1.small",
      externalNetwork: "public",
      sshSources: ["192.0.2.3/32"],
    },
  };
  return {
    blueprint,
    locations: Object.fromEntries(sites.map((site) => [site, locations[site]])),
    placement: Object.fromEntries(Array.from({ length: services }, (_, index) => [`s${index}`, placeOf(index, shape)])),
    network: {
      sources: ["198.51.100.0/24"],
      calico: {
        etcd: { endpoints: [etcdUrl] },
        pool: "198.18.160.0/20",
        rangePrefix: 20,
        resolvers: ["192.0.2.53"],
        driverImage: "example/docker-calico:1",
        felixImage: "example/felix:1",
      },
    },
  };
}

/** The same, read as the program reads it. */
export function settingsFor(shape: Shape): Settings {
  return settingsSchema.parse(configurationFor(shape, "bench.yaml"));
}

function siteOf(index: number, { sites }: Shape): Site {
  return sites[index % sites.length] ?? "docks";
}

function placeOf(index: number, shape: Shape): string {
  const site = siteOf(index, shape);
  return site === "docks" ? `docks/${DOCKER_HOSTS[index % DOCKER_HOSTS.length]}` : site;
}
