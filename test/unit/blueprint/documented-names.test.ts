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

/** Policies, enrichers and initializers with the key that they stand under. */
const ADJUNCTS = [
  ...words(`org.apache.brooklyn.policy.autoscaling.AutoScalerPolicy org.apache.brooklyn.policy.ha.ServiceFailureDetector
  org.apache.brooklyn.policy.ha.ServiceRestarter org.apache.brooklyn.policy.ha.ServiceReplacer
  org.apache.brooklyn.policy.ha.ConnectionFailureDetector org.apache.brooklyn.policy.ha.SshMachineFailureDetector
  org.apache.brooklyn.policy.ha.ConditionalSuspendPolicy org.apache.brooklyn.policy.action.StopAfterDurationPolicy
  org.apache.brooklyn.policy.followthesun.FollowTheSunPolicy org.apache.brooklyn.policy.loadbalancing.LoadBalancingPolicy
  brooklyn.policy.autoscaling.AutoScalerPolicy brooklyn.policy.ha.ServiceRestarter brooklyn.policy.ha.ServiceReplacer`).map(
    (name) => ["brooklyn.policies", name] as const,
  ),
  ...words(`org.apache.brooklyn.enricher.stock.Transformer org.apache.brooklyn.enricher.stock.Propagator
  org.apache.brooklyn.enricher.stock.Aggregator org.apache.brooklyn.enricher.stock.Combiner
  org.apache.brooklyn.policy.ha.ServiceFailureDetector brooklyn.enricher.basic.Propagator brooklyn.enricher.basic.Transformer`).map(
    (name) => ["brooklyn.enrichers", name] as const,
  ),
  ...words(`org.apache.brooklyn.core.effector.ssh.SshCommandEffector org.apache.brooklyn.core.sensor.ssh.SshCommandSensor
  org.apache.brooklyn.core.sensor.http.HttpRequestSensor org.apache.brooklyn.core.sensor.StaticSensor
  org.apache.brooklyn.core.entity.AddChildrenInitializer`).map((name) => ["brooklyn.initializers", name] as const),
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

  it.each(ADJUNCTS)("under %s the class %s is known, in each spelling of its type", (key, name) => {
    const kind = {
      "brooklyn.policies": "policy",
      "brooklyn.enrichers": "enricher",
      "brooklyn.initializers": "initializer",
    };
    for (const spelling of ["type", `${kind[key]}_type`, `${kind[key]}Type`]) {
      const codes = withKeys({ [key]: [{ [spelling]: name }] });
      expect(codes.filter((code) => /^(?:unknown|misplaced)-adjunct$|^missing-type$|^unknown-key$/.test(code))).toEqual(
        [],
      );
    }
  });

  it("knows no other name", () => {
    expect(codesOf({ value: "value" })).toContain("unknown-key");
    expect(withKeys({ value: "value" })).toContain("unknown-key");
    expect(withKeys({ env: { A: "$brooklyn:value()" } })).toContain("unknown-function");
    expect(withKeys({ "brooklyn.policies": [{ type: "value" }] })).toContain("unknown-adjunct");
  });
});
