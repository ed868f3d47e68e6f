/** Headers that are compared; Cache-Control too where the recording holds it. */
export const HEADERS = [
  "content-type",
  "location",
  "marathon-deployment-id",
  "www-authenticate",
  "allow",
  "x-marathon-leader",
  "x-marathon-via",
];

/** Scenarios whose rows do not depend on each other; some of their rows may be left out of the recording. */
export const INDEPENDENT = new Set(["misc", "invalid", "defs", "features", "auth", "which-change-restarts"]);

/**
 * Scenarios whose service ports are compared one to one instead of exactly: rows may be left out, several apps got
 * theirs at once (groups), or something else held a port while it was recorded (check-portindex).
 */
export const MAPPED_PORTS = new Set([...INDEPENDENT, "groups", "check-portindex"]);

/** Titles of rows where the recorder gave up waiting for idle after 3 s, since other deployments cannot end. */
export const GAVE_UP = new Set(["reduced"]);

/** Scenarios where the recorder waited for idle ahead of a write after a sleep, but noted the sleep only. */
export const IDLE_BEFORE_WRITES = new Set(["events"]);

/** Scenarios whose tasks answer HTTP checks, and the row from which on `/ready` answers 200. */
export const ANSWERING_TASKS = new Set(["readiness", "health-http"]);
export const READY_FROM = { scenario: "readiness", title: "after it turned ready" };

/** Titles of rows that say `rawBody` though the body was sent as JSON; the recording holds it decoded. */
export const SENT_AS_JSON = new Set(["string body"]);

/** Lists without an order. */
export const SETS = new Set([
  "apps",
  "groups",
  "pods",
  "tasks",
  "versions",
  "deployments",
  "affectedApps",
  "affectedPods",
  "actions",
  "currentActions",
  "queue",
  "errors",
  "details",
  "dependencies",
  "acceptedResourceRoles",
  "instances",
  "*",
  "",
]);

/** Times that are compared by shape; other times are versions, which stand one to one for recorded ones. */
export const LOOSE_TIMES = new Set([
  "stagedAt",
  "startedAt",
  "timestamp",
  "since",
  "lastUnusedOfferAt",
  "lastUsedOfferAt",
  "firstSuccess",
  "lastSuccess",
  "lastFailure",
  "statusSince",
  "lastUpdated",
  "lastChanged",
]);

export const LOOSE_NUMBERS = new Set([
  "processedOffersCount",
  "unusedOffersCount",
  "processed",
  "averageSeconds",
  "medianSeconds",
  "timeLeftSeconds",
  "http_port",
]);

/** Texts that need only be there. */
export const LOOSE_TEXTS = new Set([
  "master",
  "mesos_leader_ui_url",
  "mesos_user",
  "zk",
  "host",
  "hostname",
  "agentHostname",
]);

/** Keys that are there or not by what happened earlier to the same app id. */
export const OPTIONAL = new Set(["lastUnusedOfferAt", "lastUsedOfferAt"]);

/** Conditions that an instance stays in. */
export const SETTLED = new Set(["Running", "Killed", "Finished", "Failed", "Gone", "Dropped", "Error", "Reserved"]);

/** Events of an instance that come from another actor, so in no order with the instance's others. */
export const OWN_ORDER = new Set([
  "health_status_changed_event",
  "failed_health_check_event",
  "unhealthy_instance_kill_event",
]);

/** Waits in milliseconds. */
export const WAITS = {
  /** Offers come every 3 s: a GET after a sleep, and those right behind it, are asked again until so long after. */
  patience: 3500,
  /** The queue is filled a moment after the answer to the POST. */
  queue: 1000,
  /** Longest wait for no deployments. */
  idle: 30_000,
  /** Longest wait for the rest of a stream. */
  stream: 12_000,
};

/** A scenario with so many disagreeing rows or fewer is played a second time; a row must disagree twice. */
export const AGAIN = 3;

const UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
const TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?Z";

export const FIRST_UUID = new RegExp(UUID);
export const INSTANCE = new RegExp(`instance-${UUID}`);
export const ONLY_TIME = new RegExp(`^${TIME}$`);
/** What stands for something of a server in requests and responses. */
export const IDENTIFIERS = new RegExp(`${UUID}|${TIME}`, "g");
/** What is masked in texts: exactly one group matches. */
export const TOKENS = new RegExp(
  `instance-(?<instance>${UUID})|(?<mesos>${UUID}-(?:[SO][0-9a-f-]+|\\d{4}))|#(?<disk>${UUID})|(?<uuid>${UUID})|(?<time>${TIME})` +
    "|(?<ip>\\b\\d+\\.\\d+\\.\\d+\\.\\d+\\b)|(?<![\\w.])(?<port>3[12]\\d{3})(?![\\w.])",
  "g",
);
