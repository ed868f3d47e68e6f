import type { Diagnostic } from "../../blueprint/model";
import type { PlacedService } from "../../placement/model";
import { readContext } from "../../providers/docker/build/context";
import { BuildProblem } from "../../providers/docker/build/source";
import { imagePresent } from "../../providers/docker/preflight";
import type { DockerHost } from "../../settings/schema";
import { sourceOf } from "./service-image";

/** Whether a service's image comes out of a registry, if the host does not have it. */
export function isPulled({ service: { workload } }: PlacedService): boolean {
  return workload.kind !== "image" || (workload.build === undefined && workload.imageId === undefined);
}

/** What stands against an image that is built on its host, or that the host is to have already. */
export async function unpulledProblems(
  { service }: PlacedService,
  hostName: string,
  host: DockerHost,
): Promise<Diagnostic[]> {
  const { workload } = service;
  if (workload.kind !== "image") return [];
  const { build, imageId } = workload;
  if (imageId !== undefined && !(await imagePresent(host, imageId))) {
    return [
      {
        severity: "error",
        code: "image-missing",
        message: `image '${imageId}' of service '${service.id}' is not on docker host '${hostName}', and an id cannot be pulled`,
        remedy: "load it on the host, or name the image in the type instead of imageId",
        at: service.at,
      },
    ];
  }
  if (build === undefined || "url" in build.dockerfile) return [];
  try {
    await readContext(sourceOf(build));
    return [];
  } catch (error) {
    if (!(error instanceof BuildProblem)) throw error;
    const message = `the image of service '${service.id}' cannot be built: ${error.message}`;
    return [{ severity: "error", code: "bad-build", message, remedy: error.remedy, at: build.at }];
  }
}
