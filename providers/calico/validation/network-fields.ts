import { flag, integer, leaf, oneOf, text } from "./leaves";
import { interfaceName, name, portName } from "./name-leaves";
import { address, mac, network } from "./network-leaves";
import { hasPorts, protocol, unusable } from "./policy-fields";
import { selector } from "./selector-leaf";
import { assumed, list, required, type Shape, struct, written } from "./shape";

const encapsulation = assumed(oneOf(["Never", "Always", "CrossSubnet"]), "Never");

export const ipPool = struct({
  cidr: required(network({ prefixed: true, strict: true }), "give the pool's range, such as 198.51.100.0/24"),
  blockSize: integer({ min: 20, max: 128 }),
  ipipMode: encapsulation,
  vxlanMode: encapsulation,
  natOutgoing: flag(),
  disabled: flag(),
  disableBGPExport: flag(),
  nodeSelector: assumed(selector(), "all()"),
  namespaceSelector: selector(),
  allowedUses: assumed(
    list(oneOf(["Workload", "Tunnel", "LoadBalancer"], { filled: true }), { set: true, unique: true }),
    ["Workload", "Tunnel"],
  ),
  assignmentMode: assumed(oneOf(["Automatic", "Manual"], { pointer: true }), "Automatic"),
  ipip: unusable("it is of Calico 1; write ipipMode"),
  "nat-outgoing": unusable("it is of Calico 1; write natOutgoing"),
});

export const ipReservation = struct({ reservedCIDRs: list(network(), { set: true }) });

export const networkSet = struct({ nets: list(network(), { set: true }) });

const portNumber = integer({ min: 1, max: 65535 });
const NAME_THE_PORT = "give a name to which rules can refer";

/** An endpoint's port has a protocol that has ports. */
function portProtocol(): Shape {
  const any = protocol();
  return leaf(
    (value, at, findings) => {
      if (hasPorts(value)) return;
      const known = findings.problems.length;
      any.check(value, at, findings);
      if (findings.problems.length === known)
        findings.refuse(at, value, "a protocol with ports", "write TCP, UDP or SCTP");
    },
    any.stored,
    any.compared,
  );
}

const endpointProtocol = required(portProtocol(), "write TCP, UDP or SCTP");

export const hostEndpoint = struct({
  node: required(name(), "name the Calico node (Felix's host name) that the interface belongs to"),
  interfaceName: interfaceName(true),
  expectedIPs: list(address(), { set: true }),
  profiles: list(name()),
  ports: list(
    struct({
      name: required(portName(true), NAME_THE_PORT),
      protocol: endpointProtocol,
      port: required(portNumber, "give the port's number"),
    }),
    { set: true },
  ),
});

const quantity = integer({ min: 0, max: Number.MAX_SAFE_INTEGER });

const DSCP = "DF EF AF11 AF12 AF13 AF21 AF22 AF23 AF31 AF32 AF33 AF41 AF42 AF43 CS0 CS1 CS2 CS3 CS4 CS5 CS6".split(" ");

const dscp = leaf(
  (value, at, findings) => {
    const number = typeof value === "string" && /^\d{1,2}$/.test(value) ? Number(value) : value;
    if (typeof number === "number" && Number.isInteger(number) && number >= 0 && number <= 63) return;
    if (typeof value === "string" && DSCP.includes(value)) return;
    findings.refuse(at, value, `a DSCP value: 0 to 63 or ${DSCP.join(", ")}`, "write one of them");
  },
  (value) => (typeof value === "string" && /^\d{1,2}$/.test(value) ? Number(value) : value),
);

export const workloadEndpoint = struct({
  orchestrator: required(name(), "name the orchestrator, such as cni, libnetwork, openstack or one of your own"),
  workload: name(),
  node: required(name(), "name the Calico node (Felix's host name) that the workload runs on"),
  containerID: text({
    valid: /^[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?$/,
    allowed: "a container's id",
    remedy: "use A-Z a-z 0-9 and '-' within",
  }),
  pod: name(),
  endpoint: required(name(), "name the endpoint, such as eth0"),
  serviceAccountName: name(),
  ipNetworks: required(list(network({ strict: true }), { set: true }), "Felix ignores an endpoint without addresses"),
  ipNATs: list(
    struct({
      internalIP: required(address(), "give the address within the workload"),
      externalIP: required(address(), "give the address outside"),
    }),
    { set: true },
  ),
  ipv4Gateway: address(4),
  ipv6Gateway: address(6),
  profiles: list(name()),
  interfaceName: required(interfaceName(false), "name the interface at the host's end"),
  mac: mac(),
  ports: list(
    struct({
      name: written(portName(false), ""),
      protocol: endpointProtocol,
      port: required(portNumber, "give the port's number"),
      hostPort: written(
        leaf(integer({ min: 0, max: 65535 }).check, (value) => value, integer({ min: 0, max: 65535 }).compared),
        0,
      ),
      hostIP: written(
        leaf(network({ strict: true }).check, (value) => value, network().compared),
        "",
      ),
    }),
    { set: true },
  ),
  allowSpoofedSourcePrefixes: list(network(), { set: true }),
  qosControls: struct(
    {
      ...Object.fromEntries(
        ["Bandwidth", "Burst", "Peakrate", "Minburst", "PacketRate", "PacketBurst", "MaxConnections"].flatMap(
          (what) => [
            [`ingress${what}`, quantity],
            [`egress${what}`, quantity],
          ],
        ),
      ),
      dscp,
    },
    { kept: true },
  ),
});
