import { readFile } from "node:fs/promises";

/** A process that survives this one: the start time tells it from a later process with the same id. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks after boot, from /proc. */
  readonly startTime: string;
}

/** Identity of a running process, undefined if there is none or only a zombie. */
export async function identify(pid: number): Promise<ProcessIdentity | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  // The second field is the program's name in parentheses and may hold spaces; state is field 3, start time field 22.
  const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
  const startTime = fields?.[19];
  return startTime === undefined || fields?.[0] === "Z" ? undefined : { pid, startTime };
}

/** Whether exactly this process still runs. */
export async function isRunning(process: ProcessIdentity): Promise<boolean> {
  return (await identify(process.pid))?.startTime === process.startTime;
}
