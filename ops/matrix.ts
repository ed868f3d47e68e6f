import path from "node:path";
import { parseArgs } from "node:util";
import { ensureEngine } from "../engine/environment";
import { sandboxVariables } from "../engine/sandbox-variables";
import { readDeployed } from "./matrix/deployed";
import { differs, renderMatrix } from "./matrix/render";
import { tryMatrix } from "./matrix/try";
import { runPulumi } from "./pulumi";

const USAGE = `usage: npm run matrix -- --stack NAME [--port PORT]... [--json]

Tries by TCP connections who reaches whom in a running stack, and from here, and holds it against what is declared.
  --stack NAME   stack with clocker:network.calico, brought up
  --port PORT    a further port to try at every service; may be repeated
  --json         every connection as JSON instead of the table
Ends with 1 if anything differs from what is declared, with 2 if it cannot be tried.`;

interface Options {
  readonly stack: string;
  readonly ports: readonly number[];
  readonly json: boolean;
}

/** @throws Error with the usage for anything that is not understood. */
function readOptions(args: readonly string[]): Options | undefined {
  const options = { stack: { type: "string" }, port: { type: "string", multiple: true } } as const;
  const flags = { json: { type: "boolean", default: false }, help: { type: "boolean", short: "h" } } as const;
  const { values } = parseArgs({ args: [...args], options: { ...options, ...flags } });
  if (values.help === true) return undefined;
  if (values.stack === undefined) throw new Error("--stack is missing");
  const ports = (values.port ?? []).map((text) => {
    const port = Number(text);
    if (/^\d+$/.test(text) && port >= 1 && port <= 65535) return port;
    throw new Error(`--port is '${text}', allowed are 1 to 65535`);
  });
  return { stack: values.stack, ports, json: values.json };
}

/** `npm run matrix`: 0 if all is as declared, 1 if not. */
async function matrix({ stack, ports, json }: Options): Promise<number> {
  const cwd = path.join(__dirname, "..", "..");
  const engine = await ensureEngine({ log: (line) => console.error(`engine: ${line}`) });
  const env = { ...sandboxVariables(cwd, process.env), ...engine.env };
  const deployed = await readDeployed(stack, (args) => runPulumi(engine, [...args, "--stack", stack], { cwd, env }));
  const { outcomes, closed } = await tryMatrix(deployed, ports);
  console.log(json ? JSON.stringify(outcomes, undefined, 2) : renderMatrix(outcomes, closed));
  return outcomes.some(differs) ? 1 : 0;
}

async function main(): Promise<number> {
  let options: Options | undefined;
  try {
    options = readOptions(process.argv.slice(2));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n${USAGE}`);
    return 2;
  }
  if (options === undefined) {
    console.log(USAGE);
    return 0;
  }
  return matrix(options);
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 2;
  },
);
