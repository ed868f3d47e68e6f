import { parseArgs } from "node:util";
import { readDisagreements, readRecording, type Scenario, type ServerKind } from "./recording";
import { report, scenarioLine } from "./report";
import { playAgainst, playInSandbox, type Result } from "./run";

const USAGE = `Usage: npm run conformance:marathon -- [--scenario A,B]
  [--url URL] [--features-url URL] [--auth-url URL] [--credentials USER:PASSWORD]
Plays the recording of a real Marathon against the sandbox's server, or against the servers at the URLs given: everything
on those is DELETED. Rows of a server without URL are left out.`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      scenario: { type: "string" },
      url: { type: "string" },
      "features-url": { type: "string" },
      "auth-url": { type: "string" },
      credentials: { type: "string", default: "user:pass" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const only = values.scenario?.split(",");
  const recording = await readRecording();
  const scenarios = recording.filter(({ name }) => only?.includes(name) ?? true);
  const names = recording.map(({ name }) => name);
  const unknown = only?.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new Error(`--scenario names '${unknown}', but must be of ${names.join(", ")}`);
  const urls = { plain: values.url, features: values["features-url"], auth: values["auth-url"] };
  const results = Object.values(urls).some((url) => url !== undefined)
    ? await playAgainstUrls(scenarios, urls, values.credentials)
    : await Promise.all(scenarios.map(async (scenario) => shown(await playInSandbox(scenario))));
  const { lines, failures } = report(results, await readDisagreements(), recording);
  console.log(lines.join("\n"));
  process.exitCode = failures.length === 0 ? 0 : 1;
}

/** One after the other on each server, since they share its state. */
async function playAgainstUrls(
  scenarios: readonly Scenario[],
  urls: Readonly<Record<ServerKind, string | undefined>>,
  credentials: string,
): Promise<Result[]> {
  const perServer = (Object.keys(urls) as ServerKind[]).map(async (kind) => {
    const results: Result[] = [];
    const url = urls[kind];
    for (const scenario of url === undefined ? [] : scenarios.filter(({ server }) => server === kind))
      results.push(shown(await playAgainst(url as string, kind === "auth" ? credentials : undefined, scenario)));
    return results;
  });
  return (await Promise.all(perServer)).flat();
}

function shown(result: Result): Result {
  console.log(scenarioLine(result));
  return result;
}

main().catch((error: unknown) => {
  console.error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  process.exitCode = 1;
});
