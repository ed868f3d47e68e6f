import { describe, expect, it } from "vitest";
import { parseBlueprint } from "../../../blueprint/parse";

/** Every key of Clocker's containers with its alias and a value that is not the default. */
const KEYS: readonly [names: readonly string[], value: unknown][] = [
  [["imageName", "docker.image.name"], "other"],
  [["imageTag", "docker.image.tag"], "2"],
  [["imageId", "docker.image.id"], "ab".repeat(32)],
  [["docker.registry.url"], "localhost:5000"],
  [["dockerfileUrl", "docker.dockerfile.url"], "http://example.com/Dockerfile"],
  [["docker.entrypoint.url"], "http://example.com/run.sh"],
  [["docker.context.url"], "http://example.com/context"],
  [["docker.dockerfile.name"], "base"],
  [["docker.dockerfile.substitutions"], { a: "b" }],
  [["entrypoint", "docker.image.entrypoint"], ["sh"]],
  [["commands", "docker.image.commands"], ["run"]],
  [["containerName", "docker.container.name"], "other"],
  [["docker.container.nameFormat"], "clocker-%2$02x"],
  [["useSsh", "docker.useSsh"], true],
  [["openPorts", "docker.container.openPorts"], [80]],
  [["docker.container.openPorts.configKeys"], ["a"]],
  [["docker.container.directPorts.configKeys"], ["a"]],
  [["directPorts", "docker.container.directPorts"], [80]],
  [["portBindings", "docker.container.portBindings"], { 80: 81 }],
  [["env", "docker.container.environment", "shell.env"], { A: "b" }],
  [["volumes", "docker.container.volumes.export", "docker.container.volumes"], ["/a"]],
  [["volumesFrom", "docker.container.volumes.import"], ["data"]],
  [["volumeMappings", "docker.host.volumes"], { "/a": "/b" }],
  [["links", "docker.container.links"], ['$brooklyn:component("db")']],
  [["startTimeout", "start.timeout"], "9m"],
  [["cpuShares", "docker.cpuShares"], 512],
  [["memory", "docker.memory"], "1g"],
  [["hardwareId", "docker.hardwareId"], "large"],
  [["privileged", "docker.container.privileged"], true],
  [["interactive", "docker.container.interactive"], true],
  [["managed", "docker.container.managed"], false],
  [["password", "docker.loginUser.password"], "x"],
  [["useHostDnsName", "docker.useHostDnsName"], true],
  [["docker.container.strategies"], ["a"]],
  [["network.list"], ["a"]],
  [["sdn.applicationNetwork.create"], false],
  [["docker.container.autoCheckpointImage"], true],
  [["install.skip"], true],
  [["launch.command"], "a"],
  [["customize.command"], "a"],
  [["checkRunning.command"], "a"],
];

/** The service without its configuration, and the codes of what is told. */
function outcome(keys: object): unknown {
  const services = [
    { type: "docker:web", id: "web", ...keys },
    { type: "docker:db", id: "db" },
  ];
  const { blueprint, diagnostics } = parseBlueprint(JSON.stringify({ services }), "app.json");
  const { config, at, ...service } = blueprint?.services[0] ?? {};
  return { service: withoutPlaces(service), told: diagnostics.map(({ code, severity }) => `${severity} ${code}`) };
}

function withoutPlaces(value: object): unknown {
  return JSON.parse(JSON.stringify(value, (key, child) => (key === "at" ? undefined : child)));
}

const names = KEYS.flatMap(([spellings, value]) => spellings.map((name): [string, unknown] => [name, value]));

describe("a documented key", () => {
  it.each(names)("%s is read or named, at the top as in brooklyn.config", (name, value) => {
    const top = outcome({ [name]: value });
    expect(top).not.toEqual(outcome({}));
    expect(outcome({ "brooklyn.config": { [name]: value } })).toEqual(top);
  });

  it.each(KEYS.filter(([spellings]) => spellings.length > 1))(
    "%j means the same in each spelling",
    (spellings, value) => {
      const [first, ...others] = spellings.map((name) => outcome({ [name]: value }));
      for (const other of others) expect(other).toEqual(first);
    },
  );
});
