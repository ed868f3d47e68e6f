import type { Workload } from "./model";

type Kind = Workload["kind"];

/** One key of a service. `name` is canonical: two spellings of one key never both count. */
export interface KeyDefinition {
  readonly name: string;
  /** Other spellings, usable in the same places. */
  readonly aliases: readonly string[];
  /** Types that take the key; all if absent. */
  readonly kinds?: readonly Kind[];
  /** True if a value in the application's `brooklyn.config` holds for every service without its own. */
  readonly inherited: boolean;
  readonly treatment: Treatment;
}

type Treatment =
  | { readonly kind: "read" }
  /** Brooklyn ignored it too: told, and passed over. */
  | { readonly kind: "ignored"; readonly remedy: string }
  /** Ignoring it would lose meaning, unless it has the value `harmless`. */
  | { readonly kind: "unsupported"; readonly harmless?: boolean; readonly remedy: string };

type Options = Partial<Pick<KeyDefinition, "kinds" | "inherited">>;

function read(name: string, aliases: readonly string[] = [], options: Options = {}): KeyDefinition {
  return { name, aliases, inherited: true, ...options, treatment: { kind: "read" } };
}

function unsupported(
  name: string,
  remedy: string,
  options: { readonly aliases?: readonly string[]; readonly harmless?: boolean } = {},
): KeyDefinition {
  const { aliases = [], harmless } = options;
  return { name, aliases, inherited: true, treatment: { kind: "unsupported", harmless, remedy } };
}

const OWN: Options = { inherited: false };
const IMAGE: Options = { kinds: ["image"] };
const OWN_IMAGE: Options = { ...IMAGE, ...OWN };
const PLACEMENT = "say in the stack's clocker:placement where the service goes";
const BUILD = "build the image beforehand, push it to a registry and name it in the type";
const INSTALL = "the software is installed by its type; remove the key, or use an image that is prepared";
const COMMAND = "use commands and entrypoint for containers; remove the key";
const NETWORK = "services of one application reach each other through links; remove the key";
const SSH = "containers are managed without SSH; remove the key";
const LATER = "it is not supported yet; remove it";

/** Keys that stand at the top of a service only. */
const STRUCTURE_KEYS: readonly KeyDefinition[] = [
  read("type", ["serviceType", "service_type"], OWN),
  read("id", ["camp.plan.id"], OWN),
  read("name", [], OWN),
  read("description", [], OWN),
  read("location", ["locations"], OWN),
  read("brooklyn.config", [], OWN),
  {
    ...read("characteristics", [], OWN),
    treatment: { kind: "ignored", remedy: "Brooklyn ignores it too; remove it" },
  },
  read("brooklyn.children", [], OWN),
  unsupported("brooklyn.policies", LATER),
  unsupported("brooklyn.enrichers", LATER),
  unsupported("brooklyn.initializers", LATER),
  read("brooklyn.parameters", [], OWN),
  unsupported("brooklyn.flags", "write its keys under brooklyn.config"),
  unsupported("brooklyn.tags", LATER),
  unsupported("brooklyn.catalog", "a service of a blueprint is not a catalog item; remove it"),
];

