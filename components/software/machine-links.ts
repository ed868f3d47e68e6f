import type { SetupFile, SetupStep } from "../../providers/machine/setup-inputs";
import { shellQuote } from "../../providers/machine/shell-quote";
import { RESTART_IF_CHANGED } from "./machine-steps";

/** A link as seen from a machine, with addresses known. */
export interface MachineLink {
  readonly alias: string;
  /** `hosts`: `address` answers on the target's own ports. `forward`: each port is carried to an endpoint elsewhere. */
  readonly route:
    | { readonly kind: "hosts"; readonly address: string }
    | { readonly kind: "forward"; readonly ports: readonly ForwardedPort[] };
}

interface ForwardedPort {
  readonly port: number;
  readonly toAddress: string;
  readonly toPort: number;
}

const HOSTS = "/etc/clocker/hosts";
const UNITS = "/etc/systemd/system";
/** Loopback addresses of forwarders; Debian gives 127.0.1.1 to the machine's own name. */
const FIRST_LOOPBACK = 2;

/** Files that `linkStep` puts to work: hosts entries and, for forwarded links, a listening socket for each port. */
export function linkFiles(links: readonly MachineLink[]): SetupFile[] {
  const sorted = [...links].sort((a, b) => (a.alias < b.alias ? -1 : 1));
  const entries: string[] = [];
  const units: SetupFile[] = [];
  for (const [index, { alias, route }] of sorted.entries()) {
    const address = route.kind === "hosts" ? route.address : `127.0.1.${FIRST_LOOPBACK + index}`;
    entries.push(`${address} ${alias}\n`);
    if (route.kind === "forward") units.push(...route.ports.flatMap((port) => forwarderUnits(alias, address, port)));
  }
  return [{ path: HOSTS, content: entries.join("") }, ...units];
}

/** Makes the names of `linkFiles` resolve and their forwarders listen, and ends forwarders of former links. */
export function linkStep(forwarded: readonly { readonly alias: string; readonly port: number }[]): SetupStep {
  const names = forwarded.map(({ alias, port }) => unitName(alias, port)).sort();
  return {
    name: "make links answer",
    script: `${RESTART_IF_CHANGED}
wanted=${shellQuote(` ${names.join(" ")} `)}
hosts=$(mktemp)
sed '/^# BEGIN clocker$/,/^# END clocker$/d' /etc/hosts >"$hosts"
if [ -s ${HOSTS} ]; then { echo "# BEGIN clocker"; cat ${HOSTS}; echo "# END clocker"; } >>"$hosts"; fi
cmp -s "$hosts" /etc/hosts || cat "$hosts" >/etc/hosts
rm "$hosts"
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
done`,
  };
}

/** Writes `hosts` unless the machine's hosts file holds exactly the entries of `linkFiles`. */
export const CHECK_LINKS = `sed -n '/^# BEGIN clocker$/,/^# END clocker$/p' /etc/hosts | sed '1d;$d' | cmp -s - ${HOSTS} || echo hosts entries changed`;

function unitName(alias: string, port: number): string {
  return `clocker-link-${alias.replace(/[^\w.-]/g, "_")}-${port}`;
}

function forwarderUnits(alias: string, address: string, { port, toAddress, toPort }: ForwardedPort): SetupFile[] {
  const name = unitName(alias, port);
  const host = toAddress.includes(":") ? `[${toAddress}]` : toAddress;
  return [
    {
      path: `${UNITS}/${name}.socket`,
      content: `# Written by Clocker; changes are undone.
[Unit]
Description=${alias}:${port} on this machine

[Socket]
ListenStream=${address}:${port}

[Install]
WantedBy=sockets.target
`,
    },
    {
      path: `${UNITS}/${name}.service`,
      content: `# Written by Clocker; changes are undone.
[Unit]
Description=${alias}:${port} carried to ${host}:${toPort}
Requires=${name}.socket
After=${name}.socket network-online.target

[Service]
ExecStart=/lib/systemd/systemd-socket-proxyd ${host}:${toPort}
DynamicUser=yes
PrivateTmp=yes
ProtectHome=yes
ProtectSystem=strict
`,
    },
  ];
}
