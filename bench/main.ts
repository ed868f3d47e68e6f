import { formatDiagnostic } from "../blueprint/diagnostics";
import type { Diagnostic } from "../blueprint/model";
import { parseBlueprint } from "../blueprint/parse";
import { place } from "../placement/place";
import { compilePolicy } from "../placement/policy/compile";
import { describePolicy } from "../placement/policy/describe";
import { blueprintText, type Shape, settingsFor } from "./applications";

/** Numbers of services; each is compared with the first. */
const SIZES = [250, 500, 1000];
const RUNS = 15;

interface Row {
  readonly services: number;
  readonly links: number;
  readonly policies: number;
  /** Milliseconds of processor time by what was done. */
  readonly times: Readonly<Record<string, number>>;
}

function measure(services: number): Row {
  const shape: Shape = { services, sites: ["docks", "tasks", "machines"] };
  const text = blueprintText(shape);
  const settings = settingsFor(shape);
  const parse = () => parseBlueprint(text, "bench.yaml");
  const blueprint = demand(parse().blueprint, parse().diagnostics);
  const placed = place(blueprint, settings, "bench");
  const plan = demand(placed.plan, placed.diagnostics);
  const compiled = compilePolicy(plan, settings);
  return {
    services,
    links: blueprint.services.reduce((sum, { links }) => sum + links.length, 0),
    policies: compiled.policies.length,
    times: {
      parse: shortest(parse),
      place: shortest(() => place(blueprint, settings, "bench")),
      compile: shortest(() => compilePolicy(plan, settings)),
      describe: shortest(() => describePolicy(compiled)),
    },
  };
}

function demand<T>(value: T | undefined, diagnostics: readonly Diagnostic[]): T {
  if (value === undefined) {
    throw new Error(`the measured application is wrong:\n${diagnostics.map(formatDiagnostic).join("\n")}`);
  }
  return value;
}

/** Of several runs, the one that the machine's other work disturbed least. */
function shortest(run: () => unknown): number {
  const times = Array.from({ length: RUNS }, () => {
    const start = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  });
  return Math.min(...times);
}

function print(rows: readonly Row[]): void {
  const [first] = rows;
  for (const { services, links, policies, times } of rows) {
    console.log(`${services} services, ${links} links, ${policies} policies`);
    for (const [what, time] of Object.entries(times)) {
      const each = (time / services) * 1000;
      const ratio = time / services / ((first?.times[what] ?? Number.NaN) / (first?.services ?? 1));
      const figures = `${time.toFixed(1).padStart(8)} ms ${each.toFixed(1).padStart(8)} µs a service`;
      console.log(`  ${what.padEnd(9)}${figures}   x${ratio.toFixed(2)}`);
    }
  }
  console.log(
    `Times are the processor's, the shortest of ${RUNS} runs. x: time a service, compared with ${first?.services} services; x1 is linear`,
  );
}

// Once unmeasured: the first size shall not pay for what the runtime compiles on the way.
SIZES.forEach(measure);
print(SIZES.map(measure));
