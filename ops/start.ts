import path from "node:path";
import { ensureEngine } from "../engine/environment";
import { sandboxUp } from "../sandbox/up";
import { runPulumi } from "./pulumi";
import { prepareSandboxStack } from "./sandbox-stack";
import { renderServices, type StackOutputs } from "./services-table";

const BLUEPRINT = "examples/5-docker-mesos-openstack.yaml";

/** The main job on the embedded sandbox: engine, clouds, `pulumi up` of the three-cloud blueprint, where to look and what to do next. */
async function start(): Promise<void> {
  const root = path.join(__dirname, "..", "..");
  const name = process.env["CLOCKER_SANDBOX"] ?? "default";
  const stack = name === "default" ? "sandbox" : `sandbox-${name}`;
  const log = (line: string): void => console.log(line);

  log("== Pulumi engine");
  const engine = await ensureEngine({ log });
  log("== Sandbox: two Docker hosts, a Mesos cluster with Marathon, OpenStack, Calico, a name server");
  const sandbox = await sandboxUp({ name, log });
  log(`== pulumi up, stack '${stack}': ${BLUEPRINT}`);
  const env = await prepareSandboxStack({ root, engine, sandbox, stack, blueprint: BLUEPRINT, keepEdits: true });
  await runPulumi(engine, ["up", "--yes", "--stack", stack], { cwd: root, env, show: true });

  const json = await runPulumi(engine, ["stack", "output", "--json", "--stack", stack], { cwd: root, env });
  const outputs = JSON.parse(json) as StackOutputs;
  log(renderServices(outputs));
  log(`
The page:      ${outputs.url ?? "none, for the blueprint publishes no port"}
What now:      change   edit stacks/Pulumi.${stack}.yaml (say, move a service under clocker:placement)
               preview  npm run pulumi -- preview --stack ${stack}
               apply    npm run pulumi -- up --stack ${stack}
               destroy  npm run pulumi -- destroy --stack ${stack}
               stop     npm run sandbox -- down`);
}

start().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
