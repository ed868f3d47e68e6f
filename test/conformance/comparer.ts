import { Difference } from "./difference";
import { Identities, toldBy } from "./identities";
import { isObject, type Json, type JsonObject, short } from "./json";
import type { Scenario } from "./recording";
import { INDEPENDENT, LOOSE_NUMBERS, LOOSE_TEXTS, LOOSE_TIMES, MAPPED_PORTS, OPTIONAL, SETS, TOKENS } from "./rules";

/** Compares what a server says in one scenario with the recording; every method throws a Difference. */
export class Comparer {
  readonly identities = new Identities();
  /** Ports that the scenario's requests name. */
  private readonly fixedPorts: ReadonlySet<number>;
  /** Ids of what the scenario's own rows made. */
  private readonly made: ReadonlySet<Json>;
  private readonly mapsPorts: boolean;
  private readonly isThinned: boolean;

  constructor(scenario: Scenario) {
    const { name, rows } = scenario;
    this.fixedPorts = new Set(
      rows.flatMap((row) => toldBy(row).match(/(?<![\w.-])\d{4,5}(?![\w.-])/g) ?? []).map((port) => Number(port)),
    );
    const created = rows.filter(({ response }) => response.status === 200 || response.status === 201);
    this.made = new Set(created.flatMap(({ response: { body } }) => (isObject(body) ? [body.id ?? null] : [])));
    this.mapsPorts = MAPPED_PORTS.has(name);
    this.isThinned = INDEPENDENT.has(name);
  }

  /** Two values: same keys, types and values, but for what differs from run to run. `key` is the name they stand under. */
  value(recorded: Json, actual: Json, path = "", key = ""): void {
    if (typeof recorded !== typeof actual || Array.isArray(recorded) !== Array.isArray(actual))
      differ(recorded, actual, path);
    if (recorded === null || actual === null || typeof recorded === "boolean") {
      if (recorded !== actual) differ(recorded, actual, path);
    } else if (typeof recorded === "number") this.number(recorded, actual as number, path, key);
    else if (typeof recorded === "string") this.string(recorded, actual as string, path, key);
    else if (Array.isArray(recorded)) this.list(recorded, actual as Json[], path, key);
    else this.object(recorded, actual as JsonObject, path);
  }

  /** Two texts: equal after masking; what is masked must stand for the same thing. */
  text(recorded: string, actual: string, path: string, key: string): void {
    const tokens = tokensOf(recorded);
    const others = tokensOf(actual);
    const sameText = recorded.replace(TOKENS, "\0") === actual.replace(TOKENS, "\0");
    if (!sameText || tokens.some(({ kind }, index) => kind !== others[index]?.kind)) differ(recorded, actual, path);
    tokens.forEach(({ kind, text }, index) => {
      const other = others[index]?.text ?? "";
      if (kind === "instance") this.identities.bindInstance(text, other, path);
      else if (kind === "port") this.hostPort(Number(text), Number(other), path);
      else if ((kind === "uuid" && key !== "uuid") || (kind === "time" && !LOOSE_TIMES.has(key)))
        this.identities.bind(text, other, path);
    });
  }

  /** Two lists in any order: each recorded element takes the first that agrees; those with known ids come first. */
  set<T>(
    recorded: readonly T[],
    actual: readonly T[],
    path: string,
    compare: (recorded: T, actual: T, path: string) => void,
  ): void {
    checkLength(recorded, actual, path);
    const left = actual.map((element) => ({ element, text: JSON.stringify(element) }));
    const likeness = (element: T, text: string): number => {
      let count = 0;
      for (const name of this.identities.namesIn(element)) if (text.includes(name)) count += 1;
      return count;
    };
    const ranked = recorded.map((element) => ({
      element,
      rank: Math.max(...left.map(({ text }) => likeness(element, text))),
    }));
    for (const { element } of ranked.sort((one, two) => two.rank - one.rank)) {
      const candidates = left.map((candidate) => ({ candidate, rank: likeness(element, candidate.text) }));
      candidates.sort((one, two) => two.rank - one.rank);
      const match = this.firstAgreeing(
        element,
        candidates.map(({ candidate }) => candidate),
        path,
        compare,
      );
      left.splice(left.indexOf(match), 1);
    }
  }

  /** Ids from a row that disagrees, so that later rows can still agree. */
  learn(recorded: Json | undefined, actual: Json | undefined): void {
    if (recorded === undefined || actual === undefined) return;
    if (isObject(recorded) && isObject(actual)) {
      for (const [key, inner] of Object.entries(recorded)) this.learn(inner, actual[key]);
    } else if (Array.isArray(recorded) && Array.isArray(actual)) {
      if (recorded.length === 1 && actual.length === 1) this.learn(recorded[0], actual[0]);
    } else if (typeof recorded === "string" && typeof actual === "string") {
      try {
        this.text(recorded, actual, "", "");
      } catch (error) {
        if (!(error instanceof Difference)) throw error;
      }
    }
  }

  private firstAgreeing<T, C extends { readonly element: T }>(
    recorded: T,
    candidates: readonly C[],
    path: string,
    compare: (recorded: T, actual: T, path: string) => void,
  ): C {
    let first: Difference | undefined;
    for (const candidate of candidates) {
      const mark = this.identities.mark();
      try {
        compare(recorded, candidate.element, `${path}{}`);
        return candidate;
      } catch (error) {
        if (!(error instanceof Difference)) throw error;
        this.identities.undo(mark);
        first ??= error;
      }
    }
    throw first ?? new Difference(`${path}: no element is left`);
  }

