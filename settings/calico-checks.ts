import type { Diagnostic } from "../blueprint/model";
import { listNames } from "../wording/names";
import { overlap, parseRange, type Range } from "./ipv4";
import { valueAt } from "./issues";
import { configPath, settingsProblem } from "./problem";
import { nodeName } from "./values";

/** A Docker Engine of any location as the settings write it. */
interface Host {
  readonly path: readonly PropertyKey[];
  readonly address: unknown;
  readonly node: string;
  readonly managed: boolean;
}

const CALICO = ["network", "calico"];

/** What only several settings together tell about Calico. Values come as they are: what the schema refuses is left to it. */
export function calicoChecks(input: unknown): Diagnostic[] {
  if (valueAt(input, CALICO) === undefined) {
    return [];
  }
  const hosts = hostsOf(input);
  return [
    ...etcdTransport(input),
    ...etcdCredentials(input),
    ...poolSizes(input),
    ...poolPlace(input, hosts),
    ...nodeNames(hosts),
    ...bgpNodes(input, hosts),
    ...images(input, hosts),
    ...cniNetworks(input),
  ];
}

function hostsOf(input: unknown): Host[] {
  return entries(valueAt(input, ["locations"])).flatMap(([name, location]) =>
    ["hosts", "agents"].flatMap((group) =>
      entries(valueAt(location, [group])).map(([key, host]): Host => {
        const node = valueAt(host, ["node"]);
        return {
          path: ["locations", name, group, key],
          address: valueAt(host, ["address"]),
          node: typeof node === "string" ? node : key,
          managed: valueAt(host, ["calico"]) !== "present" && !runsMesos(location),
        };
      }),
    ),
  );
}

/** Calico runs there already: as a CNI plugin. */
function runsMesos(location: unknown): boolean {
  return valueAt(location, ["containerizer"]) === "mesos";
}

/** Where Mesos runs the tasks, Calico knows those of a network of its own plugin. */
function cniNetworks(input: unknown): Diagnostic[] {
  return entries(valueAt(input, ["locations"])).flatMap(([name, location]) => {
    if (!runsMesos(location) || valueAt(location, ["network"]) !== undefined) return [];
    const path = ["locations", name, "network"];
    return [
      problem(
        path,
        "missing-setting",
        `${configPath(path)} is missing, and with containerizer: mesos only tasks in a CNI network of Calico's plugin are guarded`,
        `set it to the network's name in the agents' --network_cni_config_dir: pulumi config set --path '${configPath(path)}'; or set containerizer: docker`,
      ),
    ];
  });
}

function problem(path: readonly PropertyKey[], code: string, message: string, remedy: string): Diagnostic {
  return settingsProblem("error", code, configPath(path), message, remedy);
}

function etcdTransport(input: unknown): Diagnostic[] {
  const path = [...CALICO, "etcd"];
  const endpoints = valueAt(input, [...path, "endpoints"]);
  const plain = (Array.isArray(endpoints) ? endpoints : []).filter(
    (endpoint): endpoint is string => typeof endpoint === "string" && endpoint.startsWith("http://"),
  );
  const material = ["ca", "cert", "key"].filter((key) => valueAt(input, [...path, key]) !== undefined);
  const [first] = plain;
  if (first === undefined) {
    return [];
  }
  const shown = first.replace(/\/\/[^/@\s]*@/, "//…@");
  return material.length > 0
    ? [
        problem(
          [...path, "endpoints"],
          "tls-without-https",
          `${configPath(path)} has ${material.join(", ")}, but '${shown}' does not use TLS`,
          `write https:// there, or remove ${material.join(", ")}`,
        ),
      ]
    : [
        settingsProblem(
          "warning",
          "etcd-without-tls",
          configPath([...path, "endpoints"]),
          `Calico's datastore at '${shown}' is reached without TLS: whoever reads that traffic learns its password, and whoever reaches that port may change every policy`,
          "write https:// and give ca, cert and key, or keep that network to the hosts alone",
        ),
      ];
}

function etcdCredentials(input: unknown): Diagnostic[] {
  const path = [...CALICO, "etcd"];
  const pairs = [
    ["cert", "key"],
    ["username", "password"],
  ] as const;
  return pairs.flatMap(([first, second]) => {
    const has = (key: string) => valueAt(input, [...path, key]) !== undefined;
    if (has(first) === has(second)) {
      return [];
    }
    const [given, missing] = has(first) ? [first, second] : [second, first];
    const secret = missing === second ? "--secret " : "";
    return [
      problem(
        path,
        "missing-credentials",
        `${configPath(path)} has ${given}, but no ${missing}`,
        `give both: pulumi config set ${secret}--path '${configPath([...path, missing])}'; or remove ${given}`,
      ),
    ];
  });
}

