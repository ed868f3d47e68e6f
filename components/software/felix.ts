import { FELIX_READY, felixSettings } from "../../providers/calico/host/agents";
import type { SetupFile, SetupStep } from "../../providers/machine/setup-inputs";
import { shellQuote } from "../../providers/machine/shell-quote";
import type { CalicoSettings } from "../../settings/network";
import { DEFAULT_DENY_CHAIN, DEFAULT_DENY_UNIT, DEFAULT_DENY_UNIT_FILE, defaultDenyFiles } from "./default-deny";
import { environmentFile } from "./environment-file";
import { RESTART_IF_CHANGED } from "./machine-steps";

/** Felix on a machine. */
export interface MachineFelix {
  /** Calico node name of the machine. */
  readonly node: string;
  readonly etcd: CalicoSettings["etcd"];
  /** Where the program is. */
  readonly url: string;
  readonly sha256: string;
  /** IPv4 ranges from which SSH is let in. */
  readonly logins: readonly string[];
}

const PROGRAM = "/opt/clocker/calico-felix";
const UNIT = "clocker-felix.service";
const UNIT_FILE = `/etc/systemd/system/${UNIT}`;
const FOLDER = "/etc/clocker-calico";
const ENVIRONMENT = `${FOLDER}/environment`;
const WAIT_SECONDS = 90;

/** Unit, environment and certificates; those with credentials are root's alone. */
export function felixFiles({ node, etcd, logins }: MachineFelix): SetupFile[] {
  const { environment, files } = felixSettings({ node, iptables: "nft" }, etcd);
  const variables = Object.fromEntries(environment.map((entry) => entry.split(/=(.*)/s, 2) as [string, string]));
  const own = {
    // A machine carries no packets of others.
    FELIX_VXLANENABLED: "false",
    FELIX_IPINIPENABLED: "false",
    // Whatever policies say. Felix' own list would open ports of etcd, BGP and Kubernetes, and SSH to everybody.
    FELIX_FAILSAFEINBOUNDHOSTPORTS: ["udp:68", ...logins.map((range) => `tcp:${range}:22`)].join(","),
  };
  return [
    ...Object.entries(files).map(([path, content]) => ({ path, content, mode: "0600" })),
    { path: ENVIRONMENT, content: environmentFile({ ...variables, ...own, ...passwordOf(etcd) }), mode: "0600" },
    { path: UNIT_FILE, content: FELIX_UNIT },
    ...defaultDenyFiles(logins),
  ];
}

/** Felix reads no file for it. */
function passwordOf({ password }: MachineFelix["etcd"]): Record<string, string> {
  return password === undefined ? {} : { ETCD_PASSWORD: password };
}

/** Installs and starts it, once its files are there, and waits until it enforces. */
export function felixSteps(felix: MachineFelix): SetupStep[] {
  const guard = defaultDenyFiles(felix.logins).map(({ path }) => path);
  const own = felixFiles(felix).flatMap(({ path }) => (guard.includes(path) ? [] : [path]));
  return [
    { name: "install Felix", script: installScript(felix) },
    {
      name: "start Felix",
      script: `${RESTART_IF_CHANGED}
systemctl daemon-reload
restart_if_changed ${DEFAULT_DENY_UNIT} ${guard.join(" ")}
restart_if_changed ${UNIT} ${own.join(" ")} ${PROGRAM}
for attempt in $(seq ${WAIT_SECONDS}); do
  if timeout 5 bash -c ${shellQuote(FELIX_READY)} 2>/dev/null; then exit 0; fi
  sleep 1
done
echo "Felix enforces nothing after ${WAIT_SECONDS} s; does the machine reach etcd at ${felix.etcd.endpoints.join(", ")}?" >&2
journalctl --no-pager --lines 15 --output cat --unit ${UNIT} >&2
exit 1`,
    },
  ];
}

/** Writes what is wrong with it, if anything is. */
export const CHECK_FELIX = `timeout 5 bash -c ${shellQuote(FELIX_READY)} 2>/dev/null || echo "Felix enforces nothing"
iptables-nft -C INPUT -j ${DEFAULT_DENY_CHAIN} 2>/dev/null || echo "nothing refuses what Felix has not let in"`;

/** Takes Felix, its credentials and its rules from a machine that has been under it. */
export const REMOVE_FELIX: SetupStep = {
  name: "remove Felix",
  script: `[ -e ${UNIT_FILE} ] || exit 0
systemctl disable --quiet --now ${UNIT} ${DEFAULT_DENY_UNIT}
# Its rules outlive it.
for table in raw mangle nat filter; do
  iptables-nft-save --table $table | grep -v -e 'cali[-:]' -e ${DEFAULT_DENY_CHAIN} | iptables-nft-restore --table $table
done
rm -rf ${FOLDER} ${PROGRAM} ${DEFAULT_DENY_UNIT_FILE} ${UNIT_FILE}
systemctl daemon-reload`,
};

function installScript({ url, sha256 }: MachineFelix): string {
  return `url=${shellQuote(url)}
fail() { echo "cannot install Felix: $1" >&2; exit 1; }
missing=
for need in iptables:iptables ipset:ipset conntrack:conntrack ip:iproute2 curl:curl; do
  command -v "\${need%%:*}" >/dev/null || missing="$missing \${need#*:}"
done
if [ -n "$missing" ]; then
  command -v apt-get >/dev/null || fail "this machine has no apt-get: use an image of Debian or Ubuntu"
  log=$(mktemp)
  for task in "update" "install --no-install-recommends ca-certificates$missing"; do
    apt-get -q -y -o DPkg::Lock::Timeout=300 -o APT::Update::Error-Mode=any $task >"$log" 2>&1 || { tail -n 5 "$log" >&2; fail "apt-get $task"; }
  done
  rm -f "$log"
fi
is_wanted() { echo ${shellQuote(`${sha256}  `)}"$1" | sha256sum --check --status 2>/dev/null; }
if is_wanted ${PROGRAM}; then exit 0; fi
mkdir -p ${PROGRAM.slice(0, PROGRAM.lastIndexOf("/"))}
curl -fsSL --retry 3 --connect-timeout 20 -o ${PROGRAM}.new "$url" || fail "$url cannot be fetched from the machine"
if ! is_wanted ${PROGRAM}.new; then
  found=$(sha256sum <${PROGRAM}.new)
  rm -f ${PROGRAM}.new
  fail "what is at $url has the SHA-256 sum \${found%% *}, not the one of felixSha256: give the right sum, or the right felixUrl"
fi
chmod 755 ${PROGRAM}.new
mv -f ${PROGRAM}.new ${PROGRAM}`;
}

const FELIX_UNIT = `# Written by Clocker; changes are undone.
[Unit]
Description=Felix, which enforces Calico's policies on this machine
After=network-online.target
Wants=network-online.target
StartLimitIntervalSec=0

[Service]
ExecStart=${PROGRAM}
EnvironmentFile=${ENVIRONMENT}
RuntimeDirectory=calico
StateDirectory=calico
UMask=0077
# It ends on purpose when a setting changed that it reads at its start.
Restart=always
RestartSec=2
LimitNOFILE=65536
CapabilityBoundingSet=CAP_NET_ADMIN CAP_NET_RAW
LockPersonality=yes
NoNewPrivileges=yes
PrivateTmp=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHome=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectSystem=strict
# The lock of iptables lies there.
ReadWritePaths=/run
RestrictAddressFamilies=AF_INET AF_INET6 AF_NETLINK AF_PACKET AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes

[Install]
WantedBy=multi-user.target
`;
