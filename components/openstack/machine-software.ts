import type * as openstack from "@pulumi/openstack";
import * as pulumi from "@pulumi/pulumi";
import { entityOf } from "../../blueprint/entity/table";
import { ipv4Ranges } from "../../placement/policy/ranges";
import { MachineSetup } from "../../providers/machine/machine-setup";
import type { SshKey } from "../../providers/machine/ssh-key";
import { gated } from "../gate";
import { CHECK_FELIX, felixFiles, felixSteps, type MachineFelix, REMOVE_FELIX } from "../software/felix";
import { CHECK_LINKS, LINK_STEP, linkFiles } from "../software/machine-links";
import { WAIT_FOR_FIRST_BOOT } from "../software/machine-steps";
import { softwareFiles, softwareProcedure } from "../software/software";
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
  if (workload.kind !== "software") {
    throw new pulumi.ResourceError(
      `cannot place service '${id}' on openstack: it runs software, not images`,
      target.parent,
    );
  }
  const inside = new Map([...neighbours.values()].map((neighbour) => [neighbour as unknown, neighbour.insideAddress]));
  const links = machineLinks(args.links, (component) => inside.get(component));
  const felix = felixOf(args);
  const checks = [CHECK_LINKS, ...(felix ? [CHECK_FELIX] : [])].join("\n");
  const { entity: type, asksForVersion } = workload;
  const settings = args.software ?? {};
  const software = pulumi
    .all([gated(target.fixedAddress, args.gate), pulumi.all(settings)])
    .apply(([address, known]) => ({ entity: entityOf(type), asksForVersion, address, settings: known }));
  const procedure = software.apply(softwareProcedure);
  return new MachineSetup(
    name,
    {
      machine: target.machine.id,
      address: target.address,
      user: location.loginUser,
      privateKey: target.key.privateKey,
      files: pulumi
        .all([links, software, pulumi.all(args.env)])
        .apply(([known, wanted, environment]) => [...linkFiles(known), ...softwareFiles(wanted, environment)])
        .apply((own) => pulumi.all([...(felix ? [pulumi.secret(felixFiles(felix))] : []), own]))
        .apply((all) => all.flat()),
      steps: procedure.apply(({ steps }) => [
        WAIT_FOR_FIRST_BOOT,
        // Before the service: nothing of it answers unguarded.
        ...(felix ? felixSteps(felix) : [REMOVE_FELIX]),
        LINK_STEP,
        ...steps,
      ]),
      verify: procedure.apply(({ verify }) => ({ ...verify, script: `${checks}\n${verify.script}` })),
      redact: secretValues([
        ...Object.values(args.env),
        ...Object.values(settings),
        ...[felix?.etcd.key, felix?.etcd.password].flatMap((value) =>
          value === undefined ? [] : [pulumi.secret(value)],
        ),
      ]),
      timeoutSeconds: startTimeoutSeconds,
    },
    // A component's own dependsOn does not reach its children.
    { parent: target.parent, dependsOn: [...target.dependsOn, ...args.links.map((link) => link.component)] },
  );
}

/** Felix on the machine, where the location wants it and the application has a network in Calico. */
function felixOf({ placed, location, calico }: MachineServiceArgs): MachineFelix | undefined {
  const { hostEndpoints, felixUrl: url, felixSha256: sha256 } = location;
  if (!hostEndpoints || calico === undefined || url === undefined || sha256 === undefined) return undefined;
  return { node: placed.physicalName, etcd: calico.etcd, url, sha256, logins: ipv4Ranges(location.sshSources) };
}

/** Those of the values that are secret; ordinary ones would only make messages unreadable. */
function secretValues(values: readonly pulumi.Input<string>[]): pulumi.Output<string[]> {
  const outputs = values.map((value) => pulumi.output(value));
  return pulumi
    .output(Promise.all(outputs.map((output) => pulumi.isSecret(output))))
    .apply((secret) => pulumi.all(outputs.filter((_, index) => secret[index])));
}
