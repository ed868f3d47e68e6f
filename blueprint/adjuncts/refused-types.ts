import type { AdjunctKind, AdjunctType } from "./definition";

const STOCK = ["org.apache.brooklyn.enricher.stock", "brooklyn.enricher.basic"];
const HA = ["org.apache.brooklyn.policy.ha", "brooklyn.policy.ha"];
const FAILOVER = ["org.apache.brooklyn.policy.failover", ...HA];
const MEANS = ["org.apache.brooklyn.policy.enricher", "brooklyn.enricher"];
const SCALING = ["org.apache.brooklyn.policy.autoscaling", "brooklyn.policy.autoscaling"];
const ACTION = ["org.apache.brooklyn.policy.action"];
const EFFECTOR = ["org.apache.brooklyn.core.effector"];
const SENSOR = ["org.apache.brooklyn.core.sensor"];

const NO_WATCH = "nothing watches services between two updates";
const READ = "read what the platform tells by attributeWhenReady, or publish a known value with a StaticSensor";
const RESIZE = "set instances to the number that is needed, on Marathon, and run an update when it changes";
const PRIMARY = 'let the software choose its own primary, or name one: $brooklyn:component("id")';
const CLOCK = "effectors do not run here: schedule the command yourself, e.g. by cron";
const COMPUTE =
  "derive it from named sensors: a Transformer whose enricher.targetValue is $brooklyn:formatString(...) of their values";
const MEASURE = `${NO_WATCH}: measure it with a monitoring system`;

