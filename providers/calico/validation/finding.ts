/** Why a resource is refused: the property as it is written in a program, and what is wrong, allowed and to be done. */
export interface Problem {
  /** E.g. `spec.ingress[0].source.ports[1]`, `metadata.name`. */
  readonly property: string;
  readonly reason: string;
}

/** Collects the problems of one resource. Values that are not known yet are skipped, everything else is checked. */
export class Findings {
  readonly problems: Problem[] = [];

  constructor(private readonly marksUnknown: (value: unknown) => boolean = () => false) {}

  /** Objects and lists are never unknown as a whole here: what they hold is looked at piece by piece. */
  isUnknown(value: unknown): boolean {
    return (typeof value !== "object" || value === null) && this.marksUnknown(value);
  }

  /** Whether a value is there to be checked: Calico reads null as absent. */
  present(value: unknown): boolean {
    return value !== undefined && value !== null && !this.isUnknown(value);
  }

  /** Whether a value is known to say something. */
  given(value: unknown): boolean {
    return this.present(value) && value !== "";
  }

  /** Whether a value is known to say nothing. */
  absent(value: unknown): boolean {
    return value === undefined || value === null || value === "";
  }

  add(property: string, reason: string): void {
    this.problems.push({ property, reason });
  }

  /** `given` is quoted in the message; `allowed` continues "… is not"; `remedy` says what to do. */
  refuse(property: string, given: unknown, allowed: string, remedy: string): void {
    this.add(property, `${show(given)} is not ${allowed}; ${remedy}`);
  }
}

const SHOWN = 120;

/** A value for a message: JSON on one line, cut where it gets long. */
export function show(value: unknown): string {
  const text = typeof value === "string" ? `'${value}'` : (JSON.stringify(value) ?? String(value));
  const line = text.replace(/[\n\r\t]/g, (char) => (char === "\n" ? "\\n" : char === "\r" ? "\\r" : "\\t"));
  return line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line;
}
