import type { AppSpec, Container, Volume } from "../model/app";
import type { Problem } from "../model/schema";
import { isPattern } from "./constraints";
import { repeats } from "./networks";
import { featureProblem } from "./secrets";

const LABEL = "^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$";
const OPTION_KEY = "^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?/[A-Za-z0-9](?:[-A-Za-z0-9\\._:]*[A-Za-z0-9])?$";
const DRIVER = "dvdi/driver";
const WRITABLE = "does not equal RW";
const OPERATORS = ["UNIQUE", "LIKE", "CLUSTER", "GROUP_BY", "UNLIKE", "MAX_PER", "IS"];

/** The rules for the volumes of a container. */
export function volumeProblems(
  container: Container,
  secrets: AppSpec["secrets"],
  features: ReadonlySet<string>,
): Problem[] {
  const problems = container.volumes.flatMap((volume, index) => {
    const path = `/container/volumes(${index})`;
    if (volume.persistent) return persistentProblems(volume, volume.persistent, path);
    if (volume.external) return externalProblems(volume, volume.external, container, path, features);
    if (volume.secret && !secrets?.[volume.secret])
      return [{ path, error: "volume.secret must refer to an existing secret" }];
    return [];
  });
  if (repeats(container.volumes.flatMap(({ external }) => external?.name ?? [])))
    problems.push({ path: "/container/volumes", error: "Volume names must be unique" });
  return problems;
}

/** The volumes of Docker's volume drivers an app has, by name and by position among its external volumes. */
export function driverVolumes({ container }: Pick<AppSpec, "container">): { name: string; index: number }[] {
  const external = container?.volumes.flatMap((volume) => volume.external ?? []) ?? [];
  return external.flatMap(({ name, provider }, index) =>
    provider === "dvdi" && name !== undefined ? [{ name, index }] : [],
  );
}

/** What an app with volumes of Docker's volume drivers has to keep to besides. */
export function driverProblems(app: Pick<AppSpec, "id" | "instances" | "container" | "upgradeStrategy">): Problem[] {
  const { id, container, instances, upgradeStrategy } = app;
  if (!container) return [];
  const problems: Problem[] = [];
  const names = driverVolumes(app).map(({ name }) => name);
  if (!container.volumes.some(({ external }) => external?.provider === "dvdi")) return [];
  for (const name of new Set(names.filter((one, index) => names.indexOf(one) !== index)))
    problems.push({ path: "/", error: `Requested DVDI volume '${name}' is declared more than once within app ${id}` });
  if (instances > 1)
    problems.push({
      path: "/",
      error: `Number of instances is limited to 1 when declaring DVDI volumes in app [${id}]`,
    });
  container.volumes.forEach((volume, index) => {
    if (volume.external?.provider === "dvdi")
      problems.push(...engineProblems(volume, volume.external, container, `/container/volumes(${index})`));
  });
  return [...problems, ...stayingProblems(upgradeStrategy)];
}

/** What an upgrade may do to tasks that are bound to their volumes. */
export function stayingProblems(strategy: AppSpec["upgradeStrategy"] | undefined): Problem[] {
  const over = strategy?.maximumOverCapacity ?? 0;
  if (over === 0) return [];
  const error = `got ${Number.isInteger(over) ? over.toFixed(1) : over}, expected 0.0`;
  return [{ path: "/upgradeStrategy/maximumOverCapacity", error }];
}

function persistentProblems(volume: Volume, info: NonNullable<Volume["persistent"]>, path: string): Problem[] {
  const { type, size, maxSize, constraints } = info;
  const within = `${path}/persistent`;
  const faults: [boolean, string, string][] = [
    [isDots(volume.containerPath), `${path}/containerPath`, "can not be one of (.,..)"],
    [volume.containerPath.includes("/"), `${path}/containerPath`, 'value must not contain "/"'],
    [volume.mode === "RO", `${path}/mode`, WRITABLE],
    [size <= 0, `${within}/size`, `got ${size}, expected more than 0`],
    [type !== "mount" && maxSize !== undefined, within, "Only mount volumes can have maxSize"],
    [type === "root" && constraints.length > 0, within, "Constraints on root volumes are not supported"],
    [maxSize !== undefined && maxSize <= size, within, "Max size must be larger than size"],
  ];
  const broken = constraints.flatMap((constraint) => {
    const error = constraintFault(constraint);
    return error === undefined ? [] : [{ path: `${within}/constraints`, error }];
  });
  return [...found(faults), ...broken];
}