/** The schema's defaults stand in for what is not written. */
function poolSizes(input: unknown): Diagnostic[] {
  const size = (key: string, preset: number) => {
    const value = valueAt(input, [...CALICO, key]);
    return value === undefined ? preset : Number(value);
  };
  const pool = poolOf(input);
  const rangePrefix = size("rangePrefix", 26);
  const blockSize = size("blockSize", 28);
  return [
    ...(pool !== undefined && pool.prefix > rangePrefix
      ? [
          problem(
            [...CALICO, "pool"],
            "pool-too-small",
            `${configPath([...CALICO, "pool"])} is ${pool.text}, which has no room for the range of one application (/${rangePrefix})`,
            `widen the pool, or set ${configPath([...CALICO, "rangePrefix"])} to ${pool.prefix} or more`,
          ),
        ]
      : []),
    ...(rangePrefix > blockSize
      ? [
          problem(
            [...CALICO, "blockSize"],
            "block-too-large",
            `${configPath([...CALICO, "blockSize"])} is ${blockSize}, but an application's range is a /${rangePrefix}: no host could take a block of it`,
            `set blockSize to ${rangePrefix} or more, up to 32, or rangePrefix to ${blockSize} or less`,
          ),
        ]
      : []),
  ];
}

function poolOf(input: unknown): Range | undefined {
  const pool = valueAt(input, [...CALICO, "pool"]);
  return typeof pool === "string" && pool.includes("/") ? parseRange(pool) : undefined;
}

/** A host inside the pool would lose its own address to a container. */
function poolPlace(input: unknown, hosts: readonly Host[]): Diagnostic[] {
  const pool = poolOf(input);
  if (pool === undefined) {
    return [];
  }
  const reserved = ["127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4"].find((text) => isWithin(text, pool));
  const inside = hosts.filter(({ address }) => typeof address === "string" && isWithin(address, pool));
  return [
    ...(reserved === undefined
      ? []
      : [
          problem(
            [...CALICO, "pool"],
            "pool-not-usable",
            `${configPath([...CALICO, "pool"])} is ${pool.text}, which lies in ${reserved}`,
            "choose a private range that nothing else uses",
          ),
        ]),
    ...inside.map(({ path, address }) =>
      problem(
        [...CALICO, "pool"],
        "pool-holds-host",
        `${configPath([...CALICO, "pool"])} is ${pool.text}, which holds ${String(address)}, the address of ${configPath(path)}`,
        "choose a range that nothing else uses",
      ),
    ),
  ];
}

function isWithin(text: string, pool: Range): boolean {
  const range = parseRange(text);
  return range !== undefined && overlap(range, pool);
}

/** One node is one host, also where two locations name it: Felix and the driver run there once. */
function nodeNames(hosts: readonly Host[]): Diagnostic[] {
  const byNode = new Map<string, Host>();
  const byAddress = new Map<unknown, Host>();
  return hosts.flatMap((host): Diagnostic[] => {
    const { path, node, address } = host;
    const own = configPath([...path, "node"]);
    if (path.at(-1) === node && !nodeName.safeParse(node).success) {
      return [
        problem(
          [...path, "node"],
          "invalid-setting",
          `'${node}' of ${configPath(path.slice(0, -1))} cannot be the name of a Calico node`,
          `set ${own} to a name of lower-case letters, digits, hyphens and dots`,
        ),
      ];
    }
    const namesake = byNode.get(node);
    const twin = byAddress.get(address);
    byNode.set(node, namesake ?? host);
    byAddress.set(address, twin ?? host);
    if (namesake !== undefined && namesake.address !== address) {
      return [
        problem(
          [...path, "node"],
          "calico-node-clash",
          `${configPath(path)} and ${configPath(namesake.path)} are two hosts, but both are Calico node '${node}'`,
          `give one another name: pulumi config set --path '${own}'`,
        ),
      ];
    }
    return twin === undefined || twin.node === node
      ? []
      : [
          problem(
            [...path, "node"],
            "calico-node-clash",
            `${configPath(path)} and ${configPath(twin.path)} are one host by its address, but Calico nodes '${node}' and '${twin.node}'`,
            `give both one name: pulumi config set --path '${own}' ${twin.node}`,
          ),
        ];
  });
}

function bgpNodes(input: unknown, hosts: readonly Host[]): Diagnostic[] {
  const bgp = [...CALICO, "bgp"];
  const known = new Set(hosts.map(({ node }) => node));
  const lists = [
    ["routeReflectors", "host"],
    ["peers", "node"],
  ] as const;
  return lists.flatMap(([list, key]) =>
    entries(valueAt(input, [...bgp, list])).flatMap(([index, entry]): Diagnostic[] => {
      const node = valueAt(entry, [key]);
      const path = [...bgp, list, Number(index), key];
      return typeof node !== "string" || known.has(node)
        ? []
        : [
            problem(
              path,
              "unknown-calico-node",
              `${configPath(path)} is '${node}', which is no Calico node of this stack`,
              `use one of ${listNames(known)}`,
            ),
          ];
    }),
  );
}

function images(input: unknown, hosts: readonly Host[]): Diagnostic[] {
  const managed = hosts.find((host) => host.managed);
  return managed === undefined
    ? []
    : ["driverImage", "felixImage"]
        .filter((key) => valueAt(input, [...CALICO, key]) === undefined)
        .map((key) =>
          problem(
            [...CALICO, key],
            "missing-setting",
            `${configPath([...CALICO, key])} is missing, and ${configPath(managed.path)} shall run it`,
            `set it to an image that the host can pull: pulumi config set --path '${configPath([...CALICO, key])}'; or set calico: present for hosts where Calico runs already`,
          ),
        );
}

function entries(value: unknown): [string, unknown][] {
  return typeof value === "object" && value !== null ? Object.entries(value) : [];
}
