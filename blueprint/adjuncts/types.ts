import { nearest } from "../../wording/suggest";
import { type AdjunctKey, type AdjunctKind, type AdjunctType, className, key } from "./definition";
import { PROPAGATOR_KEYS, readPropagator } from "./propagator";
import { REFUSED_TYPES } from "./refused-types";
import { readStaticSensor, STATIC_SENSOR_KEYS } from "./static-sensor";
import { readTransformer, TRANSFORMER_KEYS } from "./transformer";

const STOCK = ["org.apache.brooklyn.enricher.stock", "brooklyn.enricher.basic"];
const HA = ["org.apache.brooklyn.policy.ha", "brooklyn.policy.ha"];

const RESTARTS =
  "Docker (restartPolicy, unless-stopped without one) and systemd on machines start again what ended, Marathon also tasks that fail their health check";
/** What becomes of Brooklyn's policies, enrichers and initializers. */
export const ADJUNCT_TYPES: readonly AdjunctType[] = [
  {
    name: "Transformer",
    kinds: ["enricher"],
    packages: STOCK,
    treatment: {
      kind: "derives",
      meaning: "publishes a sensor with the value of an expression, or of another sensor with text replaced",
      keys: TRANSFORMER_KEYS,
      read: readTransformer,
    },
  },
  {
    name: "Propagator",
    kinds: ["enricher"],
    packages: STOCK,
    treatment: {
      kind: "derives",
      meaning: "publishes sensors of another component, under their own or other names",
      keys: PROPAGATOR_KEYS,
      read: readPropagator,
    },
  },
  {
    name: "StaticSensor",
    kinds: ["initializer"],
    packages: ["org.apache.brooklyn.core.sensor"],
    treatment: {
      kind: "derives",
      meaning: "publishes a sensor with a value of its own",
      keys: STATIC_SENSOR_KEYS,
      read: readStaticSensor,
    },
  },
  {
    name: "ServiceRestarter",
    kinds: ["policy"],
    packages: HA,
    treatment: {
      kind: "covered",
      by: `${RESTARTS}, however often that happens`,
      remedy: "remove it if that is enough; healthCheck tells a service that hangs",
      keys: [
        noEffect("failOnRecurringFailuresInThisDuration"),
        noEffect("setOnFireOnFailure"),
        noEffect("failureSensorToMonitor"),
        noEffect("uniqueTag"),
      ],
    },
  },
  {
    name: "ServiceFailureDetector",
    kinds: ["enricher", "policy"],
    packages: HA,
    treatment: {
      kind: "covered",
      by: `${RESTARTS}; no event ha.entityFailed tells of it`,
      remedy: "remove it if that is enough; write healthCheck to say what a failure is",
      keys: [
        ...["onlyReportIfPreviouslyUp", "monitorServiceProblems", "entityFailed.republishTime"].map(noEffect),
        key("serviceOnFire.stabilizationDelay", "has no effect", "serviceOnFireStabilizationDelay"),
        key("entityFailed.stabilizationDelay", "has no effect", "entityFailedStabilizationDelay"),
        key("entityRecovered.stabilizationDelay", "has no effect", "entityRecoveredStabilizationDelay"),
        noEffect("uniqueTag"),
      ],
    },
  },
  ...REFUSED_TYPES,
];

const BY_NAME = new Map(
  ADJUNCT_TYPES.flatMap((type) => [type.name, ...(type.aliases ?? [])].map((name) => [name, type])),
);

/** The type by its class name in Brooklyn's packages, old or new, or by its simple name. */
export function findAdjunct(written: string): AdjunctType | undefined {
  const bare = written.trim().replace(/^(?:brooklyn|java):/, "");
  const [, name = ""] = /^(?:(?:org\.apache\.)?brooklyn\.(?:\w+\.)*)?(\w+)$/.exec(bare) ?? [];
  return BY_NAME.get(name);
}

/** The class that a misspelled one most likely means, of those that may stand there. */
export function similarAdjunct(written: string, kind: AdjunctKind): string | undefined {
  const name = /\w+$/.exec(written)?.[0] ?? "";
  const candidates = ADJUNCT_TYPES.filter(({ kinds }) => kinds.includes(kind));
  const similar = nearest(
    name,
    candidates.map((type) => type.name),
  );
  const found = candidates.find((type) => type.name === similar);
  return found && className(found);
}

function noEffect(name: string): AdjunctKey {
  return key(name, "has no effect");
}
