import type { SetupFile, SetupStep } from "../../providers/machine/setup-inputs";
import type { Endpoint } from "../platform";
import { RESTART_IF_CHANGED } from "./machine-steps";

/** A link as seen from a machine, with addresses known. */
export interface MachineLink {
  readonly alias: string;
  /** `hosts`: the target's instances answer at `addresses` on its own ports. `forward`: each port is carried to an endpoint elsewhere. */
  readonly route:
    | { readonly kind: "hosts"; readonly addresses: readonly string[] }
    | { readonly kind: "forward"; readonly ports: readonly ForwardedPort[] };
}

interface ForwardedPort {
  readonly port: number;
  /** The instances behind it; at least one. */
  readonly backends: readonly Backend[];
}

type Backend = Pick<Endpoint, "address" | "port">;

const HOSTS = "/etc/clocker/hosts";
/** Names of the forwarders' units, one a line. */
const FORWARDERS = "/etc/clocker/forwarders";
const UNITS = "/etc/systemd/system";
const WATCH = "clocker-instances";
const WATCHED = "/etc/clocker/instances";
const WATCH_PROGRAM = "/etc/clocker/watch-instances";
/** Loopback addresses of forwarders; Debian gives 127.0.1.1 to the machine's own name. */
const FIRST_LOOPBACK = 2;

/**
 * Files that `linkStep` puts to work: hosts entries and, for forwarded links, a listening socket for each port and instance. The kernel
 * spreads connections over the sockets of one port; a watch takes away those whose instance accepts none.
 */
export function linkFiles(links: readonly MachineLink[]): SetupFile[] {
  const sorted = [...links].sort((a, b) => (a.alias < b.alias ? -1 : 1));
  const entries: string[] = [];
  const forwarders: Forwarder[] = [];
  for (const [index, { alias, route }] of sorted.entries()) {
    const own = `127.0.1.${FIRST_LOOPBACK + index}`;
    const addresses = route.kind === "hosts" ? route.addresses : [own];
    entries.push(...addresses.map((address) => `${address} ${alias}\n`));
    if (route.kind === "forward") forwarders.push(...route.ports.flatMap((port) => forwardersOf(alias, own, port)));
  }
  const watched = forwarders.filter(({ several }) => several);
  return [
    { path: HOSTS, content: entries.join("") },
    { path: FORWARDERS, content: forwarders.map(({ name }) => `${name}\n`).join("") },
    ...forwarders.flatMap(forwarderUnits),
    ...(watched.length > 0 ? watchFiles(watched) : []),
  ];
}

/** Makes the names of `linkFiles` resolve and their forwarders listen, and ends forwarders of former links. */
export const LINK_STEP: SetupStep = {
  name: "make links answer",
  script: `${RESTART_IF_CHANGED}
wanted=" $(tr '\\n' ' ' <${FORWARDERS})"
hosts=$(mktemp)
sed '/^# BEGIN clocker$/,/^# END clocker$/d' /etc/hosts >"$hosts"
if [ -s ${HOSTS} ]; then { echo "# BEGIN clocker"; cat ${HOSTS}; echo "# END clocker"; } >>"$hosts"; fi
cmp -s "$hosts" /etc/hosts || cat "$hosts" >/etc/hosts
rm "$hosts"
# The watch would start sockets that are to end.
if [ -e ${UNITS}/${WATCH}.service ]; then systemctl stop ${WATCH}.service; fi
for unit in ${UNITS}/clocker-link-*.socket; do
  name=$(basename "$unit" .socket)
  case "$wanted" in *" $name "*) continue ;; esac
  [ -e "$unit" ] || continue
  systemctl disable --quiet --now "$name.socket"
  systemctl stop "$name.service"
  rm -f "$unit" "${UNITS}/$name.service"
done
systemctl daemon-reload
for name in $wanted; do
  restart_if_changed "$name.socket" "${UNITS}/$name.socket" "${UNITS}/$name.service"
done
if grep -qs ReusePort ${UNITS}/clocker-link-*.socket; then
  systemctl enable --quiet ${WATCH}.service
  systemctl start ${WATCH}.service
elif [ -e ${UNITS}/${WATCH}.service ]; then
  systemctl disable --quiet ${WATCH}.service
  rm -f ${UNITS}/${WATCH}.service ${WATCHED} ${WATCH_PROGRAM}
fi`,
};

/** Writes `hosts` unless the machine's hosts file holds exactly the entries of `linkFiles`. */
export const CHECK_LINKS = `sed -n '/^# BEGIN clocker$/,/^# END clocker$/p' /etc/hosts | sed '1d;$d' | cmp -s - ${HOSTS} || echo hosts entries changed`;

interface Forwarder {
  /** Of its units. */
  readonly name: string;
  /** What it listens for, `alias:port`. */
  readonly answers: string;
  readonly listen: string;
  readonly backend: Backend;
  /** Whether others listen for the same. */
  readonly several: boolean;
}

function forwardersOf(alias: string, address: string, { port, backends }: ForwardedPort): Forwarder[] {
  const several = backends.length > 1;
  const name = `clocker-link-${alias.replace(/[^\w.-]/g, "_")}-${port}`;
  return backends.map((backend, index) => ({
    name: several ? `${name}-${index + 1}` : name,
    answers: `${alias}:${port}`,
    listen: `${address}:${port}`,
    backend,
    several,
  }));
}

function forwarderUnits({ name, answers, listen, backend, several }: Forwarder): SetupFile[] {
  const { address, port } = backend;
  const target = `${address.includes(":") ? `[${address}]` : address}:${port}`;
  return [
    {
      path: `${UNITS}/${name}.socket`,
      content: `# Written by Clocker; changes are undone.
[Unit]
Description=${answers} on this machine

[Socket]
ListenStream=${listen}
${several ? "ReusePort=yes\n" : ""}
[Install]
WantedBy=sockets.target
`,
    },
    {
      path: `${UNITS}/${name}.service`,
      content: `# Written by Clocker; changes are undone.
[Unit]
Description=${answers} carried to ${target}
Requires=${name}.socket
After=${name}.socket network-online.target

[Service]
ExecStart=/lib/systemd/systemd-socket-proxyd ${target}
DynamicUser=yes
PrivateTmp=yes
ProtectHome=yes
ProtectSystem=strict
`,
    },
  ];
}

function watchFiles(forwarders: readonly Forwarder[]): SetupFile[] {
  return [
    {
      path: WATCHED,
      content: forwarders.map(({ name, backend }) => `${name} ${backend.address} ${backend.port}\n`).join(""),
    },
    {
      path: WATCH_PROGRAM,
      mode: "0755",
      content: `#!/bin/bash
# Written by Clocker; changes are undone.
# Takes away the socket of an instance that accepts no connection, and gives it back when the instance does.
declare -A state
while true; do
  while read -r name address port; do
    if timeout 2 bash -c 'exec 3<>"/dev/tcp/$0/$1"' "$address" "$port" 2>/dev/null; then now=start; else now=stop; fi
    if [ "\${state[$name]}" != "$now" ] && systemctl "$now" "$name.socket"; then state[$name]=$now; fi
  done <${WATCHED}
  sleep 3
done
`,
    },
    {
      path: `${UNITS}/${WATCH}.service`,
      content: `# Written by Clocker; changes are undone.
[Unit]
Description=Which instances of linked services accept connections
After=network-online.target

[Service]
ExecStart=${WATCH_PROGRAM}
Restart=always

[Install]
WantedBy=multi-user.target
`,
    },
  ];
}