function constraintFault(constraint: readonly string[]): string | undefined {
  const [field, operator, value] = constraint;
  if (field === undefined) return "Missing field and operator";
  if (field !== "path" || operator === undefined || value === undefined)
    return `Unsupported constraint ${constraint.join(",")}`;
  if (!OPERATORS.includes(operator)) return `unknown constraint operator ${operator}`;
  if (operator !== "LIKE" && operator !== "UNLIKE") return "Operator must be one of LIKE, UNLIKE";
  return isPattern(value) ? undefined : "Invalid regular expression";
}

type External = NonNullable<Volume["external"]>;

function externalProblems(
  volume: Volume,
  external: External,
  container: Container,
  path: string,
  features: ReadonlySet<string>,
): Problem[] {
  const { name, provider, options = {} } = external;
  const within = `${path}/external`;
  const problems = [...labelProblems(name, `${within}/name`), ...labelProblems(provider, `${within}/provider`)];
  for (const key of Object.keys(options))
    if (!new RegExp(OPTION_KEY).test(key)) problems.push({ path: `${within}/options`, error: mustMatch(OPTION_KEY) });
  if (provider !== undefined && provider !== "dvdi")
    problems.push({ path: `${within}/provider`, error: "is unknown provider" });
  if (provider === "dvdi") {
    problems.push(...labelProblems(options[DRIVER], `${within}/options("${DRIVER}")`));
    if (options[DRIVER] === "rexray") problems.push(...rexrayProblems(options, `${within}/options`));
    problems.push(...engineProblems(volume, external, container, path));
  }
  if (!features.has("external_volumes")) problems.push(featureProblem(path, "external_volumes"));
  return problems;
}

/** What the engine of the container can do with a volume of a driver. */
function engineProblems(volume: Volume, external: External, { type }: Container, path: string): Problem[] {
  const dots: [boolean, string, string] = [
    isDots(volume.containerPath),
    `${path}/containerPath`,
    "can not be one of (.,..)",
  ];
  if (type === "MESOS") return found([dots, [volume.mode === "RO", `${path}/mode`, WRITABLE]]);
  const others = Object.keys(external.options ?? {}).some((key) => key !== DRIVER);
  return found([
    dots,
    [others, `${path}/external/options`, `must only contain ${DRIVER}`],
    [external.size !== undefined, `${path}/external/size`, "must be undefined for Docker containers"],
  ]);
}

function rexrayProblems(options: Readonly<Record<string, string>>, path: string): Problem[] {
  const at = (key: string): string => `${path}/"${key}"`;
  const problems = ["dvdi/volumetype", "dvdi/newfstype"].flatMap((key) =>
    options[key] === undefined ? [] : labelProblems(options[key], at(key)),
  );
  const iops = options["dvdi/iops"];
  if (iops !== undefined && !(/^\+?\d+$/.test(iops) && Number(iops) > 0))
    problems.push({ path: at("dvdi/iops"), error: `Expected a valid, positive integer instead of ${iops}` });
  return problems;
}

function labelProblems(text: string | undefined, path: string): Problem[] {
  if (text === undefined) return [{ path, error: "not defined" }];
  return new RegExp(LABEL).test(text) ? [] : [{ path, error: mustMatch(LABEL) }];
}

function mustMatch(pattern: string): string {
  return `must match regular expression '${pattern}'`;
}

function isDots(path: string): boolean {
  return path === "." || path === "..";
}

function found(faults: readonly [boolean, string, string][]): Problem[] {
  return faults.flatMap(([fault, path, error]) => (fault ? [{ path, error }] : []));
}
