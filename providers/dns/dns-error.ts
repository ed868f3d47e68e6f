/** What went wrong: a code of the answer (`YXRRSET`), of its signature (`BADKEY`), or one of our own. */
type DnsErrorCode = (typeof UNMET)[number] | keyof typeof REMEDIES | "UNREACHABLE" | "PROGRAM" | "OTHER";

/** Codes with which a server says that a prerequisite does not hold. */
const UNMET = ["YXDOMAIN", "YXRRSET", "NXDOMAIN", "NXRRSET"] as const;

const REMEDIES = {
  BADKEY: ["does not know the key", "give it that key, or correct dns.tsig.name and dns.tsig.algorithm"],
  BADSIG: ["has another secret for the key", "correct dns.tsig.secret"],
  BADTIME: ["has a clock that differs from this machine's by more than 5 minutes", "set both clocks, e.g. by NTP"],
  BADTRUNC: ["wants a longer signature of the key", "allow full signatures on the server"],
  REFUSED: [
    "refuses it to the key",
    'allow it there, in BIND with update-policy { grant "<key>" zonesub A AAAA CNAME PTR SRV TXT; }',
  ],
  NOTAUTH: ["is not the primary server of that zone", "set dns.server to the primary server"],
  NOTIMP: ["takes no updates", "set dns.server to the zone's primary server"],
  NOTZONE: ["does not hold that name in the zone", "see whether the zone was divided"],
  SERVFAIL: ["failed", "see its log: the zone may not be loaded, or its journal may not be writable"],
  FORMERR: ["did not understand it", "see its log and version"],
} as const;

/** A name server refused something, did not answer, or its programs are missing. No message holds the key's secret. */
export class DnsError extends Error {
  override readonly name = "DnsError";
  readonly code: DnsErrorCode;
  /** Whether the server may have done what it was asked although it did not say so. */
  readonly ambiguous: boolean;

  constructor(code: DnsErrorCode, message: string, ambiguous = false) {
    super(message);
    this.code = code;
    this.ambiguous = ambiguous;
  }

  /** Whether what is on the server is not what the update was made for. */
  get unmet(): boolean {
    return UNMET.some((code) => code === this.code);
  }
}

/**
 * The error for a code that a server answered.
 * @param doing What was asked, e.g. `change A web.example.com`.
 */
export function refusal(code: string, doing: string, server: string, key: string): DnsError {
  const unmet = UNMET.find((known) => known === code);
  if (unmet) return new DnsError(unmet, `cannot ${doing}: name server ${server} holds something else (${code})`);
  if (!isExplained(code)) {
    return new DnsError("OTHER", `cannot ${doing}: name server ${server} answered ${code}; see its log`);
  }
  const [problem, remedy] = REMEDIES[code];
  const problemThere = `name server ${server} ${problem} (${code}, key "${key}")`;
  return new DnsError(code, `cannot ${doing}: ${problemThere}; ${remedy.replace("<key>", key)}`);
}

export function unreachable(doing: string, server: string, reason: string, ambiguous = false): DnsError {
  return new DnsError(
    "UNREACHABLE",
    `cannot ${doing}: name server ${server} does not answer (${reason}); ` +
      "see that it runs, that dns.server and dns.port are right and that UDP and TCP pass",
    ambiguous,
  );
}

function isExplained(code: string): code is keyof typeof REMEDIES {
  return Object.hasOwn(REMEDIES, code);
}
