import { PHASE_COMMANDS } from "../entity/phases";
import { LATCHES } from "../latches";
import { type KeyDefinition, OWN, read } from "./definition";
import {
  BOOLEAN,
  CPUS,
  DURATION,
  ENVIRONMENT,
  FILES,
  HEALTH_CHECK,
  integer,
  LABELS,
  LINKS,
  MACHINE,
  MAP,
  MEMORY,
  PORT_MAP,
  PORTS,
  RESTART_POLICY,
  TEXT,
  TEXT_MAP,
  TEXTS,
  VALUE,
  WORDS,
} from "./forms";

const IMAGE = { kinds: ["image"] } as const;
const OWN_IMAGE = { ...IMAGE, ...OWN } as const;
const SOFTWARE = { kinds: ["software"] } as const;

/** How an image comes about where no registry has it. */
const BUILD_KEYS: readonly KeyDefinition[] = [
  read("docker.image.id", TEXT, "`sha256:` and the 64 digits of an image that the host has, instead of the type's", {
    ...OWN_IMAGE,
    aliases: ["imageId"],
  }),
  read(
    "docker.dockerfile.url",
    TEXT,
    "Dockerfile, folder or archive (tar, tar.gz, tgz, zip) that the host builds the image of: a path from the file that names it, or a URL that the host fetches",
    { ...OWN_IMAGE, aliases: ["dockerfileUrl"] },
  ),
  read("docker.context.url", TEXT, "folder or archive with what a Dockerfile copies", OWN_IMAGE),
  read("docker.entrypoint.url", TEXT, "script that lies beside the Dockerfile as `entrypoint.sh`", OWN_IMAGE),
  read("docker.dockerfile.name", TEXT, "the Dockerfile's path in the folder or archive", {
    ...OWN_IMAGE,
    preset: "Dockerfile",
  }),
  read(
    "docker.dockerfile.substitutions",
    LABELS,
    "what stands for `${name}` in the Dockerfile; directives of FreeMarker are refused",
    OWN_IMAGE,
  ),
  read("docker.build.args", LABELS, "arguments of the build (`ARG`), none of them secret", {
    ...OWN_IMAGE,
    aliases: ["buildArgs"],
  }),
  read("docker.build.labels", LABELS, "labels of the image that is built", {
    ...OWN_IMAGE,
    aliases: ["buildLabels"],
  }),
  read("docker.build.target", TEXT, "stage that is built", {
    ...OWN_IMAGE,
    aliases: ["buildTarget"],
    preset: "the last",
  }),
  read("docker.build.timeout", DURATION, "deadline of the build", {
    ...OWN_IMAGE,
    aliases: ["buildTimeout"],
    preset: "30m",
  }),
];

