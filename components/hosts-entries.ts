import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import type * as pulumi from "@pulumi/pulumi";
import type { ResolvedLink } from "./platform";

/** Hosts entries of the links whose target answers on its own ports. */
export function hostsEntries(links: readonly ResolvedLink[]): { host: string; ip: pulumi.Output<string> }[] {
  return links
    .filter(({ route }) => route === "hosts")
    .map(({ alias, component }) => ({
      host: alias,
      ip: component.address.apply((address) => numericAddress(alias, address)),
    }));
}

/** A hosts file takes numbers only: a host name is resolved where the program runs. */
export async function numericAddress(alias: string, address: string): Promise<string> {
  const resolve = async () => (await lookup(address, { family: 4 }).catch(() => undefined))?.address;
  const number = isIP(address) || address === "" ? address : await resolve();
  if (!number) {
    throw new Error(
      `cannot give '${alias}' a hosts entry: '${address}' is no IP address and does not resolve here; write the address of that host under clocker:locations`,
    );
  }
  return number;
}
