import { describe, expect, it } from "vitest";
import { FUNCTIONS, UNSUPPORTED_FUNCTIONS } from "../../../blueprint/dsl/functions";
import { parseBlueprint } from "../../../blueprint/parse";

const words = (text: string) => text.trim().split(/\s+/);

/** Keys that Brooklyn documents at the top of a plan. */
const APPLICATION =
  words(`name description origin services artifacts id location locations brooklyn.config brooklyn.policies
  brooklyn.enrichers brooklyn.initializers brooklyn.children brooklyn.parameters brooklyn.flags brooklyn.tags brooklyn.catalog wrappedApp`);

/** Keys that Brooklyn documents on any service. */
const SERVICE =
  words(`type serviceType service_type id camp.plan.id name description characteristics location locations brooklyn.config
  brooklyn.children brooklyn.policies brooklyn.enrichers brooklyn.initializers brooklyn.parameters brooklyn.flags brooklyn.tags
  brooklyn.catalog`);

/** Configuration keys of Clocker's containers, each spelling. */
const CONTAINER =
  words(`imageName docker.image.name imageTag docker.image.tag imageId docker.image.id docker.registry.url dockerfileUrl
  docker.dockerfile.url docker.entrypoint.url docker.context.url docker.dockerfile.name docker.dockerfile.substitutions entrypoint
  docker.image.entrypoint commands docker.image.commands containerName docker.container.name docker.container.nameFormat useSsh
  docker.useSsh openPorts docker.container.openPorts docker.container.openPorts.configKeys docker.container.directPorts.configKeys
  directPorts docker.container.directPorts portBindings docker.container.portBindings env docker.container.environment volumes
  docker.container.volumes.export docker.container.volumes volumesFrom docker.container.volumes.import volumeMappings
  docker.host.volumes links docker.container.links startTimeout start.timeout cpuShares docker.cpuShares memory docker.memory
  hardwareId docker.hardwareId privileged docker.container.privileged interactive docker.container.interactive managed
  docker.container.managed password docker.loginUser.password useHostDnsName docker.useHostDnsName docker.container.strategies
  network.list sdn.applicationNetwork.create docker.container.autoCheckpointImage install.skip launch.command customize.command
  checkRunning.command docker.container.spec docker.openPorts docker.directPorts install.version redis.port`);

/** Functions, each with arguments that it takes. */
const CALLS = [
  ...['component("db")', 'entity("db")', 'component("sibling", "db")', "parent()", 'child("db")', 'sibling("db")'],
  ...[
    'descendant("db")',
    'ancestor("db")',
    "root()",
    "scopeRoot()",
    'config("a")',
    'attributeWhenReady("host.address")',
  ],
  ...['sensor("a")', 'sensor("Type", "a")', 'formatString("%s", "a")', 'regexReplacement("a", "b", "c")'],
  ...['function.regexReplacement("a", "b")', 'literal("a")', "object({})", "entitySpec({})", 'external("a", "b")'],
  ...['urlEncode("a")', "self()", "entityId()", "location(0)", 'application("a")', 'member("a")'],
];

const codesOf = (document: object) =>
  parseBlueprint(JSON.stringify(document), "app.json").diagnostics.map(({ code }) => code);
const withKeys = (keys: object) =>
  codesOf({
    services: [
      { type: "docker:web", id: "web", ...keys },
      { type: "docker:db", id: "db" },
    ],
  });

describe("what Brooklyn and Clocker document", () => {
  it.each(APPLICATION)("the application's key %s is known", (key) => {
    expect(codesOf({ [key]: "value" })).not.toContain("unknown-key");
  });

  it.each([...SERVICE, ...CONTAINER])("the service's key %s is known", (key) => {
    expect(withKeys({ [key]: "value" })).not.toContain("unknown-key");
  });

  it.each(CONTAINER)("the key %s is known under brooklyn.config, not taken for one of the user's own", (key) => {
    expect(withKeys({ "brooklyn.config": { [key]: { of: ["no", "use"] } } })).not.toContain("possible-misspelling");
  });

  it.each(CALLS)("the function %s is known", (call) => {
    const name = /^[\w.]+/.exec(call)?.[0] ?? "";
    expect(Object.hasOwn(FUNCTIONS, name) || UNSUPPORTED_FUNCTIONS.has(name)).toBe(true);
    expect(withKeys({ env: { A: `$brooklyn:${call}` } })).not.toContain("unknown-function");
  });

  it("knows no other name", () => {
    expect(codesOf({ value: "value" })).toContain("unknown-key");
    expect(withKeys({ value: "value" })).toContain("unknown-key");
    expect(withKeys({ env: { A: "$brooklyn:value()" } })).toContain("unknown-function");
  });
});