/** Configuration keys that are read: at the top of a service, or inside its `brooklyn.config`. */
export const CONFIG_KEYS: readonly KeyDefinition[] = [
  read("docker.image.name", TEXT, "image without its tag, instead of the type's", {
    ...OWN,
    aliases: ["imageName"],
  }),
  read("docker.image.tag", TEXT, "tag of the image", { ...OWN, aliases: ["imageTag"], preset: "the type's" }),
  read("docker.registry.url", TEXT, "`host:port` of the registry of an image that names none"),
  ...BUILD_KEYS,
  read("docker.image.entrypoint", WORDS, "program that the container runs", {
    ...OWN_IMAGE,
    aliases: ["entrypoint"],
    preset: "the image's",
  }),
  read("docker.image.commands", WORDS, "arguments of the entrypoint", {
    ...OWN_IMAGE,
    aliases: ["commands"],
    preset: "the image's",
  }),
  read("docker.container.name", TEXT, "name of the container", {
    ...OWN,
    aliases: ["containerName"],
    preset: "made of application, stack and id",
  }),
  read("docker.container.openPorts", PORTS, "ports that the service listens on", { ...OWN, aliases: ["openPorts"] }),
  read(
    "docker.container.directPorts",
    PORTS,
    "ports published under the same number; without effect beside portBindings",
    {
      ...OWN,
      aliases: ["directPorts"],
    },
  ),
  read("docker.container.openPorts.configKeys", TEXTS, "keys whose values are ports that it listens on", OWN),
  read(
    "docker.container.directPorts.configKeys",
    TEXTS,
    "keys whose values are ports published under their number",
    OWN,
  ),
  read("docker.container.portBindings", PORT_MAP, "ports published under fixed numbers", {
    ...OWN,
    aliases: ["portBindings"],
  }),
  read("docker.container.environment", ENVIRONMENT, "environment variables", { aliases: ["env", "shell.env"] }),
  read(
    "docker.container.volumes.export",
    TEXTS,
    "`/same/path`, `/on/host:/in/container` or `name:/in/container`, read-only with `:ro`",
    {
      aliases: ["volumes", "docker.container.volumes"],
    },
  ),
  read("docker.container.volumes.import", TEXTS, "containers whose volumes are mounted too", {
    aliases: ["volumesFrom"],
  }),
  read("docker.host.volumes", TEXT_MAP, "host path to container path, read-only with `:ro`", {
    aliases: ["volumeMappings"],
  }),
  read("docker.container.links", LINKS, "services that this one reaches, and starts after", {
    ...OWN,
    aliases: ["links"],
  }),
  read("start.timeout", DURATION, "deadline to become healthy", { aliases: ["startTimeout"], preset: "the type's" }),
  read("docker.cpuShares", integer(2, 262_144), "relative weight of processor time", { aliases: ["cpuShares"] }),
  read("docker.memory", MEMORY, "memory limit", { aliases: ["memory"] }),
  read("docker.container.privileged", BOOLEAN, "all rights on the host", { aliases: ["privileged"], preset: "false" }),
  read("docker.container.interactive", BOOLEAN, "standard input stays open", {
    aliases: ["interactive"],
    preset: "false",
  }),
  read("instances", integer(1, 10_000), "number of equal containers", { ...OWN_IMAGE, preset: "1" }),
  read("marathon.app", MAP, "fields of Marathon's app definition over what is derived", {
    ...OWN,
    aliases: ["marathonApp"],
  }),
  read("docker.cpus", CPUS, "limit of processor time", { ...IMAGE, aliases: ["cpus"] }),
  read("docker.container.healthCheck", HEALTH_CHECK, "what says that the service is healthy", {
    ...OWN_IMAGE,
    aliases: ["healthCheck"],
    preset: "the image's",
  }),
  read("docker.container.restartPolicy", RESTART_POLICY, "when the engine starts it again", {
    ...IMAGE,
    aliases: ["restartPolicy"],
  }),
  read("docker.container.hostname", TEXT, "host name inside the container", { ...OWN_IMAGE, aliases: ["hostname"] }),
  read("docker.container.user", TEXT, "user, and group after a colon", {
    ...OWN_IMAGE,
    aliases: ["user"],
    preset: "the image's",
  }),
  read("docker.container.workingDir", TEXT, "absolute path that it starts in", {
    ...OWN_IMAGE,
    aliases: ["workingDir"],
    preset: "the image's",
  }),
  read("docker.container.labels", LABELS, "labels of the container", { ...IMAGE, aliases: ["labels"] }),
  read("docker.container.init", BOOLEAN, "an init process reaps orphans and passes signals on", {
    ...IMAGE,
    aliases: ["init"],
    preset: "false",
  }),
  read("docker.container.readOnly", BOOLEAN, "the root file system is read-only", {
    ...OWN_IMAGE,
    aliases: ["readOnly"],
    preset: "false",
  }),
  read("docker.container.tty", BOOLEAN, "a terminal is allocated", { ...OWN_IMAGE, aliases: ["tty"], preset: "false" }),
  read("docker.container.capAdd", TEXTS, "Linux capabilities added", { ...OWN_IMAGE, aliases: ["capAdd"] }),
  read("docker.container.capDrop", TEXTS, "Linux capabilities taken away", { ...IMAGE, aliases: ["capDrop"] }),
  read("docker.container.tmpfs", TEXTS, "absolute paths kept in memory", { ...OWN_IMAGE, aliases: ["tmpfs"] }),
  read("docker.container.stopSignal", TEXT, "signal that ends it", {
    ...OWN_IMAGE,
    aliases: ["stopSignal"],
    preset: "the image's",
  }),
  read("docker.container.stopTimeout", DURATION, "time between the signal and the kill", {
    ...IMAGE,
    aliases: ["stopTimeout"],
  }),
  read("docker.container.files", FILES, "files put into the container before it starts", {
    ...OWN_IMAGE,
    aliases: ["files"],
  }),
  read("provisioning.properties", MACHINE, "the least that a machine has to have", {
    aliases: ["provisioningProperties"],
  }),
  read("install.version", TEXT, "version of the software", {
    ...SOFTWARE,
    aliases: ["version"],
    preset: "the type's",
  }),
  read("download.url", TEXT, "archive to install from; `${version}` stands for install.version", {
    ...SOFTWARE,
    aliases: ["downloadUrl"],
  }),
  ...LATCHES.map((name) => read(name, VALUE, "what has to become true before the service is made", OWN)),
  ...PHASE_COMMANDS.map((name) =>
    read(name, VALUE, "script that runs there on a machine, as root, once for each text", { ...SOFTWARE, ...OWN }),
  ),
];
