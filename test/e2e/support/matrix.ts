import { spawn } from "node:child_process";
import path from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import type { Outcome } from "../../../ops/matrix/model";
import { ROOT, SANDBOX, type Stack } from "./stack";

export interface Printed {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/** `npm run matrix -- --stack <stack> <args>`, without compiling the project once more. */
export async function runMatrix(stack: string, ...args: readonly string[]): Promise<Printed> {
  const child = spawn(process.execPath, [path.join(ROOT, "bin", "ops", "matrix.js"), "--stack", stack, ...args], {
    cwd: ROOT,
    env: { ...process.env, CLOCKER_SANDBOX: SANDBOX },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  const [output, errors, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, output, errors };
}

/** Every connection that was tried as `from -> to:port`, and which of them were let through, both sorted. */
export interface Seen {
  readonly tried: readonly string[];
  readonly allowed: readonly string[];
}

/**
 * Tries all connections until the expected ones are let through, for Felix takes a moment to see a new container.
 * @param expected `from -> to:port` of all that may ever be let through: one more fails at once.
 * @returns how the last round ended; its exit code told that it agrees with what the stack declares.
 */
export async function matrixOf(
  stack: Stack,
  expected: readonly string[],
  ports: readonly number[] = [],
): Promise<Seen> {
  const wanted = [...expected].sort();
  for (let round = 1; ; round++) {
    const { code, output, errors } = await runMatrix(
      stack.name,
      "--json",
      ...ports.flatMap((port) => ["--port", `${port}`]),
    );
    expect([0, 1], errors).toContain(code);
    const outcomes = JSON.parse(output) as Outcome[];
    const names = (some: readonly Outcome[]) =>
      [...new Set(some.map(({ from, to, ownPort }) => `${from} -> ${to}:${ownPort}`))].sort();
    const allowed = names(outcomes.filter(({ connected }) => connected));
    expect(
      allowed.filter((one) => !wanted.includes(one)),
      "open doors that nobody declared",
    ).toEqual([]);
    if (allowed.length < wanted.length && round < 5) {
      await sleep(1000);
      continue;
    }
    expect(allowed).toEqual(wanted);
    expect(code, "the command finds what is declared").toBe(0);
    return { tried: names(outcomes), allowed };
  }
}
