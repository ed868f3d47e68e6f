import { prefixOf } from "../model/keys";
import type { Range } from "./ipv4";
import { parseRange, rangeText } from "./ipv4";

/** Where Calico's IPAM (datamodel v2) keeps its objects. */

export const BLOCKS = "/calico/ipam/v2/assignment/ipv4/block/";
export const CONFIG = "/calico/ipam/v2/config";
export const POOLS = prefixOf("IPPool");
export const RESERVATIONS = prefixOf("IPReservation");

export function blockKey(block: Range): string {
  return `${BLOCKS}${dashed(block)}`;
}

export function affinitiesOf(node: string): string {
  return `/calico/ipam/v2/host/${node}/ipv4/block/`;
}

export function affinityKey(node: string, block: Range): string {
  return `${affinitiesOf(node)}${dashed(block)}`;
}

export function handleKey(handle: string): string {
  return `/calico/ipam/v2/handle/${handle}`;
}

/** The range that the last part of a block's or an affinity's key names. */
export function rangeOfKey(key: string): Range | undefined {
  return parseRange(key.slice(key.lastIndexOf("/") + 1).replace("-", "/"));
}

function dashed(block: Range): string {
  return rangeText(block).replace("/", "-");
}
