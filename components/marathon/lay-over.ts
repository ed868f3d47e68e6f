import * as pulumi from "@pulumi/pulumi";

type Fields = Readonly<Record<string, unknown>>;

/**
 * An app definition with other fields laid over it: each replaces the one of its name, null takes it away. To `env`, `labels` and what is
 * in `container` they are added.
 */
export function layOver(derived: Fields, given: Fields): Record<string, unknown> {
  const { env, labels, container, ...others } = given;
  const replaced = { ...derived, ...others };
  return withoutNull({
    ...replaced,
    env: { ...fields(derived["env"]), ...fields(env) },
    labels: { ...fields(labels), ...fields(derived["labels"]) },
    container: addContainer(fields(derived["container"]), fields(container)),
  });
}

function addContainer(derived: Fields, given: Fields): Fields {
  const docker = [fields(derived["docker"]), fields(given["docker"])] as const;
  return {
    ...derived,
    ...given,
    docker: { ...docker[0], ...docker[1], ...joined("parameters", ...docker) },
    ...joined("volumes", derived, given),
  };
}

/** The list of that name with the entries of both, if either has it. */
function joined(name: string, derived: Fields, given: Fields): Fields {
  if (given[name] === undefined || given[name] === null) return name in derived ? { [name]: derived[name] } : {};
  return {
    [name]: pulumi.all([derived[name] ?? [], given[name]]).apply((lists) => lists.flatMap((list) => list as unknown[])),
  };
}

function fields(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

function withoutNull(value: Fields): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== null));
}
