import path from "node:path";
import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { BuildInstructions } from "../../blueprint/build/model";
import type { Service } from "../../blueprint/model";
import type { Plan } from "../../placement/model";
import { digestOf } from "../../providers/docker/build/context";
import { ImageBuild } from "../../providers/docker/build/resource";
import type { BuildOptions, BuildSource } from "../../providers/docker/build/source";
import { labelsOf } from "../labels";
import { workloadImage } from "../software/workload-image";
import type { ContainerServiceArgs } from "./container-service";

/** Repository of the images that are built. */
const REPOSITORY = "clocker";

/** A service's image on the engine of its host. */
export interface ServiceImage {
  /** `sha256:…` */
  readonly id: pulumi.Input<string>;
  /** What pulls or builds it; absent for one that the host has. */
  readonly resource?: docker.RemoteImage | ImageBuild;
}

/** @param name Logical name of the resource. */
export function serviceImage(name: string, args: ContainerServiceArgs, parent: pulumi.Resource): ServiceImage {
  const { placed, engine, host, plan } = args;
  const { service } = placed;
  const { workload } = service;
  if (workload.kind === "image" && workload.imageId !== undefined) return { id: workload.imageId };
  if (workload.kind !== "image" || workload.build === undefined) {
    const pulled = engine.image(name, workloadImage(workload), parent);
    return { id: pulled.imageId, resource: pulled };
  }
  const source = sourceOf(workload.build);
  const options = optionsOf(workload.build, plan, service);
  const built = new ImageBuild(
    name,
    {
      location: host.location,
      host: host.name,
      name: `${REPOSITORY}/${placed.physicalName}`,
      digest: pulumi.output(digestOf(source, options)),
      source,
      ...options,
      timeoutSeconds: workload.build.timeoutSeconds,
    },
    { parent },
  );
  return { id: built.imageId, resource: built };
}

/** Where a build's files are, whatever folder another process runs in. */
export function sourceOf(build: BuildInstructions): BuildSource {
  const { dockerfile, context, entrypoint, dockerfileName, substitutions } = build;
  return {
    dockerfile: "url" in dockerfile ? dockerfile : { path: path.resolve(dockerfile.path) },
    ...(context !== undefined && { context: path.resolve(context) }),
    ...(entrypoint !== undefined && { entrypoint: path.resolve(entrypoint) }),
    dockerfileName,
    substitutions: { ...substitutions },
  };
}

function optionsOf({ args, labels, target }: BuildInstructions, plan: Plan, service: Service): BuildOptions {
  const all = { ...labels, ...labelsOf(plan, service.id) };
  return { args: { ...args }, labels: all, ...(target !== undefined && { target }) };
}
