import { type Network, parseNetwork } from "./address";
import type { Findings } from "./finding";
import { hasPorts, protocolNumber } from "./policy-fields";
import { isObject } from "./shape";

type Values = Record<string, unknown>;

/** What the fields of a policy or profile must be to each other, beside what each must be by itself. */
export function checkRules(spec: Values, findings: Findings): void {
  for (const direction of ["ingress", "egress"]) {
    const rules = spec[direction];
    if (!Array.isArray(rules)) continue;
    rules.forEach((rule: unknown, index) => {
      if (isObject(rule)) checkRule(rule, `spec.${direction}[${index}]`, findings);
    });
  }
}

const DIRECTIONS: Readonly<Record<string, string>> = { Ingress: "ingress", Egress: "egress" };

export function checkPolicy(spec: Values, findings: Findings): void {
  checkRules(spec, findings);
  const { types } = spec;
  if (!Array.isArray(types) || types.length === 0) return;
  if (!types.every((type) => typeof type === "string" && Object.hasOwn(DIRECTIONS, type))) return;
  for (const [type, direction] of Object.entries(DIRECTIONS)) {
    if (types.includes(type) || !hasElements(spec[direction])) continue;
    findings.add(
      `spec.${direction}`,
      `these rules are never looked at: types is [${types.join(", ")}]; add ${type} to types or leave the rules out`,
    );
  }
}

export function checkGlobalPolicy(spec: Values, findings: Findings): void {
  checkPolicy(spec, findings);
  const { doNotTrack, preDNAT, applyOnForward, types } = spec;
  if (doNotTrack === true && preDNAT === true) {
    findings.add("spec.preDNAT", "a policy cannot have both preDNAT and doNotTrack; make two policies");
  }
  if ((doNotTrack === true || preDNAT === true) && applyOnForward !== true && !findings.isUnknown(applyOnForward)) {
    const which = preDNAT === true ? "preDNAT" : "doNotTrack";
    findings.add("spec.applyOnForward", `${which} needs applyOnForward; set it to true`);
  }
  if (preDNAT !== true) return;
  if (hasElements(spec["egress"])) {
    findings.add("spec.egress", "a preDNAT policy acts on arriving traffic only; leave the egress rules out");
  }
  if (Array.isArray(types) && types.includes("Egress")) {
    findings.add("spec.types", "a preDNAT policy acts on arriving traffic only; leave Egress out");
  }
}

function hasElements(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0;
}

function checkRule(rule: Values, at: string, findings: Findings): void {
  checkPorts(rule, at, findings);
  checkIcmp(rule, at, findings);
  checkFamilies(rule, at, findings);
}

function checkPorts(rule: Values, at: string, findings: Findings): void {
  const { protocol } = rule;
  // A protocol that is none at all has been refused already.
  if (
    findings.present(protocol)
      ? hasPorts(protocol) || protocolNumber(protocol) === undefined
      : findings.isUnknown(protocol)
  ) {
    return;
  }
  for (const side of ["source", "destination"]) {
    const entity = rule[side];
    if (!isObject(entity)) continue;
    for (const field of ["ports", "notPorts"]) {
      if (!hasElements(entity[field])) continue;
      const has = findings.present(protocol)
        ? `protocol ${protocol} has no ports`
        : "a rule with ports needs a protocol";
      findings.add(`${at}.${side}.${field}`, `${has}; set ${at}.protocol to TCP, UDP or SCTP`);
    }
  }
}

const ICMP_FAMILY: Readonly<Record<string, 4 | 6>> = { ICMP: 4, ICMPv6: 6 };

function checkIcmp(rule: Values, at: string, findings: Findings): void {
  for (const field of ["icmp", "notICMP"]) {
    const match = rule[field];
    if (!isObject(match)) continue;
    if (!findings.isUnknown(rule["protocol"]) && familyOfIcmp(rule["protocol"]) === undefined) {
      findings.add(`${at}.${field}`, `${field} needs protocol ICMP or ICMPv6, by name; set ${at}.protocol`);
    }
    if (findings.present(match["code"]) && findings.absent(match["type"])) {
      findings.add(`${at}.${field}.code`, "an ICMP code needs its type; set type too");
    }
  }
  for (const field of ["protocol", "notProtocol"]) {
    const family = familyOfIcmp(rule[field]);
    const { ipVersion } = rule;
    if (family === undefined || (ipVersion !== 4 && ipVersion !== 6) || ipVersion === family) continue;
    findings.add(`${at}.ipVersion`, `${rule[field]} is of IP version ${family}; set ${family} or leave ipVersion out`);
  }
}

function familyOfIcmp(protocol: unknown): 4 | 6 | undefined {
  return typeof protocol === "string" && Object.hasOwn(ICMP_FAMILY, protocol) ? ICMP_FAMILY[protocol] : undefined;
}

/** One rule speaks of one IP version: iptables has one table for each. */
function checkFamilies(rule: Values, at: string, findings: Findings): void {
  let first: { network: Network; text: unknown; place: string } | undefined;
  for (const side of ["source", "destination"]) {
    const entity = rule[side];
    if (!isObject(entity)) continue;
    for (const field of ["nets", "notNets"]) {
      const nets = entity[field];
      if (!Array.isArray(nets)) continue;
      for (const [index, text] of nets.entries()) {
        const network = parseNetwork(text);
        if (!network) continue;
        const place = `${at}.${side}.${field}[${index}]`;
        first ??= { network, text, place };
        if (network.family !== first.network.family) {
          findings.add(
            place,
            `'${text}' is IPv${network.family} while ${first.place} ('${first.text}') is IPv${first.network.family}; make a rule for each`,
          );
        }
        const { ipVersion } = rule;
        if ((ipVersion === 4 || ipVersion === 6) && ipVersion !== network.family) {
          findings.add(
            place,
            `'${text}' is IPv${network.family} while ipVersion of the rule is ${ipVersion}; correct one of them`,
          );
        }
      }
    }
  }
}
