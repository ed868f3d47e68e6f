import { describe, expect, it } from "vitest";
import { create, type Details, expectNotValid } from "./refusals";

const app = (rest: object) => ({ id: "/a", cmd: "sleep 1", ...rest });
const mesos = (rest: object) => ({ container: { type: "MESOS", ...rest } });
const docker = (rest: object = {}) => ({ container: { type: "DOCKER", docker: { image: "nginx", ...rest } } });
const roles = "/acceptedResourceRoles";
const NOTHING_TO_RUN = "AppDefinition must either contain one of 'cmd' or 'args', and/or a 'container'.";
const INDEX = "Health check port indices must address an element of the ports array or container port mappings.";

describe("rules for an app", () => {
  it.each<[string, object, Details]>([
    [
      "all rules that are broken are named together",
      { id: "/a/tasks", cmd: "x", args: ["a"] },
      {
        "/id": ["must not end with any of the following reserved keywords: restart, tasks, versions"],
        "/": [NOTHING_TO_RUN, "must not be an empty string"],
      },
    ],
    [
      "a Docker container without image is nothing to run",
      { cmd: undefined, container: {} },
      {
        "/container/docker": ["not defined"],
        "/": [NOTHING_TO_RUN],
      },
    ],
    [
      "two kinds of image exclude each other",
      { cmd: undefined, ...mesos({ docker: { image: "a" }, appc: { image: "b" } }) },
      {
        "/container": ["mesos containers should specify, at most, a single image type"],
        "/": [NOTHING_TO_RUN],
      },
    ],
    [
      "the id of an appc image is a digest",
      mesos({ appc: { image: "a", id: "sha256-x" } }),
      {
        "/container/appc/id": ["id must begin with 'sha512-',"],
      },
    ],
    [
      "the digest of an appc image is not empty",
      mesos({ appc: { image: "a", id: "sha512-" } }),
      {
        "/container/appc/id": ["id must contain non-empty digest after 'sha512-'."],
      },
    ],
    [
      "a dependency ends with no reserved word",
      { dependencies: ["/b/versions"] },
      {
        "/dependencies(0)": ["must not end with any of the following reserved keywords: restart, tasks, versions"],
      },
    ],
    [
      "the Mesos containerizer has no old fields of Docker",
      mesos({
        docker: { image: "a", network: "HOST", portMappings: [], parameters: [{ key: "k", value: "v" }] },
      }),
      {
        "/container/docker/network": ["must be empty"],
        "/container/docker/portMappings": ["must be empty"],
        "/container/docker/parameters": ["must be empty"],
      },
    ],
    [
      "no containerizer takes credentials",
      docker({ credential: { principal: "p" } }),
      {
        "/container/docker/credential": ["must be empty"],
      },
    ],
    [
      "Docker's containerizer has no secrets for pulling",
      docker({ pullConfig: { secret: "s" } }),
      {
        "/container/docker/pullConfig": ["pullConfig is not supported with Docker containerizer"],
      },
    ],
    [
      "a secret for pulling is declared",
      mesos({ docker: { image: "a", pullConfig: { secret: "s" } } }),
      {
        "/container/docker/pullConfig": ["pullConfig.secret must refer to an existing secret"],
      },
    ],
    [
      "discovery is not for Docker",
      { ...docker(), ipAddress: { discovery: {} } },
      {
        "/ipAddress": ["ipAddress/discovery is not allowed for Docker containers"],
      },
    ],
    [
      "an address excludes ports",
      { ipAddress: {}, ports: [0] },
      { "/": ["cannot specify both an IP address and port"] },
    ],
    [
      "ports exclude other port definitions",
      { ports: [1], portDefinitions: [{ port: 2 }] },
      {
        "/": ["cannot specify both ports and port definitions"],
      },
    ],
    ["ports are unique", { ports: [5, 0, 0, 5] }, { "/": ["ports must be unique"] }],
    [
      "ports of the old list are not negative",
      { ports: [-1] },
      { "/portDefinitions(0)/port": ["got -1, expected 0 or more"] },
    ],
    [
      "a URI to fetch is one, in the old list too",
      { uris: ["http://a/ok", "no uri"] },
      {
        "/uris(1)": ["URI has invalid syntax."],
      },
    ],
    [
      "names of port mappings are unique",
      {
        ...mesos({ portMappings: [{ name: "a" }, { name: "a" }] }),
        networks: [{ name: "n" }],
      },
      { "/container/portMappings": ["Port names must be unique."] },
    ],
    [
      "a port mapping is for networks of the app",
      {
        ...mesos({ portMappings: [{ networkNames: ["n", "x"] }] }),
        networks: [{ name: "n" }, { name: "m" }],
      },
      { "/container/portMappings(0)/networkNames(1)": ["is not one of (n,m)"] },
    ],
    [
      "a host port on several networks names one",
      {
        ...mesos({ portMappings: [{ hostPort: 0 }] }),
        networks: [{ name: "n" }, { name: "m" }],
      },
      {
        "/container/portMappings(0)": [
          "networkNames must be a single item list when hostPort is specified and more than 1 container network is defined",
        ],
      },
    ],
    [
      "two networks without a name are the same",
      { networks: [{}, {}] },
      {
        "/networks": [
          "Duplicate networks are not allowed",
          "Network name must be specified when container network is selected.",
        ],
      },
    ],
    [
      "there is one network of the host",
      { networks: [{ mode: "host" }, { mode: "host" }] },
      {
        "/networks": ["May specify a single host network, single bridge network, or else 1-to-n container networks"],
      },
    ],
    [
      "a check by Marathon refers to a port there is",
      { ports: [], healthChecks: [{ protocol: "TCP" }] },
      {
        "/healthChecks(0)": [INDEX],
      },
    ],
    [
      "a check by Marathon says which of two ports it means",
      { ports: [0, 0], healthChecks: [{}] },
      {
        "/healthChecks(0)": [INDEX],
      },
    ],
    [
      "the ports of an implied container are not there yet",
      { networks: [{ name: "n" }], healthChecks: [{}] },
      {
        "/healthChecks(0)": [INDEX],
      },
    ],
    [
      "two readiness checks are one too many",
      {
        portDefinitions: [{ name: "p" }],
        readinessChecks: [{ portName: "p" }, { portName: "p", name: "b" }],
      },
      { "/readinessChecks/size": ["got 2, expected 1 or less"] },
    ],
    ["some role is accepted", { acceptedResourceRoles: [] }, { [roles]: ["must not be empty"] }],
    [
      "a role has a name",
      { acceptedResourceRoles: ["", "-a b"] },
      {
        [roles]: [
          'A role name must not be "".',
          "A role name must not start with a '-'.",
          "A role name must not include a space (\\x20) character.",
        ],
      },
    ],
    [
      "a resident app takes what nobody reserved",
      {
        ...mesos({ volumes: [{ containerPath: "p", mode: "RW", persistent: { size: 1 } }] }),
        acceptedResourceRoles: ["web"],
      },
      { [roles]: ['A resident app must have `acceptedResourceRoles = ["*"]`.'] },
    ],
    [
      "a resident app is not doubled",
      {
        ...mesos({ volumes: [{ containerPath: "p", mode: "RW", persistent: { size: 1 } }] }),
        upgradeStrategy: { minimumHealthCapacity: 1, maximumOverCapacity: 1 },
      },
      { "/upgradeStrategy/maximumOverCapacity": ["got 1.0, expected 0.0"] },
    ],
    [
      "a single instance is one",
      {
        instances: 2,
        labels: { MARATHON_SINGLE_INSTANCE_APP: "true" },
        upgradeStrategy: { minimumHealthCapacity: 0, maximumOverCapacity: 0.5 },
      },
      {
        "/": ["Single instance app may only have one instance"],
        "/upgradeStrategy/maximumOverCapacity": ["got 0.5, expected 0.0"],
      },
    ],
    [
      "labels of the migration API come together",
      { labels: { DCOS_MIGRATION_API_VERSION: "v1" } },
      {
        "/": [
          "DCOS_PACKAGE_FRAMEWORK_NAME and DCOS_MIGRATION_API_PATH must be defined when using DCOS_MIGRATION_API_VERSION",
        ],
      },
    ],
  ])("%s", (_, rest, details) => expectNotValid(() => create(app(rest)), details));

  it.each<[string, object, Details]>([
    [
      "secrets need their feature",
      { secrets: { s: { source: "x" } }, env: { A: { secret: "t" } } },
      {
        "/secrets": ["Feature secrets is not enabled. Enable with --enable_features secrets)"],
        "/env": ["use of secret-references in the environment requires the secrets feature to be enabled"],
        "/env/A/secret": ["references an undefined secret"],
      },
    ],
    [
      "volumes of secrets need their feature",
      mesos({ volumes: [{ containerPath: "p", secret: "s" }] }),
      {
        "/container/volumes(0)": ["volume.secret must refer to an existing secret"],
        "/container/secretVolumes(container)": [
          "must be empty",
          "Feature secrets is not enabled. Enable with --enable_features secrets)",
        ],
      },
    ],
    [
      "graphics cards need their feature and the right containerizer",
      { ...docker(), gpus: 1 },
      {
        "/": [
          "GPU resources only work with the Mesos containerizer",
          "Feature gpu_resources is not enabled. Enable with --enable_features gpu_resources)",
        ],
      },
    ],
  ])("without features: %s", (_, rest, details) => expectNotValid(() => create(app(rest), []), details));

  it.each<[string, object]>([
    ["a check by Mesos needs no port", { ports: [], healthChecks: [{ protocol: "MESOS_TCP" }] }],
    ["a check by Mesos may refer to a port there is not", { healthChecks: [{ protocol: "MESOS_HTTP", portIndex: 9 }] }],
    [
      "checks by command may be many",
      {
        healthChecks: [
          { protocol: "COMMAND", command: { value: "a" } },
          { protocol: "COMMAND", command: { value: "b" } },
          { protocol: "MESOS_TCP" },
        ],
      },
    ],
    ["ports may be given twice if they are the same", { ports: [1, 2], portDefinitions: [{ port: 1 }, { port: 2 }] }],
    ["an address excludes only ports there are", { ipAddress: { networkName: "n" }, ports: [] }],
    ["a container network may have the default name", { networks: [{}] }],
    ["an empty list of networks is none", { networks: [], ...docker({ network: "BRIDGE" }) }],
  ])("%s", (_, rest) => expect(create(app(rest), [], "default").id).toBe("/a"));
});
