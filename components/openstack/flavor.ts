import type { Service } from "../../blueprint/model";
import type { Flavor } from "../../providers/openstack/cloud";

type Minima = NonNullable<Service["machine"]>;

/**
 * Name of the flavor for a service: the location's own if it is large enough, else the smallest that is; undefined if none is.
 */
export function chooseFlavor(flavors: readonly Flavor[], preferred: string, minima: Minima): string | undefined {
  const fitting = flavors.filter(
    (flavor) =>
      flavor.ram >= (minima.minRamMb ?? 0) &&
      flavor.vcpus >= (minima.minCores ?? 0) &&
      flavor.disk >= (minima.minDiskGb ?? 0),
  );
  const smallestFirst = [...fitting].sort(
    (a, b) => a.ram - b.ram || a.vcpus - b.vcpus || a.disk - b.disk || (a.name < b.name ? -1 : 1),
  );
  return (fitting.find(({ name }) => name === preferred) ?? smallestFirst[0])?.name;
}

/** The minima in words, e.g. `2048 MB of memory, 2 cores`. */
export function describeMinima({ minRamMb, minCores, minDiskGb }: Minima): string {
  return [
    ...(minRamMb === undefined ? [] : [`${minRamMb} MB of memory`]),
    ...(minCores === undefined ? [] : [`${minCores} cores`]),
    ...(minDiskGb === undefined ? [] : [`${minDiskGb} GB of disk`]),
  ].join(", ");
}