/** Simple names, where they stand, their packages, what they do (after "it"), and what to do instead. */
const ROWS: readonly (readonly [
  names: readonly string[],
  kind: AdjunctKind,
  packages: readonly string[],
  does: string,
  remedy: string,
])[] = [
  [["AutoScalerPolicy"], "policy", SCALING, "changes the size of a cluster by a metric", RESIZE],
  [
    ["ServiceReplacer"],
    "policy",
    HA,
    "puts a new member of a cluster in the place of one that failed",
    "set instances on Marathon, which starts a lost task elsewhere; on other platforms `pulumi up --refresh` makes anew what is gone",
  ],
  [
    ["ConnectionFailureDetector"],
    "policy",
    HA,
    "connects to a TCP port again and again, and tells when that fails",
    "write `healthCheck: { tcp: port }`, which the platform checks itself",
  ],
  [
    ["SshMachineFailureDetector"],
    "policy",
    HA,
    "logs in to the machine again and again, and tells when that fails",
    `${NO_WATCH}: remove it, and let \`pulumi preview --refresh\` tell what is gone`,
  ],
  [
    ["ConditionalSuspendPolicy"],
    "policy",
    HA,
    "suspends another policy and resumes it",
    "no policy runs here that it could suspend: remove it",
  ],
  [["ElectPrimaryPolicy"], "policy", FAILOVER, "chooses a primary among children while they run", PRIMARY],
  [["PropagatePrimaryEnricher"], "enricher", FAILOVER, "publishes the sensors of the primary", PRIMARY],
  [
    ["FollowTheSunPolicy", "FollowTheSun"],
    "policy",
    ["org.apache.brooklyn.policy.followthesun", "brooklyn.policy.followthesun"],
    "moves services to the location that most requests come from",
    "say in the stack's clocker:placement where each service goes, and run an update to move it",
  ],
  [
    ["LoadBalancingPolicy", "LoadBalancing"],
    "policy",
    ["org.apache.brooklyn.policy.loadbalancing", "brooklyn.policy.loadbalancing"],
    "moves items from full containers to empty ones",
    "let several instances share the work: a link reaches all that are healthy",
  ],
  [
    ["StopAfterDurationPolicy", "StopAfterDuration"],
    "policy",
    ACTION,
    "stops the application after a time",
    "run `pulumi destroy` when the time has come, e.g. by cron or a schedule of your CI",
  ],
  [["PeriodicEffectorPolicy"], "policy", ACTION, "calls an effector again and again", CLOCK],
  [["ScheduledEffectorPolicy"], "policy", ACTION, "calls an effector at a time", CLOCK],
  [
    ["CreateLocationPolicy"],
    "policy",
    ["org.apache.brooklyn.policy.location"],
    "adds a location to Brooklyn's catalog",
    "describe the location under clocker:locations of the stack",
  ],
  [["Aggregator"], "enricher", STOCK, "adds up a sensor of children or members while they run", COMPUTE],
  [["Combiner"], "enricher", STOCK, "computes one sensor from several by a Java function", COMPUTE],
  [["Joiner"], "enricher", STOCK, "joins a sensor that is a list into one text", COMPUTE],
  [
    ["Reducer"],
    "enricher",
    ["org.apache.brooklyn.enricher.stock.reducer"],
    "computes one sensor from several by a Java function",
    COMPUTE,
  ],
  [["UpdatingMap"], "enricher", STOCK, "keeps an entry of a sensor that is a map", COMPUTE],
  [["MapAggregator"], "enricher", STOCK, "gathers sensors of members in a map while they run", COMPUTE],
  [["PercentageEnricher"], "enricher", STOCK, "divides one sensor by another", MEASURE],
  [
    ["PropagateToMembers"],
    "enricher",
    STOCK,
    "publishes a sensor on all members of a group",
    'read it where it is: $brooklyn:parent().attributeWhenReady("sensor")',
  ],
  [
    ["SensorPropagatingEnricher"],
    "enricher",
    STOCK,
    "publishes sensors of another entity, and gave way to Propagator",
    "write a Propagator",
  ],
  [
    ["SensorTransformingEnricher"],
    "enricher",
    STOCK,
    "computes a sensor by a Java function, and gave way to Transformer",
    "write a Transformer",
  ],
  ...[
    "YamlRollingTimeWindowMeanEnricher",
    "YamlTimeWeightedDeltaEnricher",
    "RollingMeanEnricher",
    "RollingTimeWindowMeanEnricher",
    "TimeFractionDeltaEnricher",
    "TimeWeightedDeltaEnricher",
    "DeltaEnricher",
  ].map(
    (name) =>
      [
        [name],
        "enricher",
        name.startsWith("Yaml") ? STOCK : MEANS,
        "measures how a sensor changes over time",
        MEASURE,
      ] as const,
  ),
  [["HttpLatencyDetector"], "enricher", MEANS, "measures how long an address takes to answer", MEASURE],
  [
    ["SshCommandEffector"],
    "initializer",
    EFFECTOR.map((name) => `${name}.ssh`),
    "adds an effector, a command over SSH that users call",
    "effectors do not run here: run the command yourself, e.g. by docker exec in the container whose label clocker.service names the service",
  ],
  [
    ["AddChildrenEffector"],
    "initializer",
    EFFECTOR,
    "adds an effector that makes entities",
    "list the services under brooklyn.children, and run an update when there are more",
  ],
  [
    ["AddChildrenInitializer"],
    "initializer",
    ["org.apache.brooklyn.core.entity"],
    "adds children to its entity",
    "list them under brooklyn.children",
  ],
  [
    ["SshCommandSensor"],
    "initializer",
    SENSOR.map((name) => `${name}.ssh`),
    "publishes what a command over SSH prints, again and again",
    `${NO_WATCH}: ${READ}`,
  ],
  [
    ["HttpRequestSensor"],
    "initializer",
    SENSOR.map((name) => `${name}.http`),
    "publishes what an address answers, again and again",
    `${NO_WATCH}: ${READ}; for health, write \`healthCheck: { http: { path, port } }\``,
  ],
  [
    ["JmxAttributeSensor"],
    "initializer",
    ["org.apache.brooklyn.entity.java"],
    "publishes an attribute of a Java process, again and again",
    `${NO_WATCH}: ${READ}`,
  ],
  [
    ["WindowsPerformanceCounterSensors"],
    "initializer",
    SENSOR.map((name) => `${name}.windows`),
    "publishes counters of a Windows machine, again and again",
    "no service runs on Windows here: remove it",
  ],
];

/** Types that Clocker knows and does not run. */
export const REFUSED_TYPES: readonly AdjunctType[] = ROWS.map(
  ([[name = "", ...aliases], kind, packages, does, remedy]) => ({
    name,
    aliases,
    kinds: [kind],
    packages,
    treatment: { kind: "refused", does, remedy },
  }),
);
