import { Deadline } from "../runtime/deadline";
import { redact } from "../runtime/redact";
import { checkFilesScript, writeFilesScript } from "./file-scripts";
import type { SetupInputs } from "./setup-inputs";
import { type ScriptResult, SshSession } from "./ssh";

const LAST_LINES = 20;
const TIMED_OUT = 124;
const CHECK_SECONDS = 60;
const CONNECT_MS = 15_000;

/** Writes the files, runs the steps in order and verifies. @throws Error naming the step, its exit code and last lines, without secrets. */
export async function applySetup(session: SshSession, inputs: SetupInputs, deadline: Deadline): Promise<void> {
  if (inputs.files.length > 0) {
    await runStep(session, inputs, deadline, {
      name: "write files",
      script: writeFilesScript(inputs.files),
      sudo: true,
    });
  }
  for (const step of inputs.steps) await runStep(session, inputs, deadline, step);
  const problem = await verifySetup(session, inputs, deadline);
  if (problem !== "") throw new Error(`${inputs.address}: ${problem}`);
}

/** What is not as the inputs want it; empty if all is. */
async function verifySetup(session: SshSession, inputs: SetupInputs, deadline: Deadline): Promise<string> {
  const timeoutSeconds = Math.min(CHECK_SECONDS, deadline.remaining / 1000);
  if (inputs.files.length > 0) {
    const files = await session.run(checkFilesScript(inputs.files), { sudo: true, timeoutSeconds });
    if (files.exitCode !== 0) return `cannot check files: ${lastLines(inputs, files)}`;
    const changed = files.stdout.split("\n").filter((line) => line !== "");
    if (changed.length > 0) return `changed or missing: ${changed.join(", ")}`;
  }
  const { script, expect, sudo } = inputs.verify;
  const result = await session.run(script, { sudo, timeoutSeconds });
  if (result.exitCode !== 0) return `verification ended with ${ending(result)}: ${lastLines(inputs, result)}`;
  const [found, wanted] = [result.stdout.trim(), expect.trim()];
  if (found === wanted) return "";
  return redact(`verification found "${found}" where "${wanted}" is wanted`, secretsOf(inputs));
}

/** Like `verifySetup`, from a fresh connection: a machine that cannot be reached is a problem too, not an error. */
export async function examineMachine(inputs: SetupInputs, hostKey: string | undefined): Promise<string> {
  let session: SshSession | undefined;
  try {
    session = await SshSession.connect({ ...inputs, hostKey }, CONNECT_MS);
    return await verifySetup(session, inputs, new Deadline(2 * CHECK_SECONDS));
  } catch (error) {
    return `cannot be verified over SSH: ${error instanceof Error ? error.message : String(error)}`;
  } finally {
    session?.close();
  }
}

/** Runs the teardown once, if the machine still answers; it is about to be deleted, so nothing that fails matters. */
export async function tearDown(inputs: SetupInputs, hostKey: string | undefined): Promise<void> {
  if (inputs.teardown === undefined) return;
  let session: SshSession | undefined;
  try {
    session = await SshSession.connect({ ...inputs, hostKey }, CONNECT_MS);
    await session.run(inputs.teardown, { sudo: true, timeoutSeconds: CHECK_SECONDS });
  } catch {
    // Gone already.
  } finally {
    session?.close();
  }
}

async function runStep(
  session: SshSession,
  inputs: SetupInputs,
  deadline: Deadline,
  step: SetupInputs["steps"][number],
): Promise<void> {
  const result = await session.run(step.script, { sudo: step.sudo, timeoutSeconds: deadline.remaining / 1000 });
  if (result.exitCode === 0) return;
  const late = result.exitCode === TIMED_OUT && deadline.remaining < 1000;
  const how = late ? `was not done within ${inputs.timeoutSeconds} s (start.timeout)` : `failed with ${ending(result)}`;
  throw new Error(`${inputs.address}: step "${step.name}" ${how}: ${lastLines(inputs, result)}`);
}

function ending({ exitCode }: ScriptResult): string {
  return exitCode === undefined ? "a signal" : `exit code ${exitCode}`;
}

function lastLines(inputs: SetupInputs, { output }: ScriptResult): string {
  const lines = output.trimEnd().split("\n").slice(-LAST_LINES).join("\n");
  return lines === "" ? "it wrote nothing" : `\n${redact(lines, secretsOf(inputs))}`;
}

function secretsOf(inputs: SetupInputs): string[] {
  return [inputs.privateKey, ...inputs.redact];
}
