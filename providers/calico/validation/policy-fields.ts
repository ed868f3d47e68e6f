import { type Findings, show } from "./finding";
import { anyText, decimal, flag, integer, leaf, oneOf, text, texts } from "./leaves";
import { isPortName, keyProblem, labels, name } from "./name-leaves";
import { network } from "./network-leaves";
import { selector } from "./selector-leaf";
import { assumed, type Field, type Fields, list, required, type Shape, struct, written } from "./shape";

const PROTOCOLS: Readonly<Record<string, number>> = {
  TCP: 6,
  UDP: 17,
  ICMP: 1,
  ICMPv6: 58,
  SCTP: 132,
  UDPLite: 136,
};
const WITH_PORTS = new Set([6, 17, 132]);

/** IP protocol number of a name or number in a spec. */
export function protocolNumber(value: unknown): number | undefined {
  if (typeof value === "string" && Object.hasOwn(PROTOCOLS, value)) return PROTOCOLS[value];
  const number = typeof value === "string" && /^\d{1,3}$/.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isInteger(number) && number >= 1 && number <= 255 ? number : undefined;
}

export function hasPorts(protocol: unknown): boolean {
  return WITH_PORTS.has(protocolNumber(protocol) ?? 0);
}

/** A protocol's name in Calico's spelling, or its number. */
export function protocol(): Shape {
  const names = Object.keys(PROTOCOLS);
  return leaf(
    (value, at, findings) => {
      if (protocolNumber(value) !== undefined) return;
      const meant =
        typeof value === "string" ? names.find((each) => each.toLowerCase() === value.toLowerCase()) : undefined;
      const remedy = meant ? `write '${meant}'` : "write one of these names in this spelling, or the number";
      findings.refuse(at, value, `a protocol: ${names.join(", ")} or 1 to 255`, remedy);
    },
    (value) => (typeof value === "string" && /^\d{1,3}$/.test(value) ? Number(value) : value),
    (value) => protocolNumber(value) ?? value,
  );
}

const PORT_REMEDY =
  "give a number from 1 to 65535, a range 'lo:hi' with lo <= hi, or a name of a-z, 0-9 and '-' (at most 15)";

/** A port in a rule: a number, `lo:hi`, or a name. `named: false` leaves names out. */
export function port({ named = true }: { readonly named?: boolean } = {}): Shape {
  return leaf((value, at, findings) => {
    const problem = portProblem(value, named);
    if (problem) findings.add(at, problem);
  }, storedPort);
}

function portProblem(value: unknown, named: boolean): string | undefined {
  const refused = (remedy: string) => `${show(value)} is not a port; ${remedy}`;
  if (typeof value === "number") return isPort(value) ? undefined : refused(PORT_REMEDY);
  if (typeof value !== "string") return refused(PORT_REMEDY);
  if (/^\d+$/.test(value)) return isPort(Number(value)) ? undefined : refused(PORT_REMEDY);
  const range = /^(\d+):(\d+)$/.exec(value);
  if (range) {
    const [low, high] = [Number(range[1]), Number(range[2])];
    return isPort(low) && isPort(high) && low <= high ? undefined : refused(PORT_REMEDY);
  }
  if (/^\d+\s*-\s*\d+$/.test(value)) {
    return refused(
      `Calico would take it for a name that no port has; write the range as '${value.replace(/\s*-\s*/, ":")}'`,
    );
  }
  if (!named) return refused("give a number from 1 to 65535 or a range 'lo:hi' with lo <= hi");
  return isPortName(value) ? undefined : refused(PORT_REMEDY);
}

function isPort(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= 65535;
}

function storedPort(value: unknown): unknown {
  if (typeof value !== "string") return value;
  const range = /^(\d+)(?::(\d+))?$/.exec(value);
  if (!range) return value;
  const [low, high] = [Number(range[1]), Number(range[2] ?? range[1])];
  return low === high ? low : `${low}:${high}`;
}

/** Refuses a field that Calico evaluates with the Kubernetes datastore only, or not at all here. */
export function unusable(why: string): Field {
  return leaf(
    (_value, at, findings: Findings) => findings.add(at, `this field cannot be used here: ${why}`),
    (value) => value,
  );
}

const KUBERNETES_SERVICES =
  "with an etcd datastore there are no Kubernetes services and it would match nothing; use selector, nets and ports";
const KUBERNETES_ACCOUNTS =
  "with an etcd datastore no endpoint has a Kubernetes service account and it would match nothing; use selector";
const HTTP =
  "Felix applies such a rule without its HTTP part, thus wider than it is written; leave it out and match ports";

const entity = struct(
  {
    nets: list(network({ prefixed: true, strict: true }), { set: true }),
    notNets: list(network({ prefixed: true, strict: true, bounded: true }), { set: true }),
    selector: selector(),
    notSelector: selector(),
    namespaceSelector: selector({ global: true }),
    ports: list(port(), { set: true }),
    notPorts: list(port(), { set: true }),
    services: unusable(KUBERNETES_SERVICES),
    serviceAccounts: unusable(KUBERNETES_ACCOUNTS),
  },
  { kept: true },
);

const icmp = struct(
  { type: integer({ min: 0, max: 254, pointer: true }), code: integer({ min: 0, max: 255, pointer: true }) },
  { kept: true },
);

const annotations = texts({ keyProblem: (key) => keyProblem(key.toLowerCase()), allowed: "an annotation's key" });

/** One rule of a policy or a profile. */
const rule = struct({
  action: required(oneOf(["Allow", "Deny", "Log", "Pass"], { filled: true }), "write Allow, Deny, Log or Pass"),
  ipVersion: leaf(
    (value, at, findings) => {
      if (value !== 4 && value !== 6) findings.refuse(at, value, "4 or 6", "write one of them, without quotes");
    },
    (value) => value,
  ),
  protocol: protocol(),
  notProtocol: protocol(),
  icmp,
  notICMP: icmp,
  source: written(entity, {}),
  destination: written(entity, {}),
  http: unusable(HTTP),
  metadata: struct({ annotations }, { kept: true }),
});

const ruleList = list(rule);
const policyTypes = list(oneOf(["Ingress", "Egress"], { filled: true }), { set: true, unique: true });

const policy: Fields = {
  tier: assumed(name(), "default"),
  order: decimal(),
  selector: assumed(selector(), "all()"),
  types: policyTypes,
  ingress: ruleList,
  egress: ruleList,
  serviceAccountSelector: unusable(KUBERNETES_ACCOUNTS),
  performanceHints: list(oneOf(["AssumeNeededOnEveryNode"], { filled: true }), { set: true, unique: true }),
};

export const networkPolicy = struct(policy);

export const globalNetworkPolicy = struct({
  ...policy,
  namespaceSelector: selector(),
  doNotTrack: flag(),
  preDNAT: flag(),
  applyOnForward: flag(),
});

export const profile = struct({ ingress: ruleList, egress: ruleList, labelsToApply: labels() });

export const tier = struct({
  order: assumed(decimal(), 1_000_000),
  defaultAction: assumed(oneOf(["Deny", "Pass"], { pointer: true }), "Deny"),
});

export const clusterInformation = struct({
  clusterGUID: text({
    valid: /^[0-9a-f]{32}$/,
    allowed: "a cluster's identity",
    remedy: "write 32 hexadecimal digits in lower case",
  }),
  clusterType: anyText(),
  calicoVersion: anyText(),
  datastoreReady: flag({ pointer: true }),
  variant: anyText(),
});
