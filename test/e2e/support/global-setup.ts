import type { TestProject } from "vitest/node" with { "resolution-mode": "import" };
import { ensureBase } from "../../../sandbox/base";
import { sandboxDown } from "../../../sandbox/down";
import { connectEngine } from "../../../sandbox/engine/connect";
import { buildOnce } from "../../support/build";
import { BackgroundCommand } from "./background-command";
import { Readiness } from "./readiness";
import { SANDBOX } from "./stack";

declare module "vitest" {
  interface ProvidedContext {
    /** Address of `waitUntilReady`. */
    readonly readiness: string;
  }
}

const log = (line: string): void => console.log(line);

/**
 * Starts to make the engine and a sandbox of the tests' own; tests of other projects run meanwhile. Both end with the tests, unless
 * `CLOCKER_KEEP_SANDBOX` is set, which spares a developer the start of the clouds.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  buildOnce();
  const running = new Set<BackgroundCommand>();
  const run = async (program: string, args: readonly string[], givesWay: boolean): Promise<void> => {
    const command = new BackgroundCommand(program, args, { log, givesWay });
    running.add(command);
    await command.ended().finally(() => running.delete(command));
  };
  const engine = run("engine/main.js", [], true);
  // Tests that need one of these programs say why it cannot be made; Felix is the sandbox's.
  const calico = engine.then(() => run("engine/main.js", ["calico"], true)).catch(() => undefined);
  await groundOfOthers();
  const sandbox = run("sandbox/main.js", ["up", "--name", SANDBOX], false);
  const readiness = await Readiness.open({ engine, sandbox: Promise.all([engine, sandbox, calico]) });
  project.provide("readiness", readiness.address);
  return async () => {
    await readiness.close();
    await Promise.all([...running].map((command) => command.stop()));
    if (process.env["CLOCKER_KEEP_SANDBOX"] === undefined) {
      await sandboxDown({ name: SANDBOX, volumes: true, images: false, log });
    }
  };
}

/**
 * Tests of other projects start Docker's engine and make its base image too if they are not there. Two could not do so at once, nor
 * install packages.
 */
async function groundOfOthers(): Promise<void> {
  try {
    await ensureBase(await connectEngine(log), log);
  } catch {
    // The sandbox fails for the same reason, and tells it.
  }
}
