import { CALICO_VERSION, ensureCalico } from "./calico-programs";
import { ensureEngine } from "./environment";
import { EngineError, messageOf } from "./errors";

const log = (line: string): void => console.log(`engine: ${line}`);

/** `npm run engine`, or with `calico`: makes it available and tells where it is. */
async function main(args: readonly string[]): Promise<void> {
  if (args.length === 0) {
    const engine = await ensureEngine({ log });
    return log(`Pulumi ${engine.version} (${engine.source}) at ${engine.pulumi}`);
  }
  if (args.length === 1 && args[0] === "calico") {
    const { felix, calicoctl, cni } = await ensureCalico(["felix", "calicoctl", "cni"], { log });
    for (const [name, file] of Object.entries({ Felix: felix, calicoctl, "CNI plugin": cni })) {
      log(`${name} ${CALICO_VERSION} at ${file}`);
    }
    return;
  }
  throw new EngineError(
    `unknown arguments "${args.join(" ")}"`,
    "give none for Pulumi, or calico for Calico's programs",
  );
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(`engine: ${messageOf(error)}`);
  console.error(error instanceof EngineError ? `engine: ${error.remedy}` : error);
  process.exitCode = 1;
});
