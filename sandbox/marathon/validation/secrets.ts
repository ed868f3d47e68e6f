import type { AppSpec } from "../model/app";
import type { Problem } from "../model/schema";

type Secrets = AppSpec["secrets"];

export function featureProblem(path: string, feature: string): Problem {
  return { path, error: `Feature ${feature} is not enabled. Enable with --enable_features ${feature})` };
}

/** What is said of something that may be set only with a feature: both ways to put it right. */
export function onlyWith(feature: string, path: string, features: ReadonlySet<string>): Problem[] {
  return features.has(feature) ? [] : [{ path, error: "must be empty" }, featureProblem(path, feature)];
}

/** The rules for the names in `secrets`. */
export function secretProblems(secrets: Secrets, features: ReadonlySet<string>): Problem[] {
  return features.has("secrets") ? emptyKeys(secrets, "/secrets") : [];
}

/** The rules for an environment: names, and references to secrets. */
export function environmentProblems(
  env: AppSpec["env"],
  secrets: Secrets,
  features: ReadonlySet<string>,
  path = "/env",
): Problem[] {
  const problems = emptyKeys(env, path);
  const references = Object.entries(env ?? {}).flatMap(([name, value]) =>
    typeof value === "string" ? [] : [{ name, secret: value.secret }],
  );
  if (references.length > 0 && !features.has("secrets"))
    problems.push({
      path,
      error: "use of secret-references in the environment requires the secrets feature to be enabled",
    });
  for (const { name, secret } of references)
    if (!secrets?.[secret]) problems.push({ path: `${path}/${name}/secret`, error: "references an undefined secret" });
  return problems;
}

function emptyKeys(map: object | undefined, path: string): Problem[] {
  const index = Object.keys(map ?? {}).indexOf("");
  return index < 0 ? [] : [{ path: `${path}/keys(${index})`, error: "must not be empty" }];
}
