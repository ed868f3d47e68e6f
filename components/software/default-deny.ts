import type { SetupFile } from "../../providers/machine/setup-inputs";

/** Chain of the machine's INPUT. */
export const DEFAULT_DENY_CHAIN = "CLOCKER-DEFAULT-DENY";
export const DEFAULT_DENY_UNIT = "clocker-default-deny.service";
export const DEFAULT_DENY_UNIT_FILE = `/etc/systemd/system/${DEFAULT_DENY_UNIT}`;
const RULES_FILE = "/etc/clocker-calico/default-deny";

/**
 * What a machine accepts of what Felix has not decided: nothing from outside but logins. Felix decides before it, since it inserts its
 * rules at the top; so this counts at boot, before Felix runs, and where Felix finds no host endpoint.
 * @param logins IPv4 ranges from which SSH is let in.
 */
export function defaultDenyFiles(logins: readonly string[]): SetupFile[] {
  return [
    { path: RULES_FILE, content: rules(logins) },
    { path: DEFAULT_DENY_UNIT_FILE, content: UNIT },
  ];
}

function rules(logins: readonly string[]): string {
  const accepted = [
    "-i lo",
    "-m conntrack --ctstate RELATED,ESTABLISHED",
    // The lease's renewal.
    "-p udp --dport 68",
    ...logins.map((range) => `-s ${range} -p tcp --dport 22`),
  ];
  return `# Written by Clocker; changes are undone.
*filter
:${DEFAULT_DENY_CHAIN} - [0:0]
${accepted.map((match) => `-A ${DEFAULT_DENY_CHAIN} ${match} -j RETURN`).join("\n")}
-A ${DEFAULT_DENY_CHAIN} -j DROP
COMMIT
`;
}

const UNIT = `# Written by Clocker; changes are undone.
[Unit]
Description=Refusal of what Felix has not let in
DefaultDependencies=no
Wants=network-pre.target
Before=network-pre.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/sh -c 'iptables-nft-restore --noflush ${RULES_FILE}'
ExecStart=/bin/sh -c 'iptables-nft -C INPUT -j ${DEFAULT_DENY_CHAIN} 2>/dev/null || iptables-nft -A INPUT -j ${DEFAULT_DENY_CHAIN}'

[Install]
WantedBy=sysinit.target
`;
