import { parseArguments, USAGE } from "./arguments";
import { sandboxDown } from "./down";
import { reason, SandboxError } from "./sandbox-error";
import { renderStatus, sandboxStatus } from "./status";
import { sandboxUp } from "./up";

const log = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** `npm run sandbox -- …` */
async function main(): Promise<void> {
  const command = parseArguments(process.argv.slice(2));
  switch (command.kind) {
    case "help":
      return log(USAGE);
    case "marathon": {
      const { runMarathon } = await import("./marathon/main.js");
      return runMarathon([...command.args]);
    }
    case "status":
      return log(renderStatus(await sandboxStatus(command.name)));
    case "up":
      onInterrupt("the sandbox is not complete; run up again to go on, or down to remove it");
      await sandboxUp({ ...command, log });
      return log(renderStatus(await sandboxStatus(command.name)));
    case "down":
      onInterrupt("not everything is removed; run down again");
      return sandboxDown({ ...command, log });
  }
}

/** Nothing is lost by an interruption: containers bear labels, images their content's hash. */
function onInterrupt(advice: string): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      log(`interrupted: ${advice}`);
      // Whoever started a program ends it first.
      setImmediate(() => process.exit(130));
    });
  }
}

main().then(
  () => process.exit(),
  (error: unknown) => {
    const text = error instanceof Error && !(error instanceof SandboxError) ? error.stack : reason(error);
    process.stderr.write(`${text}\n`);
    process.exit(1);
  },
);
