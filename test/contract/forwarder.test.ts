import { randomUUID } from "node:crypto";
import { buffer } from "node:stream/consumers";
import type { Container, ContainerCreateOptions } from "dockerode";
import { pack } from "tar-stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ForwardedPort, forwarderConfiguration } from "../../components/docker/forwarder-configuration";
import { ENGINE_TIMEOUT, standIn, type TestEngine, testEngine } from "./support/engine";

/** Tells its host name to everyone who connects. */
const NAMED = ["TCP-LISTEN:8080,fork,reuseaddr", "OPEN:/etc/hostname,rdonly"];

describe("a forwarder on a real Docker Engine", () => {
  const run = randomUUID();
  let engine: TestEngine;
  let haproxy: string;

  beforeAll(async () => {
    engine = await testEngine();
    haproxy = await standIn(engine, "haproxy");
  }, ENGINE_TIMEOUT);

  afterAll(async () => {
    const filters = { label: [`test.run=${run}`] };
    for (const { Id } of (await engine?.docker.listContainers({ all: true, filters })) ?? []) {
      await engine.docker.getContainer(Id).remove({ force: true, v: true });
    }
  });

  async function start(options: Partial<ContainerCreateOptions>, files: Record<string, string> = {}) {
    const labels = { "test.run": run };
    const container = await engine.docker.createContainer({ Image: engine.socat, Labels: labels, ...options });
    const archive = pack();
    for (const [name, content] of Object.entries(files)) archive.entry({ name, mode: 0o644 }, content);
    archive.finalize();
    await container.putArchive(await buffer(archive), { path: "/" });
    await container.start();
    return container;
  }

  async function addressOf(container: Container): Promise<string> {
    return (await container.inspect()).NetworkSettings.Networks["bridge"]?.IPAddress ?? "";
  }

  async function forwarder(ports: readonly ForwardedPort[]): Promise<Container> {
    const content = forwarderConfiguration(ports);
    return start({ Image: haproxy }, { "usr/local/etc/haproxy/haproxy.cfg": content });
  }

  /** What one connection to a place gives; empty if none is taken. */
  async function said(address: string, port: number): Promise<string> {
    const client = await start({
      Cmd: ["-u", `TCP:${address}:${port},connect-timeout=5,retry=3,interval=0.5`, "STDOUT"],
      Tty: true,
    });
    await client.wait();
    return (await client.logs({ stdout: true, stderr: false })).toString().trim();
  }

  async function whoAnswers(address: string, port: number, times: number): Promise<string[]> {
    const answers: string[] = [];
    for (let time = 0; time < times; time++) answers.push(await said(address, port));
    return answers;
  }

  test("reaches every instance, passes over one that is gone, and takes it again when it is back", async () => {
    const names = ["one", "two", "three"];
    const instances = await Promise.all(names.map((Hostname) => start({ Cmd: NAMED, Hostname })));
    const backends = await Promise.all(
      instances.map(async (instance) => ({ address: await addressOf(instance), port: 8080 })),
    );
    const address = await addressOf(await forwarder([{ port: 80, backends }]));
    expect(new Set(await whoAnswers(address, 80, 6))).toEqual(new Set(names));

    await instances[1]?.stop({ t: 0 });
    const without = await whoAnswers(address, 80, 6);
    expect(new Set(without)).toEqual(new Set(["one", "three"]));

    await instances[1]?.start();
    expect(await addressOf(instances[1] as Container)).toBe(backends[1]?.address);
    await expect.poll(() => said(address, 80), { timeout: 60_000 }).toBe("two");
  }, 180_000);

  test("answers on several ports, also with a single instance and one whose name is unknown", async () => {
    const known = await start({ Cmd: NAMED, Hostname: "known" });
    const backend = { address: await addressOf(known), port: 8080 };
    const address = await addressOf(
      await forwarder([
        { port: 80, backends: [backend] },
        { port: 6379, backends: [{ address: "nowhere.invalid", port: 8080 }, backend] },
      ]),
    );
    expect(await said(address, 80)).toBe("known");
    expect(await whoAnswers(address, 6379, 3)).toEqual(["known", "known", "known"]);
  }, 120_000);
});
