import type { CalicoKind } from "./calico/model/kinds";
import { callHandler, type Method } from "./runtime/dispatch";
import type { Handler, StackConfig } from "./runtime/handler";

// Each handler is loaded on first use, so that no kind pays for the packages of another.
const handlers = {
  "calico.AddressRange": async () => (await import("./calico/address-range-handler.js")).addressRangeHandler,
  "calico.BGPConfiguration": () => calicoResource("BGPConfiguration"),
  "calico.BGPFilter": () => calicoResource("BGPFilter"),
  "calico.BGPPeer": () => calicoResource("BGPPeer"),
  "calico.Datastore": async () => (await import("./calico/datastore-handler.js")).datastoreHandler,
  "calico.FelixConfiguration": () => calicoResource("FelixConfiguration"),
  "calico.GlobalNetworkPolicy": () => calicoResource("GlobalNetworkPolicy"),
  "calico.GlobalNetworkSet": () => calicoResource("GlobalNetworkSet"),
  "calico.Host": async () => (await import("./calico/host/host-handler.js")).hostHandler,
  "calico.HostEndpoint": () => calicoResource("HostEndpoint"),
  "calico.IPPool": () => calicoResource("IPPool"),
  "calico.IPReservation": () => calicoResource("IPReservation"),
  "calico.NetworkPolicy": () => calicoResource("NetworkPolicy"),
  "calico.NetworkSet": () => calicoResource("NetworkSet"),
  "calico.Node": () => calicoResource("Node"),
  "calico.Profile": () => calicoResource("Profile"),
  "calico.ServiceAddress": async () => (await import("./calico/service-address-handler.js")).serviceAddressHandler,
  "calico.Tier": () => calicoResource("Tier"),
  "calico.WorkloadEndpoint": () => calicoResource("WorkloadEndpoint"),
  "dns.RecordSet": async () => (await import("./dns/record-set-handler.js")).recordSetHandler,
  "docker.Build": async () => (await import("./docker/build/build-handler.js")).buildHandler,
  "docker.Readiness": async () => (await import("./docker/readiness-handler.js")).readinessHandler,
  "machine.Setup": async () => (await import("./machine/setup-handler.js")).setupHandler,
  "machine.SshKey": async () => (await import("./machine/ssh-key-handler.js")).sshKeyHandler,
  "marathon.App": async () => (await import("./marathon/app-handler.js")).appHandler,
  "marathon.Group": async () => (await import("./marathon/group/group-handler.js")).groupHandler,
  "marathon.Pod": async () => (await import("./marathon/pod/pod-handler.js")).podHandler,
} satisfies Record<string, () => Promise<Handler>>;

async function calicoResource(kind: CalicoKind): Promise<Handler> {
  return (await import("./calico/resource-handler.js")).resourceHandler(kind);
}

export type Kind = keyof typeof handlers;

let configuration: StackConfig | undefined;

/**
 * Entry point of the provider texts in the state (stub.cjs); its name and arguments stay as they are. One process serves
 * one stack. `configure` takes effect before this returns: the engine does not wait for it ahead of other calls.
 */
export async function dispatch(kind: string, method: Method | "configure", args: readonly unknown[]): Promise<unknown> {
  if (method === "configure") {
    configuration = (args[0] as { config: StackConfig }).config;
    return undefined;
  }
  const load = (handlers as Record<string, () => Promise<Handler>>)[kind];
  if (!load) {
    const known = Object.keys(handlers).sort().join(", ");
    throw new Error(
      `this version of Clocker has no provider for ${kind}; it has ${known}. Use the version that made it.`,
    );
  }
  return callHandler(await load(), method, args, configuration);
}
