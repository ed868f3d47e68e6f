import type Docker from "dockerode";
import { endpointOf } from "../../health/effective-port";
import { type ProbeResult, probeHttp, probeTcp } from "../../health/probe";
import type { HealthCheck } from "../../model/app";
import type { Task } from "../instance";
import type { Launch } from "../runner";
import { innerPorts } from "./task-environment";

/** Does, for one task, the check that Mesos agents do: COMMAND in the container, MESOS_HTTP, MESOS_HTTPS and MESOS_TCP. */
export class AgentCheck {
  private timer: NodeJS.Timeout | undefined;
  private failures = 0;
  private passed = false;
  private readonly since = Date.now();

  constructor(
    private readonly container: Docker.Container,
    private readonly launch: Launch,
    private readonly check: HealthCheck,
    private readonly ipAddresses: readonly string[],
    private readonly report: (healthy: boolean, exhausted: boolean) => void,
  ) {
    this.timer = setTimeout(() => void this.round(), check.delaySeconds * 1000);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private async round(): Promise<void> {
    const result = await this.probe().catch((error: Error) => ({ ok: false, cause: error.message }));
    if (!this.timer) return;
    const { gracePeriodSeconds, maxConsecutiveFailures, intervalSeconds } = this.check;
    if (result.ok) {
      this.failures = 0;
      this.passed = true;
      this.report(true, false);
    } else if (this.passed || Date.now() > this.since + gracePeriodSeconds * 1000) {
      this.failures += 1;
      this.report(false, this.failures >= Math.max(1, maxConsecutiveFailures));
    }
    if (this.timer) this.timer = setTimeout(() => void this.round(), Math.max(1, intervalSeconds) * 1000);
  }

  private async probe(): Promise<ProbeResult> {
    const { protocol, command, timeoutSeconds } = this.check;
    if (protocol === "COMMAND") return this.run(["/bin/sh", "-c", command?.value ?? "false"]);
    const endpoint = endpointOf(this.launch.app, this.task(), this.check);
    if (!endpoint) return { ok: false, cause: "the check names no port of the app" };
    const target = { ...endpoint, timeoutSeconds };
    const path = this.check.path ?? "/";
    const secure = protocol === "MESOS_HTTPS";
    const result = protocol === "MESOS_TCP" ? await probeTcp(target) : await probeHttp({ ...target, path, secure });
    if (result.ok || result.status !== undefined || endpoint.host === this.launch.agent.address) return result;
    return this.probeInside(path, secure);
  }

  /** For a container network this server has no route to: asks from within, or looks whether the port is listened on. */
  private async probeInside(path: string, secure: boolean): Promise<ProbeResult> {
    const port = this.check.port ?? innerPorts(this.launch)[this.check.portIndex ?? 0] ?? 0;
    if (this.check.protocol !== "MESOS_TCP") {
      const url = `${secure ? "https" : "http"}://127.0.0.1:${port}${path}`;
      const seconds = Math.max(1, this.check.timeoutSeconds);
      const script =
        'if command -v curl >/dev/null; then curl -fsSk -m "$2" -o /dev/null "$1"; ' +
        'elif command -v wget >/dev/null; then wget -q -T "$2" -O /dev/null "$1"; else exit 127; fi';
      const result = await this.run(["/bin/sh", "-c", script, "sh", url, String(seconds)]);
      if (result.status !== 126 && result.status !== 127) return result;
    }
    const hex = port.toString(16).toUpperCase().padStart(4, "0");
    return this.run([
      "grep",
      "-qE",
      `^ *[0-9]+: [0-9A-F]+:${hex} [0-9A-F]+:0000 0A`,
      "/proc/net/tcp",
      "/proc/net/tcp6",
    ]);
  }

  private async run(command: string[]): Promise<ProbeResult> {
    const exec = await this.container.exec({ Cmd: command, AttachStdout: true, AttachStderr: true });
    const stream = await exec.start({});
    const limit = setTimeout(() => stream.destroy(), Math.max(1, this.check.timeoutSeconds) * 1000);
    await new Promise<void>((resolve) => {
      stream.on("close", resolve).on("end", resolve).on("error", resolve);
      stream.resume();
    });
    clearTimeout(limit);
    const { ExitCode: code } = await exec.inspect();
    return code === 0
      ? { ok: true }
      : { ok: false, status: code ?? -1, cause: `command exited with status ${code ?? "none"}` };
  }

  private task(): Task {
    const { agent, hostPorts, taskId } = this.launch;
    return {
      id: taskId,
      agentId: agent.id,
      hostname: agent.hostname,
      agentAddress: agent.address,
      hostPorts,
      stagedAt: "",
      ipAddresses: this.ipAddresses,
      state: "TASK_RUNNING",
    };
  }
}
