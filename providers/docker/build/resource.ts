import type * as pulumi from "@pulumi/pulumi";
import { ClockerResource } from "../../runtime/resource";
import type { BuildOptions, BuildSource } from "./source";

export interface ImageBuildArgs extends BuildOptions {
  /** Name of a Docker location in `clocker:locations`; the engine's credentials are taken from there. Another one replaces. */
  readonly location: pulumi.Input<string>;
  /** Name of the host inside the location. Another one replaces. */
  readonly host: pulumi.Input<string>;
  /** Name of the image without a tag. Another one replaces. */
  readonly name: pulumi.Input<string>;
  /** Of all that goes into the image, as `digestOf` gives it. Another one replaces. */
  readonly digest: pulumi.Input<string>;
  readonly source: BuildSource;
  /** Deadline in seconds. */
  readonly timeoutSeconds: pulumi.Input<number>;
}

/** An image that the engine of a host builds; it is removed with the resource, unless a container runs of it. */
export class ImageBuild extends ClockerResource {
  /** `sha256:…` */
  declare readonly imageId: pulumi.Output<string>;

  constructor(name: string, args: ImageBuildArgs, opts?: pulumi.CustomResourceOptions) {
    super("docker.Build", name, { ...args, imageId: undefined }, opts);
  }
}
