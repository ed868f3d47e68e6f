import { formatImage } from "../../blueprint/image";
import type { Workload } from "../../blueprint/model";
import { redisImage } from "./redis";

/** The image of a workload for platforms that run containers, as `docker pull` takes it. */
export function workloadImage(workload: Workload): string {
  return workload.kind === "image" ? formatImage(workload.image) : redisImage(workload.version);
}
