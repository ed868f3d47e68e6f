import { readdir, readFile } from "node:fs/promises";

/** A process that survives this one: the start time tells it from a later process with the same id. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks after boot, from /proc. */
  readonly startTime: string;
}

/** A process with the one that made it. */
export interface ListedProcess extends ProcessIdentity {
  readonly parent: number;
}

/** Identity of a running process, undefined if there is none or only a zombie. */
export async function identify(pid: number): Promise<ListedProcess | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  // The second field is the program's name in parentheses and may hold spaces; state is field 3, parent 4, start time 22.
  const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
  const startTime = fields?.[19];
  return startTime === undefined || fields?.[0] === "Z" ? undefined : { pid, startTime, parent: Number(fields?.[1]) };
}

/** Whether exactly this process still runs. */
export async function isRunning(process: ProcessIdentity): Promise<boolean> {
  return (await identify(process.pid))?.startTime === process.startTime;
}

/** Ends exactly this process at once, if it still runs. */
export async function endHard(target: ProcessIdentity): Promise<void> {
  if (!(await isRunning(target))) return;
  try {
    process.kill(target.pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** All processes that this one can see. */
export async function listProcesses(): Promise<ListedProcess[]> {
  const names = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(names.map((name) => identify(Number(name))));
  return found.filter((process) => process !== undefined);
}

/** The processes below the given one, in any order. */
export function descendants<P extends Pick<ListedProcess, "pid" | "parent">>(all: readonly P[], pid: number): P[] {
  return all.filter(({ parent }) => parent === pid).flatMap((child) => [child, ...descendants(all, child.pid)]);
}
