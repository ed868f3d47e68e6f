import type { RawSettings } from "../../../settings/load";

/** A stack with one location of each kind, credentials included; `change` replaces whole keys. */
export function rawSettings(change: Record<string, unknown> = {}): RawSettings {
  return {
    blueprint: "app.yaml",
    locations: { docks: dockerLocation(), tasks: marathonLocation(), machines: openstackLocation() },
    encryptedKeys: new Set(["clocker:locations", "clocker:secrets"]),
    ...change,
  };
}

export function dockerLocation(change: Record<string, unknown> = {}): Record<string, unknown> {
  return { type: "docker", hosts: { h1: { url: "ssh://deploy@192.0.2.11", address: "192.0.2.11" } }, ...change };
}

export function marathonLocation(change: Record<string, unknown> = {}): Record<string, unknown> {
  return { type: "marathon", url: "https://marathon.example.com", ...change };
}

export function openstackLocation(change: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    type: "openstack",
    authUrl: "https://keystone.example.com:5000/v3",
    projectName: "shop",
    userName: "clocker",
    password: "correct horse",
    image: "debian-12",
    flavor: "m1.small",
    externalNetwork: "public",
    sshSources: ["192.0.2.1/32"],
    ...change,
  };
}
