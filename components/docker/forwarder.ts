import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { PlannedLink } from "../../placement/model";
import { endpointOf } from "../link-target";
import type { PlacedComponent } from "../platform";
import { type DockerEngine, labelArgs } from "./docker-engine";

interface ForwarderArgs {
  readonly engine: DockerEngine;
  readonly name: string;
  readonly physicalName: string;
  readonly image: pulumi.Input<string>;
  readonly labels: Readonly<Record<string, string>>;
  readonly network: docker.Network;
  readonly link: PlannedLink;
  readonly target: PlacedComponent;
  readonly parent: pulumi.Resource;
}

/**
 * A container that answers on a network under a link's alias and forwards to where the target is reached. One process forwards one
 * port; those of further ports share the first one's network namespace, so that all ports answer under one name.
 */
export function createForwarder(args: ForwarderArgs): docker.Container {
  const [first, ...others] = args.link.ports;
  if (first === undefined) {
    throw new Error(`link '${args.link.alias}' forwards no port`);
  }
  const main = createProcess(args, first, args.physicalName, args.name, {
    networkMode: "bridge",
    networksAdvanced: [{ name: args.network.name, aliases: [args.link.alias] }],
  });
  for (const port of others) {
    createProcess(args, port, `${args.physicalName}-${port}`, `${args.name}-${port}`, {
      networkMode: pulumi.interpolate`container:${main.id}`,
    });
  }
  return main;
}

function createProcess(
  args: ForwarderArgs,
  port: number,
  physicalName: string,
  name: string,
  network: Pick<docker.ContainerArgs, "networkMode" | "networksAdvanced">,
): docker.Container {
  const endpoint = args.target.endpoints.apply((endpoints) => {
    const found = endpointOf({ ...args.link, component: args.target }, endpoints, port);
    return `TCP:${found.address}:${found.port}`;
  });
  return new docker.Container(
    name,
    {
      name: physicalName,
      image: args.image,
      command: [`TCP-LISTEN:${port},fork,reuseaddr`, endpoint],
      restart: "unless-stopped",
      labels: labelArgs(args.labels),
      ...network,
    },
    {
      ...args.engine.childOptions(args.parent, { kind: "container", name: physicalName, labels: args.labels }),
      deleteBeforeReplace: true,
    },
  );
}