/** Configuration keys: at the top of a service, or inside its `brooklyn.config`. */
const CONFIG_KEYS: readonly KeyDefinition[] = [
  read("docker.image.name", ["imageName"], { kinds: ["image"], inherited: false }),
  read("docker.image.tag", ["imageTag"], { kinds: ["image"], inherited: false }),
  read("docker.registry.url", [], { kinds: ["image"] }),
  read("docker.image.entrypoint", ["entrypoint"], { kinds: ["image"], inherited: false }),
  read("docker.image.commands", ["commands"], { kinds: ["image"], inherited: false }),
  read("docker.container.name", ["containerName"], OWN),
  read("docker.container.openPorts", ["openPorts"], OWN),
  read("docker.container.directPorts", ["directPorts"], OWN),
  read("docker.container.portBindings", ["portBindings"], OWN),
  read("docker.container.environment", ["env", "shell.env"]),
  read("docker.container.volumes.export", ["volumes", "docker.container.volumes"]),
  read("docker.container.volumes.import", ["volumesFrom"]),
  read("docker.host.volumes", ["volumeMappings"]),
  read("docker.container.links", ["links"], OWN),
  read("start.timeout", ["startTimeout"]),
  read("docker.cpuShares", ["cpuShares"]),
  read("docker.memory", ["memory"]),
  read("docker.container.privileged", ["privileged"]),
  read("docker.container.interactive", ["interactive"]),
  read("instances", [], { kinds: ["image"], inherited: false }),
  read("marathon.app", ["marathonApp"], OWN),
  read("docker.cpus", ["cpus"], IMAGE),
  read("docker.container.healthCheck", ["healthCheck"], OWN_IMAGE),
  read("docker.container.restartPolicy", ["restartPolicy"], IMAGE),
  read("docker.container.hostname", ["hostname"], OWN_IMAGE),
  read("docker.container.user", ["user"], OWN_IMAGE),
  read("docker.container.workingDir", ["workingDir"], OWN_IMAGE),
  read("docker.container.labels", ["labels"], IMAGE),
  read("docker.container.init", ["init"], IMAGE),
  read("docker.container.readOnly", ["readOnly"], OWN_IMAGE),
  read("docker.container.tty", ["tty"], OWN_IMAGE),
  read("docker.container.capAdd", ["capAdd"], OWN_IMAGE),
  read("docker.container.capDrop", ["capDrop"], IMAGE),
  read("docker.container.tmpfs", ["tmpfs"], OWN_IMAGE),
  read("docker.container.stopSignal", ["stopSignal"], OWN_IMAGE),
  read("docker.container.stopTimeout", ["stopTimeout"], IMAGE),
  read("docker.container.files", ["files"], OWN_IMAGE),
  read("provisioning.properties", ["provisioningProperties"]),
  read("install.version", ["version"], { kinds: ["redis"] }),
  read("download.url", ["downloadUrl"], { kinds: ["redis"] }),
  read("redis.port", ["redisPort"], { kinds: ["redis"] }),

  unsupported("docker.image.id", "name the image in the type, with its digest: docker:repository@sha256:...", {
    aliases: ["imageId"],
  }),
  unsupported("docker.dockerfile.url", BUILD, { aliases: ["dockerfileUrl"] }),
  unsupported("docker.dockerfile.name", BUILD),
  unsupported("docker.dockerfile.substitutions", BUILD),
  unsupported("docker.entrypoint.url", BUILD),
  unsupported("docker.context.url", BUILD),
  unsupported("docker.container.nameFormat", "write containerName"),
  unsupported("docker.useSsh", SSH, { aliases: ["useSsh"], harmless: false }),
  unsupported("docker.loginUser.password", SSH, { aliases: ["password"] }),
  unsupported("docker.container.openPorts.configKeys", "write the numbers in openPorts"),
  unsupported("docker.container.directPorts.configKeys", "write the numbers in directPorts"),
  unsupported("docker.hardwareId", "write memory and cpuShares", { aliases: ["hardwareId"] }),
  unsupported("docker.container.managed", "remove it: every container of a blueprint is managed", {
    aliases: ["managed"],
    harmless: true,
  }),
  unsupported("docker.useHostDnsName", "write containerName for the container's host name", {
    aliases: ["useHostDnsName"],
    harmless: false,
  }),
  unsupported("docker.container.strategies", PLACEMENT),
  unsupported("docker.container.spec", "write its keys on the service itself"),
  unsupported("docker.constraint.labels", PLACEMENT),
  unsupported("docker.constraint.hostname", PLACEMENT),
  unsupported("docker.constraint.exclusive", PLACEMENT),
  unsupported("affinity.rules", PLACEMENT, { aliases: ["affinityRules"] }),
  unsupported("network.list", NETWORK),
  unsupported("sdn.applicationNetwork.create", NETWORK, { harmless: true }),
  unsupported("docker.container.autoCheckpointImage", BUILD, { harmless: false }),
  unsupported("docker.openPorts", "write openPorts"),
  unsupported("docker.directPorts", "write directPorts"),
  unsupported("redis.config.templateUrl", INSTALL),
  unsupported("install.skip", INSTALL, { harmless: false }),
  unsupported("entity.started", INSTALL, { harmless: false }),
  unsupported("install.dir", INSTALL),
  unsupported("run.dir", INSTALL),
  unsupported("children.startable.mode", LATER),
  unsupported("inboundPorts.configRegex", "list the ports in openPorts"),
  unsupported("requiredOpenLoginPorts", "logins are opened by the location; remove it"),
  unsupported("openIptables", "firewalls follow from links and ports; remove it"),
  unsupported("stopIptables", "firewalls follow from links and ports; remove it"),
];

/** Families of keys: latches, commands of a phase, files. */
const FAMILIES: readonly { readonly pattern: RegExp; readonly remedy: string }[] = [
  { pattern: /^[\w.]+\.latch$/, remedy: "the order follows from links and attributeWhenReady; remove the key" },
  { pattern: /^(?:(?:pre|post)\.)?(?:install|customize|launch|checkRunning|stop)\.command$/, remedy: COMMAND },
  {
    pattern: /^(?:files|templates)\.(?:preinstall|install|customize|runtime)$/,
    remedy: "put the files into the image",
  },
];

const STRUCTURE = indexOf(STRUCTURE_KEYS);
const CONFIG = indexOf(CONFIG_KEYS);
/** The one spelling of a structure key that stands in `brooklyn.config`. */
const PLAN_ID = "camp.plan.id";

/** Definition of a key at the top of a service. */
export function topKey(name: string): KeyDefinition | undefined {
  return STRUCTURE.get(name) ?? CONFIG.get(name) ?? family(name);
}

/** Definition of a key inside `brooklyn.config`; absent for keys of the user's own. */
export function configKey(name: string): KeyDefinition | undefined {
  return name === PLAN_ID ? STRUCTURE.get(name) : (CONFIG.get(name) ?? family(name));
}

/** Definition of a full key name, for the application's `brooklyn.config`, where aliases are the user's own keys. */
export function inheritedKey(name: string): KeyDefinition | undefined {
  const definition = CONFIG.get(name) ?? family(name);
  return definition?.name === name ? definition : undefined;
}

/** Every spelling of a key that a service of this kind takes, to suggest the nearest. */
export function keyNames(): readonly string[] {
  return [...STRUCTURE.keys(), ...CONFIG.keys()];
}

function family(name: string): KeyDefinition | undefined {
  const found = FAMILIES.find(({ pattern }) => pattern.test(name));
  return found && unsupported(name, found.remedy);
}

function indexOf(definitions: readonly KeyDefinition[]): ReadonlyMap<string, KeyDefinition> {
  return new Map(definitions.flatMap((one) => [one.name, ...one.aliases].map((name) => [name, one] as const)));
}
