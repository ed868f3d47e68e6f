import type { AppSpec, Container, Network } from "../model/app";
import type { Problem } from "../model/schema";
import { mappingProblems } from "./networks";
import { onlyWith } from "./secrets";
import { volumeProblems } from "./volumes";

const DIGEST = "sha512-";

/** What the rules for a container look at besides it. */
export interface Surroundings {
  readonly networks: readonly Network[];
  readonly secrets: AppSpec["secrets"];
  readonly features: ReadonlySet<string>;
}

/** The rules for `container`: engine, image options, ports, volumes. */
export function containerProblems(container: Container | undefined, around: Surroundings): Problem[] {
  if (!container) return [];
  const { networks, secrets, features } = around;
  const problems = [
    ...mappingProblems(container.portMappings ?? [], networks),
    ...volumeProblems(container, secrets, features),
    ...(container.type === "DOCKER" ? dockerProblems(container) : mesosProblems(container, around)),
  ];
  // Marathon prints the expression it looked at where a path should be.
  if (container.volumes.some(({ secret, persistent, external }) => secret && !persistent && !external))
    problems.push(...onlyWith("secrets", "/container/secretVolumes(container)", features));
  return problems;
}

function dockerProblems({ docker }: Container): Problem[] {
  if (!docker) return [{ path: "/container/docker", error: "not defined" }];
  if (!docker.pullConfig) return [];
  return [{ path: "/container/docker/pullConfig", error: "pullConfig is not supported with Docker containerizer" }];
}

function mesosProblems({ docker, appc }: Container, { secrets, features }: Surroundings): Problem[] {
  if (docker && appc)
    return [{ path: "/container", error: "mesos containers should specify, at most, a single image type" }];
  const problems: Problem[] = [];
  const path = "/container/docker/pullConfig";
  if (docker?.pullConfig) {
    problems.push(...onlyWith("secrets", path, features));
    if (!secrets?.[docker.pullConfig.secret])
      problems.push({ path, error: "pullConfig.secret must refer to an existing secret" });
  }
  const id = appc?.id;
  if (id !== undefined && !id.startsWith(DIGEST))
    problems.push({ path: "/container/appc/id", error: `id must begin with '${DIGEST}',` });
  if (id !== undefined && id.length <= DIGEST.length)
    problems.push({ path: "/container/appc/id", error: `id must contain non-empty digest after '${DIGEST}'.` });
  return problems;
}
