import { anyText, leaf, oneOf } from "./leaves";
import { name } from "./name-leaves";
import { address, mac, network } from "./network-leaves";
import { list, required, type Shape, struct, written } from "./shape";

const AS_REMEDY = "give 1 to 4294967295, or the dotted form such as '1.10'";

/** The number that is written plainly or in the dotted form; undefined for anything else. */
export function asNumberOf(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isInteger(value) && value >= 0 && value < 2 ** 32 ? value : undefined;
  const parts = typeof value === "string" ? /^(\d{1,10})(?:\.(\d{1,5}))?$/.exec(value) : null;
  if (!parts) return undefined;
  if (parts[2] === undefined) return Number(parts[1]) < 2 ** 32 ? Number(parts[1]) : undefined;
  const [high, low] = [Number(parts[1]), Number(parts[2])];
  return high < 65536 && low < 65536 ? high * 65536 + low : undefined;
}

/** `zero`: 0 is read as absent. */
export function asNumber({ zero = false }: { readonly zero?: boolean } = {}): Shape {
  const normal = (value: unknown) => {
    const number = asNumberOf(value) ?? value;
    return zero && number === 0 ? undefined : number;
  };
  return leaf((value, at, findings) => {
    const number = asNumberOf(value);
    if (number === undefined || (number === 0 && !zero)) findings.refuse(at, value, "an AS number", AS_REMEDY);
  }, normal);
}

/** An address of the node together with its subnet: other than a range of addresses, both count. */
function keepAddress(shape: Shape): Shape {
  return leaf(shape.check, shape.stored);
}

export const node = struct({
  bgp: struct(
    {
      asNumber: asNumber(),
      ipv4Address: keepAddress(network({ family: 4 })),
      ipv6Address: keepAddress(network({ family: 6 })),
      ipv4IPIPTunnelAddr: address(4),
      routeReflectorClusterID: address(4),
    },
    { kept: true },
  ),
  ipv4VXLANTunnelAddr: address(4),
  vxlanTunnelMACAddr: mac(),
  ipv6VXLANTunnelAddr: address(6),
  vxlanTunnelMACAddrV6: mac(),
  wireguard: struct({ interfaceIPv4Address: address(4), interfaceIPv6Address: address(6) }, { kept: true }),
  addresses: list(
    struct({
      address: required(keepAddress(network()), "give an address of the node"),
      type: oneOf(["CalicoNodeIP", "InternalIP", "ExternalIP"]),
    }),
    { set: true },
  ),
  orchRefs: list(struct({ nodeName: anyText(), orchestrator: written(anyText(), "") }), { set: true }),
  interfaces: list(struct({ name: name(), addresses: list(keepAddress(network()), { set: true }) }), { set: true }),
});
