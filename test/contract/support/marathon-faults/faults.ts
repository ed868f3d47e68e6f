/** Requests of one sort, as a fault names them. */
export type RequestKind = "app" | "create" | "change" | "delete" | "deployments" | "events" | "group" | "any";

/** What happens to a request on its way. */
export type RequestFault =
  | { readonly kind: "latency"; readonly milliseconds: number }
  /** The connection breaks before Marathon has the request. */
  | { readonly kind: "reset" }
  /** Marathon has answered, and the connection breaks. */
  | { readonly kind: "lost answer" }
  /** Marathon has answered, and nothing comes. */
  | { readonly kind: "silence" }
  /** A proxy on the way answers; `taken` if Marathon has done what it was asked all the same. */
  | { readonly kind: "status"; readonly status: 429 | 500 | 502 | 503; readonly taken: boolean }
  | { readonly kind: "slow body"; readonly milliseconds: number }
  /** Half of the answer comes. */
  | { readonly kind: "cut body" };

/** What somebody else does to the app. */
export type ForeignAct = "env" | "instances" | "restart" | "delete" | "lock";

/** What happens beside the requests. */
export type Incident =
  /** The leader resigns and stays. */
  | { readonly kind: "leader change" }
  /** The leader's process ends; it comes back when all is well again, or soon if it is the only one. */
  | { readonly kind: "leader gone" }
  | { readonly kind: "streams cut" }
  /** Event streams stay open and say nothing any more. */
  | { readonly kind: "streams stalled" }
  | { readonly kind: "foreign"; readonly act: ForeignAct; readonly force: boolean; readonly milliseconds: number };

/** With the nth request of a sort (from 0) and those after it, or in a time after the beginning, in milliseconds. */
export type When =
  | { readonly request: RequestKind; readonly nth: number; readonly times: number }
  | { readonly from: number; readonly length: number };

export interface Fault {
  readonly when: When;
  readonly what: RequestFault | Incident;
}

const KINDS: readonly (readonly [RequestKind, RegExp])[] = [
  ["create", /^POST \/v2\/apps(\?|$)/],
  ["change", /^PUT \/v2\/apps\//],
  ["delete", /^DELETE \/v2\/apps\//],
  ["app", /^GET \/v2\/apps\//],
  ["deployments", /^GET \/v2\/deployments/],
  ["events", /^GET \/v2\/events/],
  ["group", /^(GET|DELETE) \/v2\/groups\//],
];

function isIncident(what: RequestFault | Incident): what is Incident {
  return ["leader change", "leader gone", "streams cut", "streams stalled", "foreign"].includes(what.kind);
}

/** Says which faults meet a request, and lets happen what happens by the clock. */
export class FaultSchedule {
  readonly #faults: readonly Fault[];
  readonly #counts = new Map<Fault, number>();
  readonly #happened = new Set<Fault>();
  readonly #timers: NodeJS.Timeout[] = [];
  #began = 0;
  readonly #happening = new Set<Promise<void>>();
  #over = false;
  /** Does what an incident says; set ahead of `begin`. */
  incident: (incident: Incident) => Promise<void> = async () => {};

  constructor(faults: readonly Fault[]) {
    this.#faults = faults;
  }

  begin(): void {
    this.#began = performance.now();
    for (const { when, what } of this.#faults) {
      if ("from" in when && isIncident(what)) this.#timers.push(setTimeout(() => void this.#happen(what), when.from));
    }
  }

  /** From now on nothing goes wrong; what is happening has happened when this resolves. */
  async end(): Promise<void> {
    this.#over = true;
    for (const timer of this.#timers) clearTimeout(timer);
    await Promise.all(this.#happening);
  }

  /** The fault that meets this request, `METHOD /path`; incidents that it brings about have happened when this resolves. */
  async meets(line: string): Promise<RequestFault | undefined> {
    let met: RequestFault | undefined;
    for (const fault of this.#faults) {
      if (this.#over || !this.#isDue(fault, line)) continue;
      const { what } = fault;
      if (!isIncident(what)) met ??= what;
      else if (!this.#happened.has(fault) && this.#happened.add(fault)) await this.#happen(what);
    }
    return met;
  }

  async #happen(incident: Incident): Promise<void> {
    const happening = this.incident(incident).catch(() => {});
    this.#happening.add(happening);
    await happening;
    this.#happening.delete(happening);
  }

  #isDue(fault: Fault, line: string): boolean {
    const { when, what } = fault;
    if ("from" in when) {
      const elapsed = performance.now() - this.#began;
      return !isIncident(what) && elapsed >= when.from && elapsed < when.from + when.length;
    }
    if (when.request !== "any" && KINDS.find(([, pattern]) => pattern.test(line))?.[0] !== when.request) return false;
    const count = this.#counts.get(fault) ?? 0;
    this.#counts.set(fault, count + 1);
    return count >= when.nth && count < when.nth + when.times;
  }
}
