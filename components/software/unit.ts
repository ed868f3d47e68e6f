import type { EntityUnit } from "../../blueprint/entity/schema";

const FIRST_ORDINARY_PORT = 1024;

export interface UnitFacts {
  /** Name of the unit, without its suffix. */
  readonly name: string;
  readonly description: string;
  readonly environmentFile: string;
  readonly ports: readonly number[];
}

/** The text of a unit that runs software under a user of its own, which writes to its state folder alone. */
export function unitText(unit: EntityUnit, { name, description, environmentFile, ports }: UnitFacts): string {
  const lines = [
    "# Written by Clocker; changes are undone.",
    "[Unit]",
    `Description=${description}`,
    "After=network-online.target",
    "Wants=network-online.target",
    "# An address that comes late at boot is waited for.",
    "StartLimitIntervalSec=60",
    "StartLimitBurst=30",
    "",
    "[Service]",
    `Type=${unit.type}`,
    ...(unit.type === "oneshot" ? ["RemainAfterExit=yes"] : ["Restart=on-failure", "RestartSec=1"]),
    ...(unit.prepare === undefined ? [] : [`ExecStartPre=${unit.prepare}`]),
    `ExecStart=${unit.exec}`,
    ...(unit.stop === undefined ? [] : [`ExecStop=${unit.stop}`]),
    `EnvironmentFile=${environmentFile}`,
    ...Object.entries(unit.environment).map(([key, value]) => `Environment="${key}=${value}"`),
    ...(unit.workingDirectory === undefined ? [] : [`WorkingDirectory=${unit.workingDirectory}`]),
    ...(unit.successExitStatus.length === 0 ? [] : [`SuccessExitStatus=${unit.successExitStatus.join(" ")}`]),
    ...(unit.runtimeFolder ? [`RuntimeDirectory=${name}`] : []),
    `StateDirectory=${name}`,
    "StateDirectoryMode=0750",
    "UMask=0077",
    "LimitNOFILE=65536",
    `TimeoutStopSec=${unit.stopTimeoutSeconds}`,
    // Scripts stop what they have started in their own order.
    ...(unit.root ? ["KillMode=mixed"] : restrictions(name, unit.generatesCode, ports)),
    "",
    "[Install]",
    "WantedBy=multi-user.target",
  ];
  return `${lines.join("\n")}\n`;
}

function restrictions(user: string, generatesCode: boolean, ports: readonly number[]): readonly string[] {
  const capability = ports.some((port) => port < FIRST_ORDINARY_PORT) ? "CAP_NET_BIND_SERVICE" : "";
  return [
    `User=${user}`,
    `Group=${user}`,
    `AmbientCapabilities=${capability}`,
    `CapabilityBoundingSet=${capability}`,
    "LockPersonality=yes",
    ...(generatesCode ? [] : ["MemoryDenyWriteExecute=yes"]),
    "NoNewPrivileges=yes",
    "PrivateDevices=yes",
    "PrivateTmp=yes",
    "ProtectControlGroups=yes",
    "ProtectHome=yes",
    "ProtectKernelModules=yes",
    "ProtectKernelTunables=yes",
    "ProtectSystem=strict",
    // Servers ask the kernel for the interfaces that they listen on.
    "RestrictAddressFamilies=AF_INET AF_INET6 AF_NETLINK AF_UNIX",
    "RestrictNamespaces=yes",
    "RestrictRealtime=yes",
    "RestrictSUIDSGID=yes",
  ];
}
