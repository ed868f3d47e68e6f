import { loadSync } from "protobufjs";

/** One line of what an engine answers to a build. */
export interface BuildEvent {
  readonly error?: string;
  readonly id?: string;
  readonly aux?: unknown;
}

/** What BuildKit tells of its steps; messages are bytes. */
interface Status {
  readonly vertexes?: readonly { digest?: string; name?: string; started?: object; error?: string }[];
  readonly logs?: readonly { vertex?: string; msg?: Uint8Array }[];
}

const TRACE = "moby.buildkit.trace";
const LINES = 15;

/** What a build said, as far as it helps when it fails. */
export class BuildOutput {
  private readonly status = loadSync(require.resolve("dockerode/lib/proto/buildkit_status.proto")).lookupType(
    "moby.buildkit.v1.StatusResponse",
  );
  /** Names of steps that began, by digest. */
  private readonly steps = new Map<string, string>();
  private readonly lines: string[] = [];
  private failed: string | undefined;

  add({ id, aux }: BuildEvent): void {
    if (id !== TRACE || typeof aux !== "string") return;
    const { vertexes = [], logs = [] } = this.status.toObject(this.status.decode(Buffer.from(aux, "base64"))) as Status;
    for (const { digest = "", name = "", started, error } of vertexes) {
      if (error) this.failed = name;
      if (started === undefined || this.steps.has(digest) || !/^\[(?!internal\])/.test(name)) continue;
      this.steps.set(digest, name);
      this.tell(name);
    }
    for (const { msg } of logs) {
      for (const line of Buffer.from(msg ?? [])
        .toString("utf8")
        .split("\n"))
        this.tell(line);
    }
  }

  /** The reason with the step and the last lines. */
  describe(reason: string): string {
    const step = this.failed ?? [...this.steps.values()].at(-1);
    const where = step === undefined ? "" : `step ${step}: `;
    const said = this.lines.length === 0 ? "" : `. The last lines of the build:\n${this.lines.join("\n")}`;
    return `${where}${reason}${said}`;
  }

  private tell(line: string): void {
    if (line.trim() === "") return;
    this.lines.push(line.trimEnd());
    if (this.lines.length > LINES) this.lines.shift();
  }
}
