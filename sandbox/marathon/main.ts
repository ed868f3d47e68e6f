import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { MesosMaster } from "../mesos/master";
import { SandboxError } from "../sandbox-error";
import type { ServerOptions } from "./options";
import { MarathonServer } from "./server";
import type { AgentConfig } from "./tasks/docker/agent-config";

const USAGE = `Usage: marathon (--simulate | --agents FILE) [--port N] [--host ADDRESS]
  [--credentials USER:PASSWORD | --credentials-file FILE] [--token-file FILE] [--features [A,B]]
  [--mesos-role ROLE] [--default-network-name NAME] [--state DIR] [--mesos-port N]
--mesos-port adds a Mesos master that knows this Marathon and its agents, with the same credentials.
--features without a list enables all that there are, with Mesos role web and default network dcos unless these are given.`;

const ALL_FEATURES = "secrets,external_volumes,gpu_resources";

/** Runs the server until SIGTERM or SIGINT; tasks on Docker hosts stay. Throws a SandboxError for arguments that make no sense. */
export async function runMarathon(args: string[]): Promise<void> {
  if (args.includes("--help") || args.includes("-h")) {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  const { mesosPort, ...options } = await readOptions(args);
  const server = new MarathonServer(options);
  const { url } = await orTaken(server.start(), options, "--port");
  process.stdout.write(`Marathon answers at ${url}\n`);
  const master = mesosPort === undefined ? undefined : masterOf(server, { ...options, port: mesosPort }, url);
  try {
    if (master) {
      const mesos = await orTaken(master.start(), { ...options, port: mesosPort }, "--mesos-port");
      process.stdout.write(`Mesos answers at ${mesos.url}\n`);
    }
    await ended();
  } finally {
    await master?.stop();
    await server.stop();
  }
}

function masterOf(server: MarathonServer, options: ServerOptions, marathonUrl: string): MesosMaster {
  const { host, port, credentials, token } = options;
  return new MesosMaster(() => server.clusterView(), {
    ...(host !== undefined && { host }),
    ...(port !== undefined && { port }),
    ...(credentials && { credentials }),
    ...(token !== undefined && { token }),
    advertise: new URL(marathonUrl).hostname,
  });
}

async function orTaken<T>(starting: Promise<T>, { host, port }: ServerOptions, option: string): Promise<T> {
  return starting.catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EADDRINUSE") throw error;
    throw new SandboxError(`port ${port} of ${host} is taken; choose another by ${option}, or 0 for any`);
  });
}

async function ended(): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => resolve());
  });
}

async function readOptions(args: string[]): Promise<ServerOptions & { readonly mesosPort?: number }> {
  const { values } = parse(isBare(args, "--features") ? completed(args) : args);
  if (values.simulate === (values.agents !== undefined))
    throw new SandboxError(`marathon needs exactly one of --simulate and --agents FILE.\n${USAGE}`);
  const credentials = values["credentials-file"] ? await firstLine(values["credentials-file"]) : values.credentials;
  const token = values["token-file"] ? await firstLine(values["token-file"]) : undefined;
  return {
    host: values.host,
    port: portOf("--port", values.port),
    ...(values["mesos-port"] === undefined ? {} : { mesosPort: portOf("--mesos-port", values["mesos-port"]) }),
    ...(credentials === undefined ? {} : { credentials: credentialsOf(credentials) }),
    ...(token === undefined ? {} : { token }),
    features: values.features?.split(",").filter((feature) => feature !== "") ?? [],
    ...(values["mesos-role"] === undefined ? {} : { mesosRole: values["mesos-role"] }),
    ...(values["default-network-name"] === undefined ? {} : { defaultNetworkName: values["default-network-name"] }),
    ...(values.state === undefined ? {} : { stateDir: values.state }),
    ...(values.agents === undefined ? {} : { agents: await readAgents(values.agents) }),
  };
}

/** True if the option is there without a value. */
function isBare(args: readonly string[], option: string): boolean {
  const at = args.indexOf(option);
  return at >= 0 && (args[at + 1] === undefined || args[at + 1]?.startsWith("--") === true);
}

/** What a server with every feature is told; what is given explicitly comes later and wins. */
function completed(args: readonly string[]): string[] {
  const rest = args.filter((argument) => argument !== "--features");
  return ["--features", ALL_FEATURES, "--mesos-role", "web", "--default-network-name", "dcos", ...rest];
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        port: { type: "string", default: "8080" },
        host: { type: "string", default: "127.0.0.1" },
        simulate: { type: "boolean", default: false },
        credentials: { type: "string" },
        "credentials-file": { type: "string" },
        "token-file": { type: "string" },
        features: { type: "string" },
        "mesos-role": { type: "string" },
        "default-network-name": { type: "string" },
        agents: { type: "string" },
        state: { type: "string" },
        "mesos-port": { type: "string" },
      },
    });
  } catch (error) {
    throw new SandboxError(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  }
}

async function readAgents(file: string): Promise<AgentConfig[]> {
  const list: unknown = JSON.parse(await readFile(file, "utf8"));
  if (!Array.isArray(list) || list.length === 0 || !list.every((agent) => agent?.hostname && agent?.docker))
    throw new SandboxError(
      `The agents file ${file} must hold a JSON list of {hostname, docker: {host, port, ca, cert, key}, attributes, address}.`,
    );
  return list as AgentConfig[];
}

async function firstLine(file: string): Promise<string> {
  return (await readFile(file, "utf8")).split("\n")[0]?.trim() ?? "";
}

function credentialsOf(text: string): { user: string; password: string } {
  const colon = text.indexOf(":");
  if (colon < 1)
    throw new SandboxError("The credentials must be USER:PASSWORD; give them by --credentials or --credentials-file.");
  return { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

function portOf(option: string, text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new SandboxError(`${option} is '${text}', but must be a whole number from 0 (any) to 65535.`);
  return port;
}

if (require.main === module)
  runMarathon(process.argv.slice(2)).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
