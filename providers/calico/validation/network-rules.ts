import {
  bits,
  contains,
  type Network,
  networkText,
  overlaps,
  parseAddress,
  parseNetwork,
  parseNetworkOrAddress,
} from "./address";
import type { Findings } from "./finding";
import { isObject } from "./shape";
import { identifiersOf, workloadEndpointName } from "./workload-endpoint-name";

type Values = Record<string, unknown>;

const LINK_LOCAL = ["169.254.0.0/16", "fe80::/10"].map(parseNetwork);

const BLOCK_SIZES = { 4: { from: 20, to: 32, default: 26 }, 6: { from: 116, to: 128, default: 122 } } as const;

/** Calico's default size of a block of the IPAM, as a prefix length. */
export function defaultBlockSize(family: 4 | 6): number {
  return BLOCK_SIZES[family].default;
}

export function checkPool(spec: Values, findings: Findings): void {
  const range = parseNetwork(spec["cidr"]);
  if (range) checkRange(range, spec, findings);
  const ipip = encapsulates(spec["ipipMode"]);
  const vxlan = encapsulates(spec["vxlanMode"]);
  if (ipip && vxlan) {
    findings.add("spec.vxlanMode", "a pool cannot have both ipipMode and vxlanMode; set one of them to Never");
  }
  checkUses(spec, ipip || vxlan, findings);
}

function checkRange(range: Network, spec: Values, findings: Findings): void {
  const { family, prefix } = range;
  const { from, to } = BLOCK_SIZES[family];
  const size = spec["blockSize"] ?? BLOCK_SIZES[family].default;
  // What is no size of either family has been refused already.
  if (typeof size === "number" && size >= 20 && size <= 128) {
    if (size < from || size > to) {
      const remedy = `give a prefix length from ${from} to ${to}`;
      findings.refuse("spec.blockSize", size, `a block size of an IPv${family} pool`, remedy);
    } else if (prefix > size && spec["disabled"] !== true && !findings.isUnknown(spec["disabled"])) {
      const remedy = `widen the range, set blockSize to ${prefix} or more, or disable the pool`;
      findings.add("spec.cidr", `${networkText(range)} is smaller than one block (/${size}); ${remedy}`);
    }
  }
  const local = LINK_LOCAL.find((each) => each && overlaps(each, range));
  if (local) {
    findings.add(
      "spec.cidr",
      `${networkText(range)} overlaps the link-local range ${networkText(local)}; choose another range`,
    );
  }
  if (family === 6 && encapsulates(spec["ipipMode"])) {
    findings.add("spec.ipipMode", "IPIP carries IPv4 only; set vxlanMode or leave ipipMode out");
  }
}

function encapsulates(mode: unknown): boolean {
  return mode === "Always" || mode === "CrossSubnet";
}

function checkUses(spec: Values, encapsulated: boolean, findings: Findings): void {
  const given = spec["allowedUses"];
  if (!findings.absent(given) && !Array.isArray(given)) return;
  const uses: readonly unknown[] = Array.isArray(given) && given.length > 0 ? given : ["Workload", "Tunnel"];
  if (uses.includes("Tunnel") && findings.given(spec["namespaceSelector"])) {
    const remedy = "set allowedUses to [Workload] or leave namespaceSelector out";
    findings.add("spec.namespaceSelector", `a pool for tunnel addresses belongs to no namespace; ${remedy}`);
  }
  if (!uses.includes("LoadBalancer")) return;
  if (uses.length > 1) {
    findings.add("spec.allowedUses", "LoadBalancer stands alone; make another pool for the other uses");
  }
  if (encapsulated) {
    findings.add(
      "spec.allowedUses",
      "a pool for load balancers has no encapsulation; set ipipMode and vxlanMode to Never",
    );
  }
  const selector = spec["nodeSelector"];
  if (findings.given(selector) && selector !== "all()") {
    findings.refuse("spec.nodeSelector", selector, "allowed for a pool for load balancers", "write all()");
  }
  if (spec["disableBGPExport"] === true) {
    findings.add("spec.disableBGPExport", "Calico refuses it for a pool for load balancers; leave it out");
  }
}

export function checkHostEndpoint(spec: Values, findings: Findings): void {
  const ips = spec["expectedIPs"];
  const noIps = Array.isArray(ips) ? ips.length === 0 : findings.absent(ips);
  if (findings.absent(spec["interfaceName"]) && noIps) {
    findings.add(
      "spec.interfaceName",
      "a host endpoint needs an interfaceName ('*' for all), expectedIPs, or both; set one",
    );
  }
}

export function checkWorkloadEndpoint(spec: Values, name: unknown, findings: Findings): void {
  checkWorkloadName(spec, name, findings);
  const networks = spec["ipNetworks"];
  if (Array.isArray(networks)) {
    if (networks.length === 0) findings.add("spec.ipNetworks", "Felix ignores an endpoint without addresses; give one");
    networks.forEach((text: unknown, index) => {
      const network = parseNetworkOrAddress(text);
      if (!network || network.prefix === bits(network.family)) return;
      const remedy = `write /${bits(network.family)}`;
      findings.refuse(
        `spec.ipNetworks[${index}]`,
        text,
        "a single address",
        `an endpoint has single addresses: ${remedy}`,
      );
    });
    checkNats(spec["ipNATs"], networks, findings);
  }
  const { ports } = spec;
  if (!Array.isArray(ports)) return;
  ports.forEach((port: unknown, index) => {
    if (!isObject(port) || !findings.absent(port["name"]) || findings.isUnknown(port["hostPort"])) return;
    if (findings.absent(port["hostPort"]) || port["hostPort"] === 0) {
      findings.add(`spec.ports[${index}].name`, "a port without a name needs a hostPort; set one of them");
    }
  });
}

function checkNats(nats: unknown, networks: readonly unknown[], findings: Findings): void {
  if (!Array.isArray(nats)) return;
  const known = !networks.some((each) => findings.isUnknown(each));
  nats.forEach((nat: unknown, index) => {
    if (!isObject(nat)) return;
    const [inner, outer] = [parseAddress(nat["internalIP"]), parseAddress(nat["externalIP"])];
    if (inner && outer && inner.family !== outer.family) {
      findings.add(
        `spec.ipNATs[${index}].externalIP`,
        "internalIP and externalIP are of different IP versions; use one version",
      );
    }
    if (!inner || !known) return;
    const own = networks.map(parseNetworkOrAddress).some((network) => network && contains(network, inner));
    if (!own) {
      findings.refuse(
        `spec.ipNATs[${index}].internalIP`,
        nat["internalIP"],
        "an address of the endpoint",
        "use one of ipNetworks",
      );
    }
  });
}

function checkWorkloadName(spec: Values, name: unknown, findings: Findings): void {
  const fields = identifiersOf(spec["orchestrator"]);
  if (fields.some((field) => findings.isUnknown(spec[field]))) return;
  for (const field of findings.absent(spec["orchestrator"]) ? [] : new Set(fields)) {
    const value = spec[field];
    if (findings.absent(value) && !["node", "orchestrator", "endpoint"].includes(field)) {
      findings.add(
        `spec.${field}`,
        `'${field}' is missing; orchestrator '${spec["orchestrator"]}' makes the endpoint's name of it`,
      );
    }
  }
  const expected = workloadEndpointName(spec);
  if (expected === undefined || !findings.present(name) || name === expected) return;
  const parts = fields.join(", ");
  findings.refuse("metadata.name", name, "this endpoint's name", `Calico makes it of ${parts}: write '${expected}'`);
}
