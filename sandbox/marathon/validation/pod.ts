import type { Network } from "../model/app";
import { absolute } from "../model/path-id";
import type { PodContainer, RawPod } from "../model/pod";
import type { Problem } from "../model/schema";
import type { Contexts } from "./app";
import { valueFault } from "./constraints";
import { specIdProblems } from "./ids";
import { NAMES_NEEDED, networkProblems, repeats, strangers } from "./networks";
import { environmentProblems, onlyWith, secretProblems } from "./secrets";

type Fault = readonly [boolean, string, string];

/** The rules for a pod as it was sent. */
export function podProblems(pod: RawPod, { features, defaultNetworkName }: Contexts): Problem[] {
  const { containers, volumes = [], networks = [], secrets } = pod;
  const endpoints = containers.flatMap(({ endpoints: list = [] }) => list);
  const fixed = (ports: (number | undefined)[]): number[] => ports.flatMap((port) => port || []);
  const mounted = new Set(containers.flatMap(({ volumeMounts = [] }) => volumeMounts.map(({ name }) => name)));
  const faults: Fault[] = [
    [pod.user === "", "/user", "must not be empty"],
    [containers.length === 0, "/containers", "must not be empty"],
    [repeats(containers.map(({ name }) => name)), "/containers", "container names must be unique"],
    [repeats(volumes.map(({ name }) => name)), "/volumes", "volume names must be unique"],
    [repeats(endpoints.map(({ name }) => name)), "/", "endpoint names nust be unique across all containers"],
    [
      repeats(fixed(endpoints.map(({ containerPort }) => containerPort))),
      "/",
      "container ports must be unique across all containers",
    ],
    [repeats(fixed(endpoints.map(({ hostPort }) => hostPort))), "/", "host ports must be unique across all containers"],
    ...volumes.map(
      ({ name }, index): Fault => [
        !mounted.has(name),
        `/volumes(${index})`,
        "volume must be referenced by at least one container",
      ],
    ),
  ];
  const secretVolumes = volumes.flatMap(({ secret }) => secret ?? []);
  const unknown = secretVolumes.flatMap((secret, index) =>
    secrets?.[secret]
      ? []
      : [
          {
            path: `/podSecretVolumes(pod)(${index})/secret`,
            error: "volume.secret must refer to an existing secret",
          },
        ],
  );
  return [
    ...specIdProblems(absolute(pod.id)),
    ...environmentProblems(pod.environment, secrets, features, "/environment"),
    ...(Object.keys(secrets ?? {}).length > 0 ? onlyWith("secrets", "/secrets", features) : []),
    ...secretProblems(secrets, features),
    ...(secretVolumes.length > 0 ? onlyWith("secrets", "/podSecretVolumes(pod)", features) : []),
    ...unknown,
    ...networkProblems(networks, defaultNetworkName),
    ...found(faults),
    ...containers.flatMap((container, index) => containerProblems(container, pod, `/containers(${index})`, features)),
    ...placementProblems(pod),
  ];
}

function containerProblems(
  container: PodContainer,
  { networks = [], volumes = [], secrets }: RawPod,
  path: string,
  features: ReadonlySet<string>,
): Problem[] {
  const { endpoints = [], volumeMounts = [], image, environment } = container;
  const problems = endpoints.flatMap((endpoint, index) =>
    endpointProblems(endpoint, networks, `${path}/endpoints(${index})`),
  );
  problems.push(...environmentProblems(environment, secrets, features, `${path}/environment`));
  const pull = `${path}/image/pullConfig`;
  if (image?.pullConfig) {
    problems.push(...onlyWith("secrets", pull, features));
    if (!secrets?.[image.pullConfig.secret])
      problems.push({ path: pull, error: "pullConfig.secret must refer to an existing secret" });
  }
  volumeMounts.forEach(({ name }, index) => {
    if (!volumes.some((volume) => volume.name === name))
      problems.push({
        path: `${path}/volumeMounts(${index})/name`,
        error: "Referenced Volume in VolumeMount should exist",
      });
  });
  return [...problems, ...healthProblems(container, path)];
}

function endpointProblems(
  endpoint: NonNullable<PodContainer["endpoints"]>[number],
  networks: readonly Network[],
  path: string,
): Problem[] {
  const { containerPort, hostPort, protocol = [], networkNames = [] } = endpoint;
  const has = (mode: Network["mode"]): boolean => networks.some((network) => network.mode === mode);
  const several = networks.filter(({ mode }) => mode === "container").length > 1;
  const known = networks.flatMap(({ name }) => name ?? []);
  return [
    ...strangers(networkNames, known, path),
    ...found([
      [
        has("host") && containerPort !== undefined,
        `${path}/containerPort`,
        "is not allowed when using host-mode networking",
      ],
      [
        has("container") && containerPort === undefined,
        `${path}/containerPort`,
        "is required when using container-mode networking",
      ],
      [repeats(protocol), `${path}/protocol`, "Duplicate protocols within the same endpoint are not allowed"],
      [several && hostPort !== undefined && networkNames.length !== 1, path, NAMES_NEEDED],
    ]),
  ];
}

function healthProblems({ healthCheck, endpoints = [] }: PodContainer, container: string): Problem[] {
  if (!healthCheck) return [];
  const path = `${container}/healthCheck`;
  const { http, tcp, exec, timeoutSeconds, intervalSeconds } = healthCheck;
  const names = endpoints.map(({ name }) => name);
  const error = "contained in the container endpoints";
  return found([
    [
      [http, tcp, exec].filter((kind) => kind !== undefined).length !== 1,
      path,
      "Only one of http, tcp, or command may be specified",
    ],
    [
      timeoutSeconds >= intervalSeconds,
      `${path}/timeoutSeconds`,
      `got ${timeoutSeconds}, expected less than ${intervalSeconds}`,
    ],
    [http !== undefined && !names.includes(http.endpoint), `${path}/http/endpoint`, error],
    [tcp !== undefined && !names.includes(tcp.endpoint), `${path}/tcp/endpoint`, error],
  ]);
}

function placementProblems({ scheduling }: RawPod): Problem[] {
  return (scheduling?.placement?.constraints ?? []).flatMap(({ fieldName, operator, value }, index) => {
    const error = fieldName === "" ? "missing field for constraint declaration" : valueFault(operator, value);
    return error === undefined ? [] : [{ path: `/scheduling/placement/constraints(${index})`, error }];
  });
}

function found(faults: readonly Fault[]): Problem[] {
  return faults.flatMap(([fault, path, error]) => (fault ? [{ path, error }] : []));
}
