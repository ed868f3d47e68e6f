import type * as docker from "@pulumi/docker";
import type { ContainerOptions, HealthCheck } from "../../blueprint/container/model";
import type { ResolvedFile } from "../platform";

type Options = Pick<
  docker.ContainerArgs,
  | "capabilities"
  | "cpus"
  | "destroyGraceSeconds"
  | "healthcheck"
  | "init"
  | "maxRetryCount"
  | "readOnly"
  | "restart"
  | "stopSignal"
  | "stopTimeout"
  | "tmpfs"
  | "tty"
  | "uploads"
  | "user"
  | "workingDir"
>;

/** What the blueprint says a container is like, for its resource. A container that ends is started again unless it says otherwise. */
export function containerOptions(options: ContainerOptions, files: readonly ResolvedFile[]): Options {
  const { restartPolicy, capAdd = [], capDrop = [], tmpfs, stopTimeoutSeconds } = options;
  return {
    restart: restartPolicy?.name ?? "unless-stopped",
    ...(restartPolicy?.maxRetries !== undefined && { maxRetryCount: restartPolicy.maxRetries }),
    ...(options.healthCheck !== undefined && { healthcheck: healthcheck(options.healthCheck) }),
    ...(options.cpus !== undefined && { cpus: String(options.cpus) }),
    ...(options.init !== undefined && { init: options.init }),
    ...(options.readOnly !== undefined && { readOnly: options.readOnly }),
    ...(options.tty !== undefined && { tty: options.tty }),
    ...(options.user !== undefined && { user: options.user }),
    ...(options.workingDir !== undefined && { workingDir: options.workingDir }),
    ...(options.stopSignal !== undefined && { stopSignal: options.stopSignal }),
    // The first holds for whoever stops it, the second for what the plugin does when it goes.
    ...(stopTimeoutSeconds !== undefined && {
      stopTimeout: stopTimeoutSeconds,
      destroyGraceSeconds: stopTimeoutSeconds,
    }),
    ...(tmpfs !== undefined && { tmpfs: Object.fromEntries(tmpfs.map((path) => [path, ""])) }),
    ...((capAdd.length > 0 || capDrop.length > 0) && {
      capabilities: { ...named("adds", capAdd), ...named("drops", capDrop) },
    }),
    ...(files.length > 0 && {
      uploads: files.map(({ path, content, mode }) => ({ file: path, content, ...(mode && { permissions: mode }) })),
    }),
  };
}

function named<K extends string>(key: K, capabilities: readonly string[]): { readonly [key in K]?: string[] } {
  const names = capabilities.map((name) => (name === "ALL" ? name : `CAP_${name}`)).sort();
  return names.length === 0 ? {} : ({ [key]: names } as { readonly [key in K]?: string[] });
}

function healthcheck(check: HealthCheck | "none") {
  if (check === "none") return { tests: ["NONE"] };
  return {
    tests: testOf(check.test),
    ...(check.intervalSeconds !== undefined && { interval: duration(check.intervalSeconds) }),
    ...(check.timeoutSeconds !== undefined && { timeout: duration(check.timeoutSeconds) }),
    ...(check.startPeriodSeconds !== undefined && { startPeriod: duration(check.startPeriodSeconds) }),
    ...(check.retries !== undefined && { retries: check.retries }),
  };
}

/** As the plugin reads it back from the engine, or each preview would show a change: `45s`, `10m0s`, `1h0m30s`. */
function duration(whole: number): string {
  const [hours, minutes, seconds] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  if (hours > 0) return `${hours}h${minutes}m${seconds}s`;
  return minutes > 0 ? `${minutes}m${seconds}s` : `${seconds}s`;
}

/** The engine runs checks inside of the container alone, so that one by HTTP needs a program of the image. */
function testOf(test: HealthCheck["test"]): string[] {
  switch (test.kind) {
    case "command":
      return ["CMD", ...test.words];
    case "shell":
      return ["CMD-SHELL", test.command];
    case "http": {
      const url = `http://127.0.0.1:${test.port}${test.path}`;
      return [
        "CMD-SHELL",
        `if command -v curl >/dev/null; then curl -fsS -o /dev/null '${url}'; elif command -v wget >/dev/null; then wget -q -O /dev/null '${url}'; else echo 'the image has neither curl nor wget'; exit 1; fi`,
      ];
    }
    case "tcp":
      return [
        "CMD-SHELL",
        `if command -v nc >/dev/null; then nc -z 127.0.0.1 ${test.port}; elif command -v bash >/dev/null; then bash -c 'exec 3<>/dev/tcp/127.0.0.1/${test.port}'; else echo 'the image has neither nc nor bash'; exit 1; fi`,
      ];
  }
}
