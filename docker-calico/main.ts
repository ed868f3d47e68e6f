import { Driver } from "./driver";
import { lineLog, reasonOf } from "./log";
import { callPlugin } from "./plugin-client";
import { DEFAULT_PLUGIN_SOCKET, readSettings } from "./settings";

const USAGE = `Usage: docker-calico [--health]

Docker's network and address driver named 'calico'. Its settings come from the environment.
  --health  ends with 0 if the driver of this host answers and reaches etcd, else with 1`;

async function serve(): Promise<void> {
  const log = lineLog((line) => process.stdout.write(line));
  const driver = new Driver(readSettings(process.env), log);
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, () => {
      log.info("stopping", { signal });
      void driver.stop();
    });
  }
  await driver.run();
}

async function main(args: readonly string[]): Promise<void> {
  const [option, ...more] = args;
  if (option === undefined) return serve();
  if (option === "--health" && more.length === 0) {
    await callPlugin(process.env["PLUGIN_SOCK"] || DEFAULT_PLUGIN_SOCKET, "Clocker.Health");
    return;
  }
  throw new Error(`unknown arguments: ${args.join(" ")}\n${USAGE}`);
}

main(process.argv.slice(2)).catch((error) => {
  process.stderr.write(`docker-calico: ${reasonOf(error)}\n`);
  process.exitCode = 1;
});
