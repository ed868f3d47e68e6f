import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readSandbox } from "../../sandbox/description";
import { readmeBlocks } from "../support/readme";
import { Clouds } from "./support/clouds";
import { openPage } from "./support/page";
import { ROOT, SANDBOX, Stack } from "./support/stack";

/** What `npm start` calls its stack on the tests' sandbox. */
const STACK = `sandbox-${SANDBOX}`;
const BLUEPRINT = "examples/5-docker-mesos-openstack.yaml";

describe("the README's commands, on the tests' sandbox", () => {
  let first: Stack;
  let second: Stack | undefined;
  let printed = "";
  /** Agents of Calico that other stacks need. */
  let othersAgents: readonly string[];

  beforeAll(async () => {
    othersAgents = await new Clouds(await readSandbox(ROOT, SANDBOX)).calicoAgents();
    const started = await npm("npm start");
    expect(started.code, started.output).toBe(0);
    printed = started.output;
    first = await Stack.open(STACK, BLUEPRINT);
  });

  afterAll(async () => {
    await second?.remove();
    await first?.remove();
  });

  test("npm start prints the URL, the service table and what to do next, and the page answers", async () => {
    expect(printed).toMatch(/SERVICE +LOCATION +ADDRESS +CALICO +STATE/);
    expect(printed).toMatch(/redis +my-openstack-cloud +[\d.]+:6379 +- +RUNNING/);
    expect(printed).toMatch(/dnmonster +my-mesos-cluster +[\d.]+:\d+ +[\d.]+ +RUNNING/);
    expect(printed).toMatch(/identidock +my-docker-cloud\/host-a +[\d.]+:80 +[\d.]+ +RUNNING/);
    const url = /The page: +(http:\S+)/.exec(printed)?.[1];
    expect((await openPage(url, "a newcomer")).cache).toBe("miss");
    expect((await openPage(url, "a newcomer")).cache).toBe("hit");
  });

  test("npm start once more keeps what runs", async () => {
    const again = await npm("npm start");
    expect(again.code, again.output).toBe(0);
    expect(again.output).toMatch(/Resources:\s+\d+ unchanged/);
  });

  test("the stack's state and configuration hold no secret of the sandbox in clear", async () => {
    const sandbox = JSON.parse(await readFile(path.join(ROOT, ".sandbox", `${SANDBOX}.json`), "utf8")) as unknown;
    const secrets = secretsIn(sandbox);
    // Two Docker hosts, each of them an agent of Mesos too, Marathon, OpenStack, etcd and the name server.
    expect(secrets.length).toBeGreaterThanOrEqual(8);
    const texts = [await first.export(), await readFile(path.join(ROOT, "stacks", `Pulumi.${STACK}.yaml`), "utf8")];
    for (const text of texts) {
      expect(
        secrets.filter((secret) => [secret, JSON.stringify(secret).slice(1, -1)].some((form) => text.includes(form))),
      ).toEqual([]);
      expect(text).not.toContain("PRIVATE KEY");
    }
  });

  test("two stacks of one blueprint run side by side on the same clouds", async () => {
    second = await Stack.open("second", BLUEPRINT);
    const preview = await second.run(["preview"]);
    expect(preview.output).toMatch(/1 problem, nothing was changed/);
    expect(preview.output).toMatch(
      new RegExp(`port 80 of docker host 'host-a'.*held by container '${first.physicalName("my-application")}`),
    );
    await second.configure(BLUEPRINT, { overrides: { identidock: { portBindings: { "81": 9090 } } } });
    await second.up();
    const urls = [(await first.outputs()).url, (await second.outputs()).url];
    expect(urls[1]).toMatch(/:81\/$/);
    for (const url of urls) {
      await openPage(url, "a neighbour");
    }
    expect(await first.changes()).toEqual([]);
    const agents = await first.clouds.calicoAgents();
    await second.remove();
    second = undefined;
    expect(await first.clouds.calicoAgents()).toEqual(agents);
    expect((await openPage(urls[0], "a neighbour")).cache).toBe("hit");
  });

  test("every other command of the README works as it stands", async () => {
    const [, , next = ""] = readmeBlocks("sh");
    for (const line of next.trim().split("\n")) {
      // The tests' sandbox is not the user's, so the names differ; its end comes with the tests.
      if (line !== "npm run sandbox -- down") {
        const command = line.replace("--stack sandbox", `--stack ${STACK}`);
        const { code, output } = await npm(command);
        expect(code, `${command}\n${output}`).toBe(0);
      }
    }
    expect(await first.clouds.dockerLeftovers(STACK)).toEqual([]);
    expect(await first.clouds.calicoAgents()).toEqual(othersAgents);
  });

  test("the Marathon-compatible server alone prints its URL and ends cleanly", async () => {
    const child = spawn("npm", ["run", "--silent", "sandbox", "--", "marathon", "--simulate", "--port", "0"], {
      cwd: ROOT,
      detached: true,
    });
    try {
      const url = await new Promise<string>((resolve, reject) => {
        let output = "";
        child.stdout.on("data", (data: Buffer) => {
          output += data.toString();
          const found = /http:\/\/\S+/.exec(output);
          if (found) {
            resolve(found[0]);
          }
        });
        child.once("close", () => reject(new Error(`ended early: ${output}`)));
      });
      expect(await (await fetch(`${url}/ping`)).text()).toBe("pong");
    } finally {
      const closed = new Promise((resolve) => child.once("close", resolve));
      process.kill(-(child.pid ?? 0), "SIGTERM");
      await closed;
    }
  });
});

function npm(command: string): Promise<{ code: number | null; output: string }> {
  const [program = "", ...args] = command.split(" ");
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: ROOT,
      env: { ...process.env, CLOCKER_SANDBOX: SANDBOX },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (data: Buffer) => {
        output += data.toString();
      });
    }
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, output }));
  });
}

function secretsIn(value: unknown, key = ""): string[] {
  if (typeof value === "string") {
    return ["key", "password", "token", "applicationCredentialSecret", "secret"].includes(key) ? [value.trim()] : [];
  }
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([name, child]) => secretsIn(child, name));
  }
  return [];
}
