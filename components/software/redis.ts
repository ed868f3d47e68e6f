import type { Workload } from "../../blueprint/model";
import type { SetupFile, SetupStep, SetupVerify } from "../../providers/machine/setup-inputs";
import { shellQuote } from "../../providers/machine/shell-quote";
import { environmentFile } from "./environment-file";
import { RESTART_IF_CHANGED } from "./machine-steps";
import { installRedisScript, redisPrefix } from "./redis-install";

type RedisWorkload = Extract<Workload, { kind: "redis" }>;

const FOLDER = "/etc/redis-clocker";
const CONFIGURATION = `${FOLDER}/redis.conf`;
const ENVIRONMENT = `${FOLDER}/environment`;
const UNIT = "redis-clocker.service";
const UNIT_FILE = `/etc/systemd/system/${UNIT}`;
const PRIVILEGED_PORTS = 1024;
const LOOPBACK = "127.0.0.1";

/** The image of that version for platforms that run containers. */
export function redisImage(version: string): string {
  return `redis:${version}`;
}

/**
 * Configuration, unit and environment of a Redis of exactly the asked version, a systemd service of a Debian or Ubuntu machine.
 * @param address IPv4 address of the machine's own interface, where others reach it.
 */
export function redisFiles(
  workload: RedisWorkload,
  address: string,
  environment: Readonly<Record<string, string>>,
): SetupFile[] {
  return [
    { path: CONFIGURATION, content: redisConfiguration(workload, address) },
    { path: ENVIRONMENT, content: environmentFile(environment), mode: "0600" },
    { path: UNIT_FILE, content: redisUnit(workload) },
  ];
}

/** What installs, starts and verifies it, at each address where it listens, once its files are there. */
export function redisProcedure(workload: RedisWorkload, address: string): { steps: SetupStep[]; verify: SetupVerify } {
  return {
    steps: [
      { name: `install Redis ${workload.version}`, script: installRedisScript(workload) },
      { name: `start Redis ${workload.version}`, script: startScript(workload, address) },
    ],
    verify: { script: verifyScript(workload, address), expect: workload.version },
  };
}

function redisConfiguration({ port, version }: RedisWorkload, address: string): string {
  const lines = [
    "# Written by Clocker; changes are undone.",
    "# Not every address: forwarders of links listen on the same port at loopback addresses of their own.",
    `bind ${listenAddresses(version, address).join(" ")}`,
    `port ${port}`,
    "daemonize no",
    "dir /var/lib/redis-clocker",
    'logfile ""',
  ];
  if (isAtLeast(version, 3, 2)) {
    lines.push("# Without a password, Redis from 3.2 on would answer its own machine alone.", "protected-mode no");
  }
  return `${lines.join("\n")}\n`;
}

/** Before 2.8 Redis takes one address only; others need the machine's own. */
function listenAddresses(version: string, address: string): string[] {
  return isAtLeast(version, 2, 8) ? [LOOPBACK, address] : [address];
}

function isAtLeast(version: string, wantedMajor: number, wantedMinor: number): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}

function redisUnit({ version, port }: RedisWorkload): string {
  const capability = port < PRIVILEGED_PORTS ? "CAP_NET_BIND_SERVICE" : "";
  return `# Written by Clocker; changes are undone.
[Unit]
Description=Redis ${version}
After=network-online.target
Wants=network-online.target
# An address that comes late at boot is waited for.
StartLimitIntervalSec=60
StartLimitBurst=30

[Service]
ExecStart=${redisPrefix(version)}/bin/redis-server ${CONFIGURATION}
EnvironmentFile=${ENVIRONMENT}
User=redis-clocker
Group=redis-clocker
StateDirectory=redis-clocker
StateDirectoryMode=0750
UMask=0077
Restart=on-failure
RestartSec=1
LimitNOFILE=65536
TimeoutStopSec=60
AmbientCapabilities=${capability}
CapabilityBoundingSet=${capability}
LockPersonality=yes
MemoryDenyWriteExecute=yes
NoNewPrivileges=yes
PrivateDevices=yes
PrivateTmp=yes
ProtectControlGroups=yes
ProtectHome=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectSystem=strict
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes

[Install]
WantedBy=multi-user.target
`;
}

function startScript({ version, port }: RedisWorkload, ownAddress: string): string {
  const prefix = redisPrefix(version);
  return `${RESTART_IF_CHANGED}
${askVersion(port)}
id redis-clocker >/dev/null 2>&1 ||
  useradd --system --user-group --no-create-home --home-dir /var/lib/redis-clocker --shell /usr/sbin/nologin redis-clocker
systemctl daemon-reload
restart_if_changed ${UNIT} ${CONFIGURATION} ${ENVIRONMENT} ${UNIT_FILE} ${shellQuote(`${prefix}/bin/redis-server`)}
for attempt in $(seq 60); do
  silent=
  for address in ${listenAddresses(version, ownAddress).join(" ")}; do
    [ -n "$(ask_version "$address")" ] || silent="$silent $address"
  done
  if [ -z "$silent" ]; then
    for old in /opt/clocker/redis-*; do [ "$old" = ${shellQuote(prefix)} ] || rm -rf "$old"; done
    exit 0
  fi
  if [ "$(systemctl is-active ${UNIT})" = failed ]; then break; fi
  sleep 1
done
echo "Redis does not answer on port ${port} of$silent:" >&2
journalctl --no-pager --lines 15 --output cat --unit ${UNIT} >&2
exit 1`;
}

function verifyScript({ version, port }: RedisWorkload, ownAddress: string): string {
  return `${askVersion(port)}
state=$(systemctl is-active ${UNIT} || true)
if [ "$state" = active ]; then
  for address in ${listenAddresses(version, ownAddress).join(" ")}; do
    found=$(ask_version "$address" || true)
    echo "\${found:-no answer at $address:${port}}"
  done | sort -u
else
  echo "${UNIT} $state"
fi`;
}

/** Shell function `ask_version <address>`. Bash talks to the port itself, for an archive may hold no redis-cli. */
function askVersion(port: number): string {
  const answer = "sed -n '/^redis_version:/{s/^redis_version://;s/\\r$//;p;q}' <&3";
  const ask = `exec 3<>"/dev/tcp/$1/${port}" && printf 'INFO server\\r\\n' >&3 && ${answer}`;
  return `ask_version() { timeout 5 bash -c ${shellQuote(ask)} ask_version "$1" 2>/dev/null; }`;
}