  private number(recorded: number, actual: number, path: string, key: string): void {
    if (LOOSE_NUMBERS.has(key)) return;
    if (key === "ports" && (recorded === 0 || (recorded >= 31_000 && recorded <= 32_000))) {
      this.hostPort(recorded, actual, path);
      return;
    }
    if (this.mapsPorts && isServicePort(recorded, key) && !this.fixedPorts.has(recorded)) {
      if (!isServicePort(actual, key)) throw new Difference(`${path}: ${actual} is no service port`);
      this.identities.bind(`port ${recorded}`, `port ${actual}`, path);
    } else if (recorded !== actual) differ(recorded, actual, path);
  }

  private hostPort(recorded: number, actual: number, path: string): void {
    const isFixed = this.fixedPorts.has(recorded) || recorded < 1024;
    const least = recorded === 0 ? 0 : 1024;
    if (!Number.isInteger(actual) || (isFixed && recorded !== actual) || actual < least || actual > 65_535)
      throw new Difference(`${path}: port ${actual}, expected ${recorded}`);
  }

  private string(recorded: string, actual: string, path: string, key: string): void {
    if (LOOSE_TEXTS.has(key)) {
      if (actual === "") throw new Difference(`${path}: empty`);
    } else if (key === "" && recorded.includes("\t")) {
      const compare = (one: string, two: string, where: string) => this.value(one, two, where, "line");
      this.set(recorded.split("\n"), actual.split("\n"), path, compare);
    } else this.text(recorded, actual, path || "body", key);
  }

  private list(recorded: Json[], actual: Json[], path: string, key: string): void {
    if (key === "lastUnusedOffers") {
      // Which offers were refused depends on chance; whether any were, and what an offer shows, does not.
      const shape = ([first]: Json[]): string =>
        JSON.stringify(isObject(first) && isObject(first.offer) ? Object.keys(first.offer).sort() : (first ?? null));
      if (shape(recorded) !== shape(actual)) differ(recorded, actual, path);
    } else if (SETS.has(key)) {
      const [first] = recorded;
      const isThinned = this.isThinned && isObject(first) && "cpus" in first;
      const expected = isThinned ? recorded.filter((app) => isObject(app) && this.made.has(app.id ?? null)) : recorded;
      this.set(expected, actual, path, (one, two, where) =>
        this.value(one, two, where, typeof one === "object" && one !== null ? "element" : key),
      );
    } else {
      checkLength(recorded, actual, path);
      recorded.forEach((element, index) => {
        this.value(element, actual[index] as Json, `${path}[${index}]`, key);
      });
    }
  }

  private object(recorded: JsonObject, actual: JsonObject, path: string): void {
    const beyond = (one: JsonObject, two: JsonObject): string[] =>
      Object.keys(one).filter((key) => !Object.hasOwn(two, key) && !OPTIONAL.has(key));
    const missing = beyond(recorded, actual);
    const extra = beyond(actual, recorded);
    if (missing.length > 0 || extra.length > 0)
      throw new Difference(`${path || "body"}: lacks [${missing.sort()}], has also [${extra.sort()}]`);
    const [expected, given] = evenOut(recorded, actual);
    const isNested = (key: string): boolean => typeof expected[key] === "object" && expected[key] !== null;
    const keys = Object.keys(expected)
      .filter((key) => Object.hasOwn(given, key))
      .sort();
    for (const key of [...keys.filter((each) => !isNested(each)), ...keys.filter(isNested)])
      this.value(expected[key] as Json, given[key] as Json, `${path}/${key}`, key);
  }
}

/** Counts that depend on when they are read: the queue's goes down by ones, refusals add up with each offer. */
function evenOut(recorded: JsonObject, actual: JsonObject): [JsonObject, JsonObject] {
  const { count } = actual;
  const most = isObject(recorded.app) ? recorded.app.instances : undefined;
  if ("count" in recorded && typeof count === "number" && typeof most === "number" && count >= 1 && count <= most)
    return [{ ...recorded, count }, actual];
  if (typeof recorded.declined !== "number" || typeof actual.declined !== "number") return [recorded, actual];
  const anyOffers = Number(recorded.processed) > 0 && Number(actual.processed) > 0;
  const refused = ({ declined }: JsonObject): number => (anyOffers ? Math.min(1, Number(declined)) : 0);
  return [
    { ...recorded, declined: refused(recorded) },
    { ...actual, declined: refused(actual) },
  ];
}

function tokensOf(text: string): { kind: string; text: string }[] {
  return [...text.matchAll(TOKENS)].map(({ groups }) => {
    const [kind, value] = Object.entries(groups ?? {}).find(([, each]) => each !== undefined) ?? ["", ""];
    return { kind, text: value };
  });
}

function isServicePort(port: number, key: string): boolean {
  return ["port", "servicePort", "servicePorts", "ports"].includes(key) && port >= 10_000 && port <= 20_000;
}

function checkLength(recorded: readonly unknown[], actual: readonly unknown[], path: string): void {
  if (recorded.length === actual.length) return;
  const [expected, given] = [short(recorded as Json), short(actual as Json)];
  throw new Difference(
    `${path || "body"}: ${actual.length} elements, expected ${recorded.length}: ${given}, expected ${expected}`,
  );
}

function differ(recorded: Json, actual: Json, path: string): never {
  throw new Difference(`${path || "body"}: ${short(actual)}, expected ${short(recorded)}`);
}
