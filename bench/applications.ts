import { type Settings, settingsSchema } from "../settings/schema";

const SITES = ["docks", "tasks", "machines"] as const;
const DOCKER_HOSTS = Array.from({ length: 10 }, (_, index) => `h${index}`);
/** How far before a service its targets stand: without a common divisor, so that they are spread over the sites. */
const STEPS = [1, 7, 31];

/** A blueprint of that many services over three clouds, each linked to three before it as far as there are any, one in ten published. */
export function blueprintText(services: number): string {
  return `id: bench\nservices:\n${Array.from({ length: services }, (_, index) => serviceText(index)).join("")}`;
}

function serviceText(index: number): string {
  const port = 8000 + (index % 5);
  const machine = SITES[index % SITES.length] === "machines";
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

/** Settings that place that many services on Docker hosts, a Mesos cluster and an OpenStack in turn, linked by Calico. */
export function settingsFor(services: number): Settings {
  const host = (number: number) => ({ url: `ssh://deploy@192.0.2.${number}`, address: `192.0.2.${number}` });
  return settingsSchema.parse({
    blueprint: "bench.yaml",
    locations: {
      docks: { type: "docker", hosts: Object.fromEntries(DOCKER_HOSTS.map((name, index) => [name, host(index + 10)])) },
      tasks: { type: "marathon", url: "http://192.0.2.1:8080", agents: { a1: host(40), a2: host(41) } },
      machines: {
        type: "openstack",
        authUrl: "https://192.0.2.2:5000/v3",
        image: "debian-12",
        flavor: "m1.small",
        externalNetwork: "public",
        sshSources: ["192.0.2.3/32"],
      },
    },
    placement: Object.fromEntries(Array.from({ length: services }, (_, index) => [`s${index}`, siteOf(index)])),
    network: {
      sources: ["198.51.100.0/24"],
      calico: {
        etcd: { endpoints: ["https://192.0.2.4:2379"] },
        pool: "198.18.160.0/20",
        rangePrefix: 20,
        resolvers: ["192.0.2.53"],
      },
    },
  });
}

function siteOf(index: number): string {
  const site = SITES[index % SITES.length] ?? SITES[0];
  return site === "docks" ? `docks/${DOCKER_HOSTS[index % DOCKER_HOSTS.length]}` : site;
}
