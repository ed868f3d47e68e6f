import type { ContainerCreateOptions, HostConfig } from "dockerode";

/** Options of a container under construction; lists are there already, the network's name is kept apart. */
export interface Draft {
  readonly options: ContainerCreateOptions & { Env: string[]; Labels: Record<string, string> };
  readonly host: HostConfig & { Binds: string[] };
  network: string;
  readonly aliases: string[];
  ip?: string;
}

type Setter = (draft: Draft, value: string) => void;

/** `docker run` options that an app may give as `parameters`, by long name. */
const SETTERS: Readonly<Record<string, Setter>> = {
  "add-host": ({ host }, value) => {
    host.ExtraHosts = [...(host.ExtraHosts ?? []), value];
  },
  "cap-add": ({ host }, value) => {
    host.CapAdd = [...(host.CapAdd ?? []), value];
  },
  "cap-drop": ({ host }, value) => {
    host.CapDrop = [...(host.CapDrop ?? []), value];
  },
  "cpu-shares": ({ host }, value) => {
    host.CpuShares = Number(value);
  },
  cpus: ({ host }, value) => {
    host.NanoCpus = Math.round(Number(value) * 1e9);
  },
  device: ({ host }, value) => {
    const [outer = value, inner = outer, rights = "rwm"] = value.split(":");
    const device = { PathOnHost: outer, PathInContainer: inner, CgroupPermissions: rights };
    host.Devices = [...(host.Devices ?? []), device];
  },
  dns: ({ host }, value) => {
    host.Dns = [...(host.Dns ?? []), value];
  },
  "dns-search": ({ host }, value) => {
    host.DnsSearch = [...(host.DnsSearch ?? []), value];
  },
  entrypoint: ({ options }, value) => {
    options.Entrypoint = [value];
  },
  env: ({ options }, value) => {
    options.Env.push(value);
  },
  hostname: ({ options }, value) => {
    options.Hostname = value;
  },
  init: ({ host }, value) => {
    host.Init = value !== "false";
  },
  ip: (draft, value) => {
    draft.ip = value;
  },
  label: ({ options }, value) => {
    const [key = value, ...rest] = value.split("=");
    options.Labels[key] = rest.join("=");
  },
  memory: ({ host }, value) => {
    host.Memory = bytes(value);
  },
  "memory-swap": ({ host }, value) => {
    host.MemorySwap = value === "-1" ? -1 : bytes(value);
  },
  network: (draft, value) => {
    draft.network = value;
  },
  "network-alias": ({ aliases }, value) => {
    aliases.push(value);
  },
  pid: ({ host }, value) => {
    host.PidMode = value;
  },
  privileged: ({ host }, value) => {
    host.Privileged = value !== "false";
  },
  "read-only": ({ host }, value) => {
    host.ReadonlyRootfs = value !== "false";
  },
  "security-opt": ({ host }, value) => {
    host.SecurityOpt = [...(host.SecurityOpt ?? []), value];
  },
  "shm-size": ({ host }, value) => {
    host.ShmSize = bytes(value);
  },
  sysctl: ({ host }, value) => {
    const [key = value, ...rest] = value.split("=");
    host.Sysctls = { ...host.Sysctls, [key]: rest.join("=") };
  },
  tmpfs: ({ host }, value) => {
    const [path = value, ...rest] = value.split(":");
    host.Tmpfs = { ...host.Tmpfs, [path]: rest.join(":") };
  },
  user: ({ options }, value) => {
    options.User = value;
  },
  volume: ({ host }, value) => {
    host.Binds.push(value);
  },
  workdir: ({ options }, value) => {
    options.WorkingDir = value;
  },
};

const SHORT: Readonly<Record<string, string>> = {
  e: "env",
  h: "hostname",
  l: "label",
  m: "memory",
  net: "network",
  "net-alias": "network-alias",
  u: "user",
  v: "volume",
  w: "workdir",
};

/** Applies one `{key, value}` of an app's docker parameters. Throws an Error for a key that is not known. */
export function applyParameter(draft: Draft, key: string, value: string): void {
  const name = key.replace(/^--?/, "");
  const set = SETTERS[SHORT[name] ?? name];
  if (!set)
    throw new Error(`docker parameter '${key}' is not known to this agent; known: ${Object.keys(SETTERS).join(", ")}`);
  set(draft, value);
}

function bytes(text: string): number {
  const [, digits = "", unit = ""] = /^(\d+)([bkmg]?)b?$/i.exec(text) ?? [];
  if (digits === "") throw new Error(`'${text}' is no size; write a whole number with b, k, m or g`);
  return Number(digits) * 1024 ** Math.max(0, "bkmg".indexOf(unit.toLowerCase()));
}
