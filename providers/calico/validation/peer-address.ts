import { type Address, parseAddress } from "./address";
import { leaf, unlessEmpty } from "./leaves";
import type { Shape } from "./shape";

/** The address of `IP`, `IPv4:port` or `[IPv6]:port`; undefined for anything else. */
export function parsePeerAddress(value: unknown): Address | undefined {
  if (typeof value !== "string") return undefined;
  const plain = parseAddress(value);
  if (plain) return plain;
  const parts = /^(?:\[([^\]]+)\]|([\d.]+)):(\d{1,5})$/.exec(value);
  if (!parts) return undefined;
  const port = Number(parts[3]);
  const address = parseAddress(parts[1] ?? parts[2]);
  const rightForm = address?.family === (parts[1] === undefined ? 4 : 6);
  return rightForm && port >= 1 && port <= 65535 ? address : undefined;
}

export function peerAddress(): Shape {
  return leaf((value, at, findings) => {
    if (value === "" || parsePeerAddress(value)) return;
    findings.refuse(at, value, "a peer's address", "write an address, 'IPv4:port' or '[IPv6]:port'");
  }, unlessEmpty);
}
