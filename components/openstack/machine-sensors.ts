import * as pulumi from "@pulumi/pulumi";
import type { PlacedService } from "../../placement/model";
import type { MachineSetup } from "../../providers/machine/machine-setup";
import { publishedSensors } from "../sensors";

export interface MachineFacts {
  readonly address: pulumi.Output<string>;
  readonly insideAddress: pulumi.Output<string>;
  readonly setup: MachineSetup;
}

/** Brooklyn's sensors of a machine with software; all are known only once the software answers. */
export function machineSensors(
  { service, physicalName, ports }: PlacedService,
  { address, insideAddress, setup }: MachineFacts,
): Record<string, pulumi.Output<unknown>> {
  const afterSetup = <T>(value: T): pulumi.Output<T> => setup.id.apply(() => value);
  const sensors: Record<string, pulumi.Output<unknown>> = {
    "service.isUp": afterSetup(true),
    "service.state": afterSetup("RUNNING"),
    "host.address": address,
    "host.name": afterSetup(physicalName),
    "host.subnet.address": insideAddress,
    "host.subnet.hostname": afterSetup(physicalName),
  };
  Object.assign(
    sensors,
    publishedSensors(service, afterSetup, (port) => address.apply((known) => ({ address: known, port }))),
  );
  const main = ports.find(({ published }) => published);
  if (main !== undefined) {
    sensors["main.uri"] = pulumi.interpolate`http://${address}${main.port === 80 ? "" : `:${main.port}`}/`;
  }
  return sensors;
}
