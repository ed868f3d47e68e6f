import * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import type { PlannedLink } from "../../placement/model";
import { endpointsOf } from "../link-target";
import type { PlacedComponent } from "../platform";
import { type DockerEngine, labelArgs } from "./docker-engine";
import { forwarderConfiguration } from "./forwarder-configuration";

interface ForwarderArgs {
  readonly engine: DockerEngine;
  readonly name: string;
  readonly physicalName: string;
  /** Image with HAProxy. */
  readonly image: pulumi.Input<string>;
  readonly labels: Readonly<Record<string, string>>;
  readonly network: docker.Network;
  readonly link: PlannedLink;
  readonly target: PlacedComponent;
  readonly parent: pulumi.Resource;
}

/** Where the official image looks for it. */
const CONFIGURATION = "/usr/local/etc/haproxy/haproxy.cfg";

/**
 * A container that answers on a network under a link's alias, on all the target's ports, and passes connections on to its instances.
 * Other instances make another container; who links through it stays.
 */
export function createForwarder(args: ForwarderArgs): docker.Container {
  const { engine, link, target, physicalName: name, labels } = args;
  const content = target.endpoints.apply((endpoints) =>
    forwarderConfiguration(
      link.ports.map((port) => ({
        port: port.port,
        backends: endpointsOf({ ...link, component: target }, endpoints, port),
      })),
    ),
  );
  return new docker.Container(
    args.name,
    {
      name,
      image: args.image,
      command: ["haproxy", "-f", CONFIGURATION],
      uploads: [{ file: CONFIGURATION, content }],
      networkMode: "bridge",
      networksAdvanced: [{ name: args.network.name, aliases: [link.alias] }],
      restart: "unless-stopped",
      labels: labelArgs(labels),
    },
    {
      ...engine.childOptions(args.parent, { kind: "container", name, labels }),
      deleteBeforeReplace: true,
    },
  );
}
