/** How packets travel between hosts. */
export type Encapsulation = "vxlan" | "vxlan-cross-subnet" | "ipip" | "ipip-cross-subnet" | "none";

const LINK_BYTES = 1500;

interface Mode {
  readonly ipipMode?: "Always" | "CrossSubnet";
  readonly vxlanMode?: "Always" | "CrossSubnet";
}

const MODES: Readonly<Record<Encapsulation, { readonly pool: Mode; readonly headerBytes: number }>> = {
  vxlan: { pool: { vxlanMode: "Always" }, headerBytes: 50 },
  "vxlan-cross-subnet": { pool: { vxlanMode: "CrossSubnet" }, headerBytes: 50 },
  ipip: { pool: { ipipMode: "Always" }, headerBytes: 20 },
  "ipip-cross-subnet": { pool: { ipipMode: "CrossSubnet" }, headerBytes: 20 },
  none: { pool: {}, headerBytes: 0 },
};

/** How an IPPool says it. */
export function poolModes(encapsulation: Encapsulation): Mode {
  return MODES[encapsulation].pool;
}

/** Bytes of the largest packet that a workload may send where links between hosts carry 1500. */
export function mtuOf(encapsulation: Encapsulation): number {
  return LINK_BYTES - MODES[encapsulation].headerBytes;
}
