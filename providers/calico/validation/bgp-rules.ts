import { parseAddress } from "./address";
import type { Findings } from "./finding";
import { isCommunityValue } from "./network-leaves";
import { asNumberOf } from "./node-fields";
import { parsePeerAddress } from "./peer-address";
import { isObject } from "./shape";

type Values = Record<string, unknown>;

export function checkNode(spec: Values, findings: Findings): void {
  const { bgp } = spec;
  if (isObject(bgp) && Object.values(bgp).every((value) => findings.absent(value))) {
    findings.add("spec.bgp", "it is empty; give ipv4Address or leave bgp out");
  }
}

const DEFAULT_ONLY = [
  "asNumber",
  "nodeToNodeMeshEnabled",
  "serviceClusterIPs",
  "serviceExternalIPs",
  "serviceLoadBalancerIPs",
  "nodeMeshMaxRestartTime",
];

export function checkBgpConfiguration(spec: Values, name: unknown, findings: Findings): void {
  for (const field of findings.isUnknown(name) || name === "default" ? [] : DEFAULT_ONLY) {
    const value = spec[field];
    if (!findings.given(value) || (Array.isArray(value) && value.length === 0)) continue;
    findings.add(`spec.${field}`, `only the configuration named 'default' may have it, not '${name}'; move it there`);
  }
  if (spec["nodeToNodeMeshEnabled"] === false && findings.given(spec["nodeMeshMaxRestartTime"])) {
    const remedy = "leave it out or set nodeToNodeMeshEnabled to true";
    findings.add(
      "spec.nodeMeshMaxRestartTime",
      `it needs the mesh, which nodeToNodeMeshEnabled false turns off; ${remedy}`,
    );
  }
  checkCommunities(spec, findings);
}

function checkCommunities(spec: Values, findings: Findings): void {
  const communities: readonly unknown[] = Array.isArray(spec["communities"]) ? spec["communities"] : [];
  const advertised = spec["prefixAdvertisements"];
  const none = findings.absent(advertised) || (Array.isArray(advertised) && advertised.length === 0);
  if (communities.length > 0 && none) {
    findings.add("spec.communities", "no prefixAdvertisements use them; add those or leave communities out");
  }
  if (!Array.isArray(advertised)) return;
  const names = communities.map((each) => (isObject(each) ? each["name"] : each));
  const settled = findings.absent(spec["communities"]) || Array.isArray(spec["communities"]);
  const complete = settled && !names.some((name) => findings.isUnknown(name));
  advertised.forEach((advertisement: unknown, index) => {
    const used = isObject(advertisement) ? advertisement["communities"] : undefined;
    if (!Array.isArray(used)) return;
    used.forEach((community: unknown, position) => {
      if (!findings.present(community) || isCommunityValue(community) || names.includes(community) || !complete) return;
      const at = `spec.prefixAdvertisements[${index}].communities[${position}]`;
      const known = names.length > 0 ? `one of ${names.join(", ")}, or a value` : "a value";
      findings.refuse(at, community, "a known community", `write ${known} such as 64512:120`);
    });
  });
}

export function checkBgpPeer(spec: Values, findings: Findings): void {
  const has = (field: string) => findings.given(spec[field]);
  const lacks = (field: string) => findings.absent(spec[field]);
  const exclude = (field: string, other: string) => {
    if (!has(field) || !has(other)) return;
    findings.add(`spec.${field}`, `${field} and ${other} exclude each other; leave one of them out`);
  };
  exclude("node", "nodeSelector");
  exclude("peerIP", "peerSelector");
  exclude("peerIP", "localWorkloadSelector");
  exclude("peerSelector", "localWorkloadSelector");
  const unnumbered = lacks("asNumber") || asNumberOf(spec["asNumber"]) === 0;
  if (has("asNumber") && !unnumbered && has("peerSelector")) {
    findings.add("spec.asNumber", "with peerSelector the AS number is that of each peer's node; leave asNumber out");
  }
  if (has("localWorkloadSelector") && unnumbered) {
    findings.add("spec.asNumber", "localWorkloadSelector needs the workloads' AS number; set asNumber");
  }
  if (lacks("peerIP") && lacks("peerSelector") && lacks("localWorkloadSelector")) {
    const remedy = "set peerIP, peerSelector or localWorkloadSelector";
    findings.add("spec.peerIP", `it names no peer, Calico would do nothing; ${remedy}`);
  }
  if (spec["keepOriginalNextHop"] === true && has("nextHopMode")) {
    findings.add(
      "spec.keepOriginalNextHop",
      "keepOriginalNextHop and nextHopMode exclude each other; keep nextHopMode",
    );
  }
  checkReachableBy(spec, findings);
}

function checkReachableBy(spec: Values, findings: Findings): void {
  const { peerIP, reachableBy } = spec;
  if (!findings.given(reachableBy)) return;
  if (findings.absent(peerIP)) {
    findings.add("spec.reachableBy", "it is a gateway to peerIP, which is missing; set peerIP");
    return;
  }
  const [gateway, peer] = [parseAddress(reachableBy), parsePeerAddress(peerIP)];
  if (gateway && peer && gateway.family !== peer.family) {
    findings.add(
      "spec.reachableBy",
      `'${reachableBy}' and peerIP '${peerIP}' are of different IP versions; use one version`,
    );
  }
}

export function checkBgpFilter(spec: Values, findings: Findings): void {
  for (const list of ["exportV4", "importV4", "exportV6", "importV6"]) {
    const rules = spec[list];
    if (!Array.isArray(rules)) continue;
    rules.forEach((rule: unknown, index) => {
      if (isObject(rule)) checkFilterRule(rule, `spec.${list}[${index}]`, findings);
    });
  }
}

function checkFilterRule(rule: Values, at: string, findings: Findings): void {
  const [noRange, noOperator] = [findings.absent(rule["cidr"]), findings.absent(rule["matchOperator"])];
  const { prefixLength } = rule;
  if (noRange ? findings.given(rule["matchOperator"]) : noOperator && findings.given(rule["cidr"])) {
    const missing = noRange ? "cidr" : "matchOperator";
    findings.add(`${at}.${missing}`, `cidr and matchOperator go together; set ${missing} too`);
  }
  if (!isObject(prefixLength)) return;
  if (noRange) findings.add(`${at}.prefixLength`, "prefixLength narrows a cidr, which is missing; set cidr");
  const { min, max } = prefixLength;
  if (typeof min === "number" && typeof max === "number" && min > max) {
    findings.add(`${at}.prefixLength.min`, `${min} is more than max ${max} and nothing would match; swap them`);
  }
}
