import { formatImage } from "../../blueprint/image";
import type { Workload } from "../../blueprint/model";

/**
 * The image of a workload on platforms that run containers, as `docker pull` takes it.
 * @throws Error for software, which placement turns into images there.
 */
export function workloadImage(workload: Workload): string {
  if (workload.kind === "image") return formatImage(workload.image);
  throw new Error(`'${workload.entity}' is software, not an image`);
}
