import type * as openstack from "@pulumi/openstack";
import * as pulumi from "@pulumi/pulumi";
import { MachineSetup } from "../../providers/machine/machine-setup";
import type { SshKey } from "../../providers/machine/ssh-key";
import { CHECK_LINKS, linkFiles, linkStep } from "../software/machine-links";
import { WAIT_FOR_FIRST_BOOT } from "../software/machine-steps";
import { redisFiles, redisProcedure } from "../software/redis";
import { machineLinks } from "./machine-links";
import type { MachineServiceArgs } from "./machine-service";

export interface InstallTarget {
  readonly machine: openstack.compute.Instance;
  readonly key: SshKey;
  /** Where SSH and the service answer. */
  readonly address: pulumi.Input<string>;
  /** Of the machine's own interface, where the service listens. */
  readonly fixedAddress: pulumi.Input<string>;
  readonly parent: pulumi.Resource;
  readonly dependsOn: pulumi.Resource[];
}

/** The service's software and the names of its links on the machine. */
export function installSoftware(name: string, args: MachineServiceArgs, target: InstallTarget): MachineSetup {
  const { placed, location, neighbours } = args;
  const { workload, startTimeoutSeconds, id } = placed.service;
  if (workload.kind !== "redis") {
    throw new pulumi.ResourceError(
      `cannot place service '${id}' on openstack: it runs software, not images`,
      target.parent,
    );
  }
  const inside = new Map([...neighbours.values()].map((neighbour) => [neighbour as unknown, neighbour.insideAddress]));
  const links = machineLinks(args.links, (component) => inside.get(component));
  const forwarded = args.links
    .filter((link) => link.route === "forward")
    .flatMap(({ alias, ports }) => ports.map((port) => ({ alias, port })));
  const procedure = pulumi.output(target.fixedAddress).apply((address) => redisProcedure(workload, address));
  return new MachineSetup(
    name,
    {
      machine: target.machine.id,
      address: target.address,
      user: location.loginUser,
      privateKey: target.key.privateKey,
      files: pulumi
        .all([links, target.fixedAddress, pulumi.all(args.env)])
        .apply(([known, address, env]) => [...linkFiles(known), ...redisFiles(workload, address, env)]),
      steps: procedure.apply(({ steps }) => [WAIT_FOR_FIRST_BOOT, linkStep(forwarded), ...steps]),
      verify: procedure.apply(({ verify }) => ({ ...verify, script: `${CHECK_LINKS}\n${verify.script}` })),
      redact: secretValues(Object.values(args.env)),
      timeoutSeconds: startTimeoutSeconds,
    },
    // A component's own dependsOn does not reach its children.
    { parent: target.parent, dependsOn: [...target.dependsOn, ...args.links.map((link) => link.component)] },
  );
}

/** Those of the values that are secret; ordinary ones would only make messages unreadable. */
function secretValues(values: readonly pulumi.Input<string>[]): pulumi.Output<string[]> {
  const outputs = values.map((value) => pulumi.output(value));
  return pulumi
    .output(Promise.all(outputs.map((output) => pulumi.isSecret(output))))
    .apply((secret) => pulumi.all(outputs.filter((_, index) => secret[index])));
}
