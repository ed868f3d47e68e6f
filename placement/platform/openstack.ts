import type { OpenStackLocation } from "../../settings/schema";
import {
  bindings,
  CPU_SHARES,
  flag,
  INSTANCES,
  INTERACTIVE,
  list,
  MARATHON_APP,
  mountText,
  number,
  VOLUMES_FROM,
} from "./asked";
import type { PlatformTraits } from "./traits";

export const openstack: PlatformTraits<OpenStackLocation> = {
  sharesHostAddress: false,
  hasHosts: false,
  filtersSources: true,
  workloads: ["software"],
  unsupported: [
    { key: "entrypoint", asked: (service) => list(service.entrypoint ?? []) && "a program of its own" },
    { key: "commands", asked: (service) => list(service.commands ?? []) && "arguments of its own" },
    {
      key: "volumes",
      aliases: ["volumes", "volumeMappings"],
      asked: ({ volumes }) => list(volumes.map(mountText)),
    },
    VOLUMES_FROM,
    { key: "privileged", asked: (service) => flag(service.privileged) },
    INTERACTIVE,
    CPU_SHARES,
    INSTANCES,
    MARATHON_APP,
    { key: "memory", asked: (service) => number(service.memoryBytes) },
    {
      key: "portBindings that change the port",
      asked: (service) => bindings(service, ({ hostPort, containerPort }) => hostPort !== containerPort),
    },
  ],
  nameLimit: 63,
  hosts: () => ({}),
  // Floating addresses exist only once the machines do.
  addresses: () => [],
  forwarderLacks: () => undefined,
  mapsPortsOnDemand: () => true,
  calico: "set",
  calicoLacks: () => undefined,
  hasHostEndpoints: ({ hostEndpoints }) => hostEndpoints,
  healthSources: () => [],
  loginSources: ({ sshSources }) => sshSources,
};
