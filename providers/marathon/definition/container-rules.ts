import type { Finding, Subject } from "./finding";
import { entries, isObject, type Json, list, objects } from "./json";

/** The rules for what runs, its container, volumes and secrets. */
export function containerRules({ app }: Subject): Finding[] {
  const container = app["container"];
  return [
    ...command(app),
    ...(isObject(container) ? [...engine(container, app), ...volumes(container, app)] : []),
    ...secrets(app),
  ];
}

function command(app: Subject["app"]): Finding[] {
  const { cmd, args, container } = app;
  const from = [args, container];
  const both = cmd !== undefined && list(args).length > 0;
  const image = isObject(container) && (container["docker"] !== undefined || container["type"] === "DOCKER");
  if (both) return [{ property: "app.cmd", reason: "and app.args exclude each other", from }];
  if (cmd === undefined && list(args).length === 0 && !image)
    return [{ property: "app", reason: "needs cmd, args or a container with an image", from }];
  if (typeof cmd === "string" && cmd.length === 1)
    return [{ property: "app.cmd", reason: "must be longer than one character, or Marathon takes it for empty", from }];
  return [];
}

function engine(container: Json, app: Subject["app"]): Finding[] {
  const { type, docker } = container;
  const findings: Finding[] = [];
  const from = [type, docker, app["secrets"]];
  const refuse = (field: string, reason: string) =>
    findings.push({ property: `app.container.docker${field}`, reason, from });
  if (type === "DOCKER" && docker === undefined)
    refuse("", "is missing: give its image, or type MESOS for a container without one");
  if (!isObject(docker)) return findings;
  const { pullConfig, credential, parameters } = docker;
  if (type === "MESOS" && list(parameters).length > 0) refuse(".parameters", "are for containers of type DOCKER");
  if (type === "MESOS" && credential !== undefined) refuse(".credential", "is of an old API: use pullConfig");
  if (type === "DOCKER" && pullConfig !== undefined)
    refuse(".pullConfig", "is for containers of type MESOS; Docker takes credentials from an archive in fetch");
  if (type === "MESOS" && isObject(pullConfig) && !isSecret(app, pullConfig["secret"]))
    refuse(".pullConfig.secret", `must name an entry of app.secrets; it is ${JSON.stringify(pullConfig["secret"])}`);
  return findings;
}

function volumes(container: Json, app: Subject["app"]): Finding[] {
  return objects(container["volumes"]).flatMap((volume, index) => {
    const at = `app.container.volumes.${index}`;
    const { persistent, external, secret } = volume;
    if (isObject(persistent)) return persistentVolume(at, volume, persistent);
    if (isObject(external)) return externalVolume(at, external, container["type"], app["instances"]);
    if (secret === undefined || isSecret(app, secret)) return [];
    const reason = `must name an entry of app.secrets; it is ${JSON.stringify(secret)}`;
    return [{ property: `${at}.secret`, reason, from: [secret, app["secrets"]] }];
  });
}

function persistentVolume(at: string, volume: Json, persistent: Json): Finding[] {
  const { containerPath, mode } = volume;
  const { type, size, maxSize, constraints } = persistent;
  const findings: Finding[] = [];
  const refuse = (property: string, reason: string) =>
    findings.push({ property: `${at}.${property}`, reason, from: [volume] });
  if (typeof containerPath === "string" && (containerPath.includes("/") || [".", ".."].includes(containerPath)))
    refuse(
      "containerPath",
      `must be a plain name in the task's folder, without "/"; mount it elsewhere by a host volume
 whose hostPath is that name`.replace("\n", ""),
    );
  if (mode !== "RW") refuse("mode", "must be RW, for the volume is persistent");
  if (size === 0) refuse("persistent.size", "must be a number of MiB above 0; it is 0");
  if (type !== "mount" && maxSize !== undefined) refuse("persistent.maxSize", "is for volumes of type mount alone");
  if (typeof maxSize === "number" && typeof size === "number" && maxSize <= size)
    refuse("persistent.maxSize", `must be above size; it is ${maxSize} to ${size}`);
  if (type === "root" && list(constraints).length > 0)
    refuse("persistent.constraints", "are for volumes of type path and mount");
  list(constraints).forEach((constraint, index) => {
    const [field, operator, value] = list(constraint);
    if (field !== "path" || (operator !== "LIKE" && operator !== "UNLIKE") || value === undefined)
      refuse(`persistent.constraints.${index}`, "must be path, LIKE or UNLIKE, and a regular expression");
  });
  return findings;
}

function externalVolume(at: string, external: Json, engine: unknown, instances: unknown): Finding[] {
  const { name, provider, options, size } = external;
  if (provider === "csi") return [];
  const findings: Finding[] = [];
  const refuse = (field: string, reason: string) =>
    findings.push({ property: `${at}.external.${field}`, reason, from: [external, engine, instances] });
  if (Number(instances) > 1 && external["shared"] !== true)
    refuse("shared", `must be true where several instances use the volume; instances is ${instances}`);
  if (!name) refuse("name", "is missing");
  if (!provider) refuse("provider", "is missing: Marathon knows dvdi, and csi from 1.10 on");
  if (isObject(options) && !options["dvdi/driver"]) refuse("options", "must hold dvdi/driver, the name of the driver");
  if (engine === "DOCKER" && size !== undefined) refuse("size", "is for containers of type MESOS: leave it out");
  return findings;
}

function secrets(app: Subject["app"]): Finding[] {
  const environment = entries(app["env"]);
  return [
    ...["env", "secrets"]
      .filter((field) => entries(app[field]).some(([name]) => name === ""))
      .map((field) => ({ property: `app.${field}`, reason: "must not have an empty name", from: [] })),
    ...environment.flatMap(([name, value]) => {
      if (!isObject(value) || isSecret(app, value["secret"])) return [];
      const reason = `must name an entry of app.secrets; it is ${JSON.stringify(value["secret"])}`;
      return [{ property: `app.env.${name}.secret`, reason, from: [value, app["secrets"]] }];
    }),
  ];
}

function isSecret(app: Subject["app"], name: unknown): boolean {
  return entries(app["secrets"]).some(([known]) => known === name);
}
