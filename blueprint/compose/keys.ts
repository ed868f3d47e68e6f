import { entryOf, listNode, textNode } from "../yaml/make";
import { type Entry, textOf } from "../yaml/nodes";
import { translateNetworkMode, translateNetworks, translateVolumesFrom } from "./links";
import { translateExpose, translatePorts } from "./ports";
import { replicasOf, translateDuration, translateHealthcheck, translateWords } from "./process";
import { translateDeploy } from "./resources";
import { translateTmpfs, translateVolumes } from "./storage";
import { type ComposeService, ignored, isTrue, refuse, type Translate, unsupported } from "./translator";

/** The value under another name. */
function as(brooklyn: string): Translate {
  return ({ keyAt, value }) => [entryOf(brooklyn, value, keyAt)];
}

/** One value or a list of them, as a list under another name. */
function asList(brooklyn: string): Translate {
  return ({ keyAt, value }) => [
    entryOf(brooklyn, value.kind === "scalar" ? listNode([value], value.at) : value, keyAt),
  ];
}

function passOver(remedy: string): Translate {
  return ({ key, keyAt }, service) => ignored(keyAt, key, service, remedy);
}

function lack(remedy: string): Translate {
  return ({ key, keyAt, value }, service) =>
    (value.kind === "scalar" && /^(false|)$/i.test(value.text)) ||
    (value.kind === "list" && value.items.length === 0) ||
    (value.kind === "map" && value.entries.length === 0)
      ? []
      : unsupported(keyAt, key, service, remedy);
}

/** Read together with others, or at their place. */
const ELSEWHERE: Translate = () => [];
const KERNEL = "set it on the engine of the host, and remove it here";
const REMOVE = "remove it";
const DEVELOPMENT = "it is meant for development; it stays without effect here";
const RESOLVER = "names are those of links; the stack's clocker:network.dns says which server is asked for others";

/** What becomes of each key that the Compose specification gives a service. */
export const SERVICE_KEYS: Readonly<Record<string, Translate>> = {
  image: ELSEWHERE,
  build: ELSEWHERE,
  extends: ELSEWHERE,
  profiles: ELSEWHERE,
  depends_on: ELSEWHERE,
  links: ELSEWHERE,
  environment: ELSEWHERE,
  env_file: ELSEWHERE,
  secrets: ELSEWHERE,
  configs: ELSEWHERE,
  command: translateWords("commands"),
  entrypoint: translateWords("entrypoint"),
  container_name: as("containerName"),
  hostname: as("hostname"),
  ports: translatePorts,
  expose: translateExpose,
  networks: translateNetworks,
  network_mode: translateNetworkMode,
  volumes: translateVolumes,
  volumes_from: translateVolumesFrom,
  tmpfs: translateTmpfs,
  healthcheck: translateHealthcheck,
  deploy: translateDeploy,
  scale: ({ key, value }, service) => replicasOf(value, key, service),
  restart: as("restartPolicy"),
  mem_limit: as("memory"),
  cpus: as("cpus"),
  cpu_shares: as("cpuShares"),
  user: as("user"),
  working_dir: as("workingDir"),
  init: as("init"),
  read_only: as("readOnly"),
  tty: as("tty"),
  stdin_open: as("interactive"),
  privileged: as("privileged"),
  cap_add: asList("capAdd"),
  cap_drop: asList("capDrop"),
  stop_signal: as("stopSignal"),
  stop_grace_period: translateDuration("stopTimeout"),
  labels: translateLabels,
  pull_policy: translatePullPolicy,
  platform: lack("hosts run the architecture that they have; choose the host by placement"),

  annotations: passOver(REMOVE),
  attach: passOver(DEVELOPMENT),
  develop: passOver(DEVELOPMENT),
  logging: passOver("logs go where the engine of the host sends them"),
  mem_reservation: passOver("a limit is all that is kept"),
  interface_name: passOver(REMOVE),

  external_links: lack("link services of the blueprint; others are reached by their address, in environment"),
  extra_hosts: lack("link services of the blueprint, or give names on a name server"),
  dns: lack(RESOLVER),
  dns_opt: lack(RESOLVER),
  dns_search: lack(RESOLVER),
  domainname: lack(RESOLVER),
  mac_address: lack(REMOVE),
  ...Object.fromEntries(
    [
      "devices",
      "device_cgroup_rules",
      "gpus",
      "runtime",
      "use_api_socket",
      "models",
      "provider",
      "credential_spec",
    ].map((key) => [key, lack("a service is an image alone; remove it")]),
  ),
  ...Object.fromEntries(
    ["ipc", "pid", "uts", "userns_mode", "cgroup", "cgroup_parent", "isolation"].map((key) => [
      key,
      lack("each service has namespaces of its own; remove it"),
    ]),
  ),
  ...Object.fromEntries(
    ["sysctls", "ulimits", "shm_size", "storage_opt", "security_opt", "group_add", "driver_opts"].map((key) => [
      key,
      lack(KERNEL),
    ]),
  ),
  ...Object.fromEntries(
    [
      "blkio_config",
      "cpu_count",
      "cpu_percent",
      "cpu_period",
      "cpu_quota",
      "cpu_rt_period",
      "cpu_rt_runtime",
      "cpuset",
      "mem_swappiness",
      "memswap_limit",
      "oom_kill_disable",
      "oom_score_adj",
      "pids_limit",
    ].map((key) => [key, lack("write cpus, cpu_shares and mem_limit")]),
  ),
  label_file: lack("write labels"),
  post_start: lack("put it into the image's entrypoint"),
  pre_stop: lack("put it into the image's entrypoint"),
};

function translateLabels({ key, keyAt, value }: Entry, service: ComposeService): readonly Entry[] {
  if (value.kind === "map") return [entryOf(key, value, keyAt)];
  if (value.kind === "scalar") return refuse(value, key, service, "a map or a list of labels", "write { key: value }");
  const entries = value.items.map((item) => {
    const [, name = "", text = ""] = /^([^=]*)(?:=(.*))?$/s.exec(textOf(item) ?? "") ?? [];
    return entryOf(name, textNode(text, item.at));
  });
  return [entryOf(key, { ...value, kind: "map", entries }, keyAt)];
}

function translatePullPolicy({ key, keyAt, value }: Entry, service: ComposeService): readonly Entry[] {
  const policy = textOf(value) ?? "";
  if (["missing", "if_not_present", "build"].includes(policy) || isTrue(value)) return [];
  return ignored(keyAt, `${key} ${policy}`, service, "an image is pulled when it is not there or its name changed");
}
