import type * as pulumi from "@pulumi/pulumi";
import type { PlacedService } from "../../placement/model";
import type { MarathonLocation } from "../../settings/schema";
import { serviceSensors } from "../sensors";
import { addressOf, type Running } from "./running";

/**
 * The sensors of a service on Marathon. `service.isUp` and `service.state` follow the health of its tasks; `marathon.tasks` lists these:
 * id, agent, the agent's address, its ports in the order of the app's, the task's own addresses, whether it is healthy.
 */
export function taskSensors(
  placed: PlacedService,
  settings: MarathonLocation,
  running: pulumi.Output<Running>,
): Record<string, pulumi.Output<unknown>> {
  const endpoints = running.apply((known) => [...known.endpoints]);
  return {
    ...serviceSensors(placed, endpoints),
    "service.isUp": running.apply(({ tasks, healthy }) => healthy || tasks.some((task) => task.healthy)),
    "service.state": running.apply(({ healthy }) => (healthy ? "RUNNING" : "ON_FIRE")),
    "host.address": endpoints.apply(([first]) => first?.address),
    "host.name": running.apply(({ up: [first] }) => first?.host),
    "host.subnet.address": running.apply(({ up: [first] }) => first?.ipAddresses[0]),
    "marathon.tasks": running.apply(({ tasks }) =>
      tasks.map(({ id, host, ports, ipAddresses, healthy }) => ({
        id,
        host,
        address: addressOf(host, settings),
        ports,
        ipAddresses,
        healthy,
      })),
    ),
    "marathon.tasks.running": running.apply(({ tasks }) => tasks.length),
    "marathon.tasks.healthy": running.apply(({ tasks }) => tasks.filter(({ healthy }) => healthy).length),
  };
}
