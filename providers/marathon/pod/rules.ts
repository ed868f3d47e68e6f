import type { Finding } from "../definition/finding";
import { entries, isObject, type Json, list, objects } from "../definition/json";
import { networkRules, repeated } from "../definition/network-rules";
import { constraintFault } from "../definition/placement-rules";

type Refuse = (property: string, reason: string, ...from: unknown[]) => void;

/** What Marathon refuses of a pod whatever its settings are; `pod` is in normal form, `constraints` in the written order. */
export function podRules(pod: Json, constraints: readonly unknown[]): Finding[] {
  const findings: Finding[] = [];
  const refuse: Refuse = (property, reason, ...from) => findings.push({ property: `pod.${property}`, reason, from });
  const containers = objects(pod["containers"]);
  const networks = objects(pod["networks"]);
  const app = { networks, container: { type: "MESOS" } };
  const ofNetworks = networks.length > 0 ? networkRules({ appId: undefined, app }) : [];
  findings.push(...ofNetworks.map((found) => ({ ...found, property: found.property.replace(/^app\b/, "pod") })));
  uniqueness(pod, containers, refuse);
  volumes(pod, containers, refuse);
  secrets(pod, containers, refuse);
  containers.forEach((container, index) => {
    endpoints(container, networks, `containers.${index}`, refuse);
    health(container, `containers.${index}`, refuse);
  });
  constraints.forEach((constraint, index) => {
    if (!isObject(constraint)) return;
    const { fieldName, operator, value } = constraint;
    const fault = constraintFault(value === undefined ? [fieldName, operator] : [fieldName, operator, value]);
    if (fault) refuse(`scheduling.placement.constraints.${index}`, fault, constraint);
  });
  return findings;
}

function uniqueness(pod: Json, containers: readonly Json[], refuse: Refuse): void {
  const all = containers.flatMap(({ endpoints }) => objects(endpoints));
  const fixed = (key: string) => all.flatMap((endpoint) => endpoint[key] || []);
  const one = (property: string, what: string, values: readonly unknown[]) => {
    const twice = repeated(values);
    if (twice.length > 0) refuse(property, `must not give ${what} twice: ${twice}`, values);
  };
  one(
    "containers",
    "a name",
    containers.map(({ name }) => name),
  );
  one(
    "volumes",
    "a name",
    objects(pod["volumes"]).map(({ name }) => name),
  );
  one(
    "containers",
    "an endpoint's name",
    all.map(({ name }) => name),
  );
  one("containers", "a containerPort", fixed("containerPort"));
  one("containers", "a hostPort", fixed("hostPort"));
}

function volumes(pod: Json, containers: readonly Json[], refuse: Refuse): void {
  const names = objects(pod["volumes"]).map(({ name }) => name);
  const mounts = containers.map(({ volumeMounts }) => objects(volumeMounts).map(({ name }) => name));
  const from = [pod["volumes"], pod["containers"]];
  names.forEach((name, index) => {
    if (!mounts.flat().includes(name)) refuse(`volumes.${index}`, "must be mounted by one of the containers", ...from);
  });
  mounts.forEach((mounted, container) => {
    mounted.forEach((name, index) => {
      if (!names.includes(name))
        refuse(
          `containers.${container}.volumeMounts.${index}.name`,
          `must be a volume of the pod; it is "${name}"`,
          ...from,
        );
    });
  });
}

function secrets(pod: Json, containers: readonly Json[], refuse: Refuse): void {
  const known = entries(pod["secrets"]).map(([name]) => name);
  const need = (property: string, secret: unknown) => {
    if (secret !== undefined && !known.includes(String(secret)))
      refuse(property, `must be the name of one of the pod's secrets; it is "${secret}"`, secret, pod["secrets"]);
  };
  const ofEnvironment = (at: string, environment: unknown) => {
    for (const [key, value] of entries(environment))
      if (isObject(value)) need(`${at}environment.${key}.secret`, value["secret"]);
  };
  ofEnvironment("", pod["environment"]);
  objects(pod["volumes"]).forEach(({ secret }, index) => {
    need(`volumes.${index}.secret`, secret);
  });
  containers.forEach(({ environment, image }, index) => {
    ofEnvironment(`containers.${index}.`, environment);
    const pull = isObject(image) ? image["pullConfig"] : undefined;
    if (isObject(pull)) need(`containers.${index}.image.pullConfig.secret`, pull["secret"]);
  });
}

function endpoints(container: Json, networks: readonly Json[], at: string, refuse: Refuse): void {
  const joined = networks.filter(({ mode }) => mode === "container");
  const onHost = networks.some(({ mode }) => mode === "host");
  const known = networks.map(({ name }) => name);
  objects(container["endpoints"]).forEach((endpoint, index) => {
    const { containerPort, hostPort, protocol, networkNames } = endpoint;
    const here = `${at}.endpoints.${index}`;
    const from = [endpoint, networks];
    if (onHost && containerPort !== undefined)
      refuse(`${here}.containerPort`, "is not taken on the host's network: write hostPort", ...from);
    if (joined.length > 0 && containerPort === undefined)
      refuse(`${here}.containerPort`, "is missing, which a network of containers needs", ...from);
    if (repeated(list(protocol)).length > 0) refuse(`${here}.protocol`, "must not hold a protocol twice", ...from);
    const strangers = known.includes(undefined) ? [] : list(networkNames).filter((name) => !known.includes(name));
    if (strangers.length > 0) refuse(`${here}.networkNames`, `must be among the pod's networks: ${strangers}`, ...from);
    if (joined.length > 1 && hostPort !== undefined && list(networkNames).length !== 1)
      refuse(`${here}.networkNames`, "must name the one network of several that the host's port leads to", ...from);
  });
}

function health({ healthCheck, endpoints }: Json, container: string, refuse: Refuse): void {
  if (!isObject(healthCheck)) return;
  const at = `${container}.healthCheck`;
  const { timeoutSeconds, intervalSeconds } = healthCheck;
  const kinds = ["http", "tcp", "exec"].filter((kind) => healthCheck[kind] !== undefined);
  if (kinds.length !== 1)
    refuse(at, `must have one of http, tcp and exec; it has ${kinds.join(" and ") || "none"}`, healthCheck);
  if (Number(timeoutSeconds) >= Number(intervalSeconds))
    refuse(
      `${at}.timeoutSeconds`,
      `must be below intervalSeconds; it is ${timeoutSeconds} to ${intervalSeconds}`,
      healthCheck,
    );
  const names = objects(endpoints).map(({ name }) => name);
  for (const kind of ["http", "tcp"]) {
    const check = healthCheck[kind];
    if (isObject(check) && !names.includes(check["endpoint"]))
      refuse(
        `${at}.${kind}.endpoint`,
        `must be the name of one of the container's endpoints; it is "${check["endpoint"]}"`,
        check,
        endpoints,
      );
  }
}
