import { type KeyDefinition, unsupported } from "./definition";

const PLACEMENT = "say in the stack's clocker:placement where the service goes, e.g. {web: my-docker-cloud/host-1}";
const INSTALL = "the software is installed by its type; remove the key, or use an image that is prepared";
const NETWORK = "services of one application reach each other through links; remove the key";
const SSH = "containers are managed without SSH; remove the key";
const LATER = "it is not supported yet; remove it";

/** Configuration keys of Brooklyn and Clocker that are refused by name. */
export const UNSUPPORTED_KEYS: readonly KeyDefinition[] = [
  unsupported("docker.container.nameFormat", "write containerName"),
  unsupported("docker.useSsh", SSH, { aliases: ["useSsh"], harmless: false }),
  unsupported("docker.loginUser.password", SSH, { aliases: ["password"] }),
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
  unsupported("affinity.rules", PLACEMENT, { aliases: ["affinityRules", "affinity.host.rules"] }),
  unsupported("network.list", NETWORK),
  unsupported("sdn.applicationNetwork.create", NETWORK, { harmless: true }),
  unsupported("docker.container.autoCheckpointImage", "build the image by dockerfileUrl, or name one in the type", {
    harmless: false,
  }),
  unsupported("docker.openPorts", "write openPorts"),
  unsupported("docker.directPorts", "write directPorts"),
  unsupported("redis.config.templateUrl", INSTALL),
  unsupported("postgresql.initialize", "the user and the database are always made; remove it", { harmless: true }),
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
export const FAMILIES: readonly { readonly form: string; readonly pattern: RegExp; readonly remedy: string }[] = [
  {
    form: "*.latch",
    pattern: /^[\w.]+\.latch$/,
    remedy: "there is no such phase; use launch.latch",
  },
  {
    form: "(pre or post).(checkRunning or stop).command",
    pattern: /^(?:pre|post)\.(?:checkRunning|stop)\.command$/,
    remedy: "write checkRunning.command or stop.command of a VanillaSoftwareProcess",
  },
  {
    form: "(files or templates).(preinstall, install, customize or runtime)",
    pattern: /^(?:files|templates)\.(?:preinstall|install|customize|runtime)$/,
    remedy: "put the files into the image",
  },
];
