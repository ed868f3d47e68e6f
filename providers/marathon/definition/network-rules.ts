import type { Finding, Subject } from "./finding";
import { isObject, list, objects } from "./json";
import { isHostMode } from "./normal-form";

/** The rules for networks and ports. */
export function networkRules({ app }: Subject): Finding[] {
  return [...networks(app), ...(isHostMode(app) ? definitions(app) : mappings(app))];
}

function networks(app: Subject["app"]): Finding[] {
  const given = objects(app["networks"]);
  const findings: Finding[] = [];
  const refuse = (property: string, reason: string) =>
    findings.push({ property, reason, from: [app["networks"], app["container"]] });
  const inMode = (mode: string) => given.filter((network) => network["mode"] === mode);
  const joined = inMode("container");
  if (given.length > 1 && joined.length < given.length)
    refuse("app.networks", "may be one host network, or one container/bridge, or any number of container networks");
  given.forEach(({ mode, name, labels }, index) => {
    const at = `app.networks.${index}`;
    if (mode === "host" && (name !== undefined || Object.keys(labels ?? {}).length > 0))
      refuse(at, "takes neither name nor labels, for it is the host's network");
    if (mode === "container/bridge" && name !== undefined)
      refuse(`${at}.name`, "is not for the agents' bridge: leave it out, or choose mode container");
  });
  if (repeated(joined.map(({ name }) => name)).length > 0)
    refuse(
      "app.networks",
      `must not name a network twice: ${repeated(joined.map(({ name }) => name ?? "the default"))}`,
    );
  const container = app["container"];
  if (joined.length > 1 && isObject(container) && container["type"] === "DOCKER")
    refuse("app.networks", "may be one container network alone with Docker; containers of type MESOS can join several");
  return findings;
}

function definitions(app: Subject["app"]): Finding[] {
  const given = objects(app["portDefinitions"]);
  const from = [given];
  const numbers = repeated(given.map(({ port }) => port).filter((port) => port !== 0));
  const names = repeated(given.flatMap(({ name }) => name ?? []));
  return [
    ...(numbers.length > 0
      ? [{ property: "app.portDefinitions", reason: `must not give a port twice: ${numbers}`, from }]
      : []),
    ...(names.length > 0
      ? [{ property: "app.portDefinitions", reason: `must not give a name twice: ${names}`, from }]
      : []),
  ];
}

function mappings(app: Subject["app"]): Finding[] {
  const container = app["container"];
  const given = objects(isObject(container) ? container["portMappings"] : undefined);
  const at = "app.container.portMappings";
  const names = repeated(given.flatMap(({ name }) => name ?? []));
  const joined = objects(app["networks"]);
  const known = joined.map(({ name }) => name);
  return [
    ...(names.length > 0 ? [{ property: at, reason: `must not give a name twice: ${names}`, from: [given] }] : []),
    ...given.flatMap(({ networkNames, hostPort }, index) => {
      const from = [networkNames, app["networks"]];
      const chosen = list(networkNames);
      const strangers = known.includes(undefined) ? [] : chosen.filter((name) => !known.includes(name));
      return [
        ...(strangers.length > 0
          ? [
              {
                property: `${at}.${index}.networkNames`,
                reason: `must be among the app's networks: ${strangers}`,
                from,
              },
            ]
          : []),
        ...(joined.length > 1 && hostPort !== undefined && chosen.length !== 1
          ? [
              {
                property: `${at}.${index}.networkNames`,
                reason: "must name the one network of several that the host's port leads to",
                from,
              },
            ]
          : []),
      ];
    }),
  ];
}

export function repeated(values: readonly unknown[]): unknown[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}
