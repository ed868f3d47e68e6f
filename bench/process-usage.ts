import { readdirSync, readFileSync } from "node:fs";

/** What a process used until it was last seen. */
export interface Usage {
  /** Seconds of processor time. */
  readonly seconds: number;
  /** Most memory at once, in bytes. */
  readonly bytes: number;
}

interface Sample extends Usage {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

const TICKS_A_SECOND = 100;
const SAMPLE_MS = 100;

/** Follows the processes that one process starts, by what `roleOf` makes of their command lines; needs Linux, elsewhere none is seen. */
export class ProcessUsage {
  private readonly seen = new Map<number, { role: string; usage: Usage }>();
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly root: number,
    private readonly roleOf: (command: string) => string | undefined,
  ) {
    this.timer = setInterval(() => this.sample(), SAMPLE_MS);
  }

  /** By role: the processor times together, and the memory of the largest process. */
  stop(): ReadonlyMap<string, Usage> {
    clearInterval(this.timer);
    const roles = new Map<string, Usage>();
    for (const { role, usage } of this.seen.values()) {
      const { seconds, bytes } = roles.get(role) ?? { seconds: 0, bytes: 0 };
      roles.set(role, { seconds: seconds + usage.seconds, bytes: Math.max(bytes, usage.bytes) });
    }
    return roles;
  }

  private sample(): void {
    const samples = readProcesses();
    const family = new Set([this.root]);
    // A child's number is nearly always above its parent's; one that wrapped round is met in a later sample or not at all.
    for (const { pid, parent, command, seconds, bytes } of samples.sort((a, b) => a.pid - b.pid)) {
      if (!family.has(parent) && pid !== this.root) continue;
      family.add(pid);
      const role = this.roleOf(command);
      if (role !== undefined) this.seen.set(pid, { role, usage: { seconds, bytes } });
    }
  }
}

function readProcesses(): Sample[] {
  try {
    return readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? readProcess(Number(name)) : []));
  } catch {
    return [];
  }
}

function readProcess(pid: number): Sample[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // Behind the name, which may hold anything: state, parent, and from the 12th on the ticks of user and system.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const peak = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return [
      {
        pid,
        parent: Number(fields[1]),
        command: readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").join(" "),
        seconds: (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND,
        bytes: Number(peak ?? 0) * 1024,
      },
    ];
  } catch {
    return [];
  }
}
