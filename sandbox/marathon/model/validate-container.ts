import type { AppSpec, Volume } from "./app";
import type { Problem } from "./schema";

/** The rules for `container`: engine, image options, volumes. */
export function containerProblems(app: AppSpec, features: ReadonlySet<string>): Problem[] {
  const container = app.container;
  if (!container) return [];
  const problems: Problem[] = [];
  const docker = container.docker;
  if (container.type === "DOCKER" && !docker) problems.push({ path: "/container/docker", error: "not defined" });
  if (container.type === "MESOS" && docker && docker.parameters.length > 0)
    problems.push({ path: "/container/docker/parameters", error: "must be empty" });
  if (container.type === "MESOS" && docker?.credential)
    problems.push({ path: "/container/docker/credential", error: "must be empty" });
  if (container.type === "DOCKER" && docker?.pullConfig)
    problems.push({
      path: "/container/docker/pullConfig",
      error: "pullConfig is not supported with Docker containerizer",
    });
  if (docker?.pullConfig && container.type === "MESOS" && !app.secrets?.[docker.pullConfig.secret])
    problems.push({
      path: "/container/docker/pullConfig/secret",
      error: "pullConfig.secret must refer to an existing secret",
    });
  container.volumes.forEach((volume, index) => {
    const path = `/container/volumes(${index})`;
    problems.push(...persistentProblems(volume, path), ...externalProblems(volume, path, app, features));
    if (volume.secret && features.has("secrets") && !app.secrets?.[volume.secret])
      problems.push({ path, error: "volume.secret must refer to an existing secret" });
    if (volume.secret && !features.has("secrets")) problems.push(featureProblem(path, "secrets"));
  });
  return problems;
}

/** The rules for `secrets` and the environment that refers to them. */
export function secretProblems(app: AppSpec, features: ReadonlySet<string>): Problem[] {
  const problems: Problem[] = [];
  const enabled = features.has("secrets");
  const environment = Object.entries(app.env ?? {});
  environment.forEach(([name], index) => {
    if (name === "") problems.push({ path: `/env/keys(${index})`, error: "must not be empty" });
  });
  Object.keys(app.secrets ?? {}).forEach((name, index) => {
    if (name === "") problems.push({ path: `/secrets/keys(${index})`, error: "must not be empty" });
  });
  if (app.secrets && !enabled) problems.push(featureProblem("/secrets", "secrets"));
  const references = environment.filter(([, value]) => typeof value !== "string");
  if (references.length > 0 && !enabled)
    problems.push({
      path: "/env",
      error: "use of secret-references in the environment requires the secrets feature to be enabled",
    });
  for (const [name, value] of references)
    if (typeof value !== "string" && !app.secrets?.[value.secret])
      problems.push({ path: `/env/${name}/secret`, error: "references an undefined secret" });
  return problems;
}

function persistentProblems(volume: Volume, path: string): Problem[] {
  if (!volume.persistent) return [];
  const problems: Problem[] = [];
  if (volume.containerPath.includes("/"))
    problems.push({ path: `${path}/containerPath`, error: 'value must not contain "/"' });
  if (volume.persistent.size <= 0)
    problems.push({ path: `${path}/persistent/size`, error: `got ${volume.persistent.size}, expected more than 0` });
  return problems;
}

function externalProblems(volume: Volume, path: string, app: AppSpec, features: ReadonlySet<string>): Problem[] {
  const external = volume.external;
  if (!external) return [];
  if (!features.has("external_volumes")) return [featureProblem(path, "external_volumes")];
  const problems: Problem[] = [];
  if (!external.options?.["dvdi/driver"])
    problems.push({ path: `${path}/external/options("dvdi/driver")`, error: "not defined" });
  if (app.container?.type === "DOCKER" && external.size !== undefined) {
    const error = "must be undefined for Docker containers";
    problems.push({ path: `${path}/external/size`, error }, { path: `${path}/external/size`, error });
  }
  return problems;
}

export function featureProblem(path: string, feature: string): Problem {
  return { path, error: `Feature ${feature} is not enabled. Enable with --enable_features ${feature})` };
}
