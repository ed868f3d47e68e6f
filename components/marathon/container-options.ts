import type { ContainerOptions, HealthCheck } from "../../blueprint/container/model";
import type { Service } from "../../blueprint/model";

/** A parameter of `docker run`, as Marathon passes it on. */
interface Parameter {
  readonly key: string;
  readonly value: string;
}

/** What Docker's containerizer is told of a container beside its image; sorted lists, so that their order is no change. */
export function containerParameters({ hostname, user, workingDir, labels, ...options }: ContainerOptions): Parameter[] {
  const one = (key: string, value: string | undefined): Parameter[] => (value === undefined ? [] : [{ key, value }]);
  const all = (key: string, values: readonly string[] = []): Parameter[] =>
    [...values].sort().map((value) => ({ key, value }));
  return [
    ...one("hostname", hostname),
    ...one("user", user),
    ...one("workdir", workingDir),
    ...one("init", options.init?.toString()),
    ...one("read-only", options.readOnly?.toString()),
    ...one("stop-signal", options.stopSignal),
    ...all("cap-add", options.capAdd),
    ...all("cap-drop", options.capDrop),
    ...all("tmpfs", options.tmpfs),
    ...all(
      "label",
      Object.entries(labels ?? {}).map(([key, value]) => `${key}=${value}`),
    ),
  ];
}

/** Seconds of a check about which the blueprint says nothing. */
const DEFAULTS = { interval: 5, timeout: 5, delay: 1 };
const DEFAULT_RETRIES = 3;

/**
 * The app's health checks: the blueprint's, else that the first port answers, else none. Agents make them, beside the task.
 * @param ports Those of TCP, in the order of the app's port mappings, in which they come first.
 */
export function healthChecks({ container, startTimeoutSeconds }: Service, ports: readonly number[]): object[] {
  const { healthCheck: check } = container;
  const [first] = ports;
  if (check === "none" || (check === undefined && first === undefined)) return [];
  const test = check === undefined ? { protocol: "MESOS_TCP", portIndex: 0 } : testOf(check.test, ports);
  const given: Partial<HealthCheck> = check ?? {};
  return [
    {
      ...test,
      gracePeriodSeconds: given.startPeriodSeconds ?? startTimeoutSeconds,
      intervalSeconds: given.intervalSeconds ?? DEFAULTS.interval,
      timeoutSeconds: given.timeoutSeconds ?? DEFAULTS.timeout,
      maxConsecutiveFailures: given.retries ?? DEFAULT_RETRIES,
      delaySeconds: DEFAULTS.delay,
    },
  ];
}

function testOf(test: HealthCheck["test"], ports: readonly number[]): object {
  switch (test.kind) {
    case "command":
      return { protocol: "COMMAND", command: { value: test.words.map(quoted).join(" ") } };
    case "shell":
      return { protocol: "COMMAND", command: { value: test.command } };
    case "http":
      return { protocol: "MESOS_HTTP", path: test.path, portIndex: ports.indexOf(test.port) };
    case "tcp":
      return { protocol: "MESOS_TCP", portIndex: ports.indexOf(test.port) };
  }
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
