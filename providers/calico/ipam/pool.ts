import { z } from "zod";
import type { EtcdClient } from "../etcd-client";
import { addressText, parseAddress, parseRange, type Range } from "./ipv4";
import { POOLS, RESERVATIONS } from "./keys";

const DEFAULT_BLOCK_SIZE = 26;

/** What IPAM needs of an IPPool. */
export interface Pool {
  readonly name: string;
  readonly cidr: string;
  readonly range: Range;
  /** Prefix length of its blocks. */
  readonly blockSize: number;
  readonly disabled: boolean;
  readonly allowedUses: readonly string[];
  readonly ipip: boolean;
}

const mode = z.string().nullish();
const poolSchema = z.object({
  metadata: z.object({ name: z.string() }),
  spec: z.object({
    cidr: z.string(),
    blockSize: z.number().int().min(0).max(32).nullish(),
    disabled: z.boolean().nullish(),
    allowedUses: z.array(z.string()).nullish(),
    ipipMode: mode,
  }),
});
const reservationSchema = z.object({ spec: z.object({ reservedCIDRs: z.array(z.string()).nullish() }) });

/** Every IPv4 pool that can be read, in the order of their names. */
export async function listPools(etcd: EtcdClient): Promise<Pool[]> {
  const { entries } = await etcd.list(POOLS);
  return entries.flatMap(({ value }) => parsePool(value) ?? []);
}

/** Finds an IPv4 pool by its name or its CIDR; undefined if there is none. */
export async function findPool(etcd: EtcdClient, nameOrCidr: string): Promise<Pool | undefined> {
  return (await listPools(etcd)).find(({ name, cidr }) => name === nameOrCidr || cidr === nameOrCidr);
}

/** The pool in the value of an IPPool; undefined if it is of IPv6 or no pool. */
function parsePool(value: unknown): Pool | undefined {
  const result = poolSchema.safeParse(value);
  const range = result.success ? parseRange(result.data.spec.cidr) : undefined;
  if (!result.success || !range) return undefined;
  const { metadata, spec } = result.data;
  return {
    name: metadata.name,
    cidr: spec.cidr,
    range,
    blockSize: spec.blockSize || DEFAULT_BLOCK_SIZE,
    disabled: spec.disabled ?? false,
    allowedUses: spec.allowedUses?.length ? spec.allowedUses : ["Workload", "Tunnel"],
    ipip: (spec.ipipMode ?? "Never") !== "Never",
  };
}

/** Ranges that IPReservations keep from being handed out. */
export async function listReservations(etcd: EtcdClient): Promise<Range[]> {
  const { entries } = await etcd.list(RESERVATIONS);
  return entries.flatMap(({ value }) => {
    const result = reservationSchema.safeParse(value);
    return result.success ? (result.data.spec.reservedCIDRs ?? []).flatMap((text) => reserved(text) ?? []) : [];
  });
}

/** Reservations may be single addresses, and have bits behind their prefix. */
function reserved(text: string): Range | undefined {
  const [base = "", length = "32"] = text.split("/");
  const address = parseAddress(base);
  const prefix = Number(length);
  if (address === undefined || !(prefix >= 0 && prefix <= 32)) return undefined;
  const size = 2 ** (32 - prefix);
  return parseRange(`${addressText(Math.floor(address / size) * size)}/${length}`);
}
