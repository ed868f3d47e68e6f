import type { Port } from "../../blueprint/model";

export function tcp(...numbers: readonly number[]): Port[] {
  return numbers.map((port) => ({ port, protocol: "tcp" }));
}

export function udp(...numbers: readonly number[]): Port[] {
  return numbers.map((port) => ({ port, protocol: "udp" }));
}
